# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts a master: how often it is tried, how long it waits in between, and what came of it."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from ...dataclass import dataclass
from ..address import argv
from ..address.effective import Effective
from ..address.target import SshTarget
from ..login import key_file, password, process, retry
from ..login.diagnosis import Finding, Outcome, classify
from ..master.lock import lock_about

# Seconds on top of the connect timeout that a login may take (sshd's own LoginGraceTime is 120).
LOGIN_TIME = 120.0
UNKNOWN_KEY = Finding("host_key", "unknown")


@dataclass(frozen=True)
class TunnelSettings:
    """``idle``: seconds after the last request at which the master ends; ``max_age``: seconds after which the next
    open starts a new one; ``retries``: how many tries a refused or reset connection gets; ``drop_budget``: seconds
    that a connection gets that sshd drops before its banner.
    """

    idle: int = 600
    max_age: int = 4 * 3600
    retries: int = 3
    drop_budget: float = retry.DROP_BUDGET


@dataclass(frozen=True)
class Tools:
    """What tests replace: the clock (seconds since the epoch), sleep, a random number from 0 to 1, the log, and how ssh
    is run.
    """

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    log: Callable[[str], None] = lambda message: None
    run: Callable[..., process.Finished] = process.run


def start(
    target: SshTarget, control: str, settings: TunnelSettings, tools: Tools, on_start: Callable[[int], None]
) -> Outcome:
    """Connect, and try again where that makes sense.

    :param on_start: gets the process ID of each ssh.
    :returns: the last try; its return code is 0 when the master runs.
    :raises SshError: kind ``ssh_client``, when there is no ssh to start.
    :raises InvalidOption: a key given as text that can't be decrypted.
    """
    with key_file.written(target, control) as key:
        return _tried(_Login(target, control, settings, tools, on_start, key))


def _tried(login: _Login) -> Outcome:
    target, settings, tools = login.target, login.settings, login.tools
    began = tools.now()
    tries, level = 0, "VERBOSE"
    accept_new = target.password is not None and login.asks_for_host_keys()
    while True:
        done = login.run(accept_new, level)
        tries += 1
        elapsed = tools.now() - began
        outcome = Outcome(done.returncode, done.stderr, tries, elapsed)
        if done.returncode == 0:
            return outcome
        finding = classify(outcome)
        if not accept_new and finding == UNKNOWN_KEY and login.asks_for_host_keys():
            # Most hosts are known: only a first contact pays for the look at the user's configuration.
            accept_new, tries = True, tries - 1
            continue
        cause = finding.cause
        history = retry.History(tries, elapsed)
        pause = retry.delay(cause, history, settings.retries, tools.random(), settings.drop_budget)
        if pause is None:
            return outcome
        tools.log(f"ssh to {target.display}: {cause}, next try in {pause:.2f} s")
        if cause in retry.DROPPED:
            level = "DEBUG1"  # what sshd says before its banner is shown only there
        tools.sleep(pause)


@dataclass
class _Login:
    """The tries for one master, one ssh after the other; ``key`` is the file of a key given as text."""

    target: SshTarget
    control: str
    settings: TunnelSettings
    tools: Tools
    on_start: Callable[[int], None]
    key: str | None

    @cached_property
    def configured(self) -> Effective:
        """What ssh would do with all of the user's configuration."""
        words = argv.master(self.target, self.control, self.settings.idle, key_file=self.key)
        done = self.tools.run(self.target, argv.explaining(words), self.target.connect_timeout + LOGIN_TIME)
        return Effective.parse(done.stdout)

    def asks_for_host_keys(self) -> bool:
        """Whether nobody says what to do with unknown host keys, neither Ansible nor the user's ssh configuration."""
        return argv.asks_for_host_keys(self.target) and self.configured.get("stricthostkeychecking") in ("", "ask")

    def run(self, accept_new: bool, level: str) -> process.Finished:
        with self._first_contact() if accept_new else contextlib.nullcontext():
            return self._run(accept_new, level) if self.target.password is None else self._typed(accept_new, level)

    def _run(self, accept_new: bool, level: str, *questions: str, **kwargs: Any) -> process.Finished:
        words = argv.master(
            self.target,
            self.control,
            self.settings.idle,
            accept_new=accept_new,
            log_level=level,
            questions=questions or argv.NO_QUESTIONS,
            key_file=self.key,
        )
        seconds = self.target.connect_timeout + (password.LOGIN_TIME if questions else LOGIN_TIME)
        return self.tools.run(self.target, words, seconds, on_start=self.on_start, **kwargs)

    def _typed(self, accept_new: bool, level: str) -> process.Finished:
        questions = password.options(self.target, self.configured, accept_new=accept_new)
        return password.explained(self._run(accept_new, level, *questions, typed=password.typed(self.target)))

    @contextlib.contextmanager
    def _first_contact(self) -> Iterator[None]:
        """A context in which nobody else writes down this host's key: two users' first logins at once would write it
        down twice.
        """
        keywords = ("hostname", "port", "hostkeyalias", "userknownhostsfile")
        what = "\n".join(self.configured.get(keyword) for keyword in keywords)
        with lock_about(str(Path(self.control).parent), what) as lock:
            try:
                yield
            finally:
                lock.remove()
