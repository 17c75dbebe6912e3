# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting a master: the tries, the delays between them, and what came of it."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import argv, process, retry
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.diagnosis import Finding, Outcome, classify
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

# Seconds on top of the connect timeout that a login may take (sshd's own LoginGraceTime is 120).
LOGIN_TIME = 120.0
UNKNOWN_KEY = Finding("host_key", "unknown")


@dataclass(frozen=True)
class TunnelSettings:
    """``idle``: seconds after the last request at which the master ends; ``max_age``: seconds after which the next
    open starts a new one; ``retries``: how many tries a refused or reset connection gets.
    """

    idle: int = 600
    max_age: int = 4 * 3600
    retries: int = 3


@dataclass(frozen=True)
class Tools:
    """What differs in tests: the clock (seconds since the epoch), sleep, a random number from 0 to 1, the log."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    log: Callable[[str], None] = lambda message: None
    run: Callable[..., process.Finished] = process.run


def start(
    target: SshTarget, control: str, settings: TunnelSettings, tools: Tools, on_start: Callable[[int], None]
) -> Outcome:
    """Connect, trying again where that makes sense.

    :param on_start: told the process id of each ssh.
    :returns: the last try; its return code is 0 when the master runs.
    :raises SshError: kind ``ssh_client``, when there is no ssh to start.
    """
    began = tools.now()
    tries, level, accept_new = 0, "VERBOSE", False
    while True:
        words = argv.master(target, control, settings.idle, accept_new=accept_new, log_level=level)
        done = tools.run(target, words, target.connect_timeout + LOGIN_TIME, on_start=on_start)
        tries += 1
        elapsed = tools.now() - began
        outcome = Outcome(done.returncode, done.stderr, tries, elapsed)
        if done.returncode == 0:
            return outcome
        finding = classify(outcome)
        if not accept_new and finding == UNKNOWN_KEY and argv.asks_for_host_keys(target) and _would_ask(target, tools):
            # Most hosts are known: only a first contact pays for the look at the user's configuration.
            accept_new, tries = True, tries - 1
            continue
        cause = finding.cause
        pause = retry.delay(cause, retry.History(tries, elapsed), settings.retries, tools.random())
        if pause is None:
            return outcome
        tools.log(f"ssh to {target.display}: {cause}, next try in {pause:.2f} s")
        if cause in retry.DROPPED:
            level = "DEBUG1"  # what sshd says before its banner is shown only there
        tools.sleep(pause)


def _would_ask(target: SshTarget, tools: Tools) -> bool:
    """Whether the user's ssh configuration leaves unknown host keys to a question; what it says, holds."""
    done = tools.run(target, argv.effective(target), target.connect_timeout + LOGIN_TIME)
    found = re.search(r"^stricthostkeychecking (\S+)$", done.stdout, re.MULTILINE)
    return found is None or found[1] == "ask"
