# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing takes long over long texts of strangers: what containers, engines, registries, sshd and ssh say.

This is no test of speed: it asks how the time grows. What reads a text once takes 8 times as long for an 8 times as
long text, what reads it once for each of its characters 64 times as long. It is the processor's time for this process,
the least of several tries, and what is done in no time at all is not asked about.
"""

from __future__ import annotations

import hashlib
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils import telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import refused
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, FleetError, InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import (
    env_file,
    host,
    port_ranges,
    port_uses,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import leftover
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result import usage
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.hints import hint_for
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.result import (
    container_result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events import options as events
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution import refusal
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.result import image_result
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs import lines
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import Wanted
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import driver_options, openly
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.moments import Moment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import (
    MASK,
    Masker,
    looks_secret,
    mask_assignments,
    mask_env,
    mask_url,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import (
    diagnosis,
    identities,
    messages,
)

LENGTH, LONGER = 2_500, 8
AT_ONCE = 0.1  # seconds, in which nothing reads a text of 20,000 characters 20,000 times
GROWS = 24  # times, between 8 and 64
LIMIT = 2.0  # seconds, far more than any machine needs
TRIES = 3
TARGET = SshTarget("192.0.2.1", 22, "u", "/no/key", name="web1")
PODMAN = Engine("podman", (5, 4, 2))
UNITS = [
    "a", "A", "0", "aB3-_", "a.b-", "a ", " ", "\t", "\n", "\r", "a\n", "-----BEGIN X-----\n",
    "://", "a://", "a.b://", "http://a:b", "a://b:c/", "a://b@", "a://b:c@d,", "@", ":", "a:", "[", "[::", "/", "a/",
    "=", "a=", "key=", "key='", 'key="', 'key="\\', "'", '"', '"a": ', "password=x ", "password = ", "authorization: ",
    "authorization:a ", "Authorization", ",", "a=b,", "$", "\\", "\\\\n", "{", "(", "<", "\x1b[2J", "\u202e", "\u2028",
    "network ", "name ", "connect to a b: ", "creating cgroup directory ", "executable file ", "exec: ", "Error: ",
    "no image ", "host key is known for ", "open failed: ", "Offending key in ", "Host key for ", "Load key \"",
    "debug1: ", "@@@ ", "0:", "1d", "2026-01-01T00:00:00.", "sha256:", "..", "a..", "*", "%", "0,", "0-0,",
]  # fmt: skip


class TooLong(Exception):
    """The limit was reached."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(take: Callable[[str], Any], text: str, limit: float = LIMIT) -> float:
    started = time.process_time()
    try:
        with limited(limit):
            take(text)
    except (TooLong, FleetError):  # a refusal is an answer
        pass
    return time.process_time() - started


def grows(take: Callable[[str], Any], unit: str) -> bool:
    short, long = (unit * (length // len(unit)) + "\0!" for length in (LENGTH, LENGTH * LONGER))
    took = seconds(take, long)
    if took < AT_ONCE or took >= LIMIT:
        return took >= LIMIT
    least = min(seconds(take, short) for _try in range(TRIES))
    return all(again > max(AT_ONCE, GROWS * least) for again in chain([took], tries(take, long)))


def tries(take: Callable[[str], Any], text: str) -> Iterator[float]:
    """The seconds of further tries, each only when it is asked for."""
    return (seconds(take, text) for _try in range(TRIES - 1))


def slow(take: Callable[[str], Any], units: Iterable[str]) -> str | None:
    """The first unit that, repeated, is a text which is read too often."""
    return next((unit for unit in units if grows(take, unit)), None)


def knowing(text: str) -> str:
    """A masker that has learnt this text, asked about it."""
    masker = Masker()
    masker.learn({"A_PASSWORD": text, "B_TOKEN": "hunter2-and-more", "URL": text})
    masker.leave(openly.of_options({"name": text, "networks": [{"name": text}]}))
    return masker.strictly(f"before {text} hunter2-and-more {text[:-1]}")


def inspected(text: str) -> dict[str, Any]:
    config = {
        "Env": [f"A={text}", f"B_KEY={text}", text],
        "Labels": {"l": text, text: "x"},
        "Cmd": [text, "--key", text],
    }
    state = {"Status": text, "Error": text, "StartedAt": text}
    where = {"Networks": {text: {"IPAddress": text, "Aliases": [text]}}}
    return container_result(
        {"Id": "1", "Name": text, "Created": text, "Config": config | {"Image": text}, "State": state,
         "HostConfig": {"LogConfig": {"Config": {"a": text}}}, "NetworkSettings": where},
        PODMAN,
    )  # fmt: skip


def logged(text: str) -> Any:
    wanted = Wanted("c", 50, None, None, False, None, frozenset({1, 2}), 1 << 24)
    read = lines.Lines(wanted)
    read.add(1, text.encode())
    read.end()
    return lines.result(read, Masker(), {"Id": "1", "Name": "c"})


def processes(text: str) -> Any:
    titles = ["PID", "USER", "ELAPSED", "TIME", "COMMAND"]
    return usage.top_result({"Titles": titles, "Processes": [[text] * len(titles)]}, Masker())


def an_event(text: str) -> Any:
    wanted = events.Wanted(Moment(0), None, frozenset({text}), frozenset(), frozenset({text}), {"l": text}, 10)
    raw = {"Type": text, "Action": text, "Actor": {"ID": text, "Attributes": {"name": text, "l": text}}, "timeNano": 1}
    return events.result([raw], wanted, mask_url)


TAKERS: dict[str, Callable[[str], Any]] = {
    "mask_assignments": mask_assignments,
    "mask_url": mask_url,
    "mask_env": lambda text: mask_env({"A": text, text: text}),
    "looks_secret": looks_secret,
    "Masker": knowing,
    "Masker.command": lambda text: Masker().command([text, "--password", text]),
    "driver_options": lambda text: (driver_options.masked({"o": text}), list(driver_options.secrets({"o": text}))),
    "a container": inspected,
    "an image": lambda text: image_result({"Id": "1", "Config": {"Env": [f"A={text}"], "Cmd": [text]}}),
    "a log": logged,
    "processes": processes,
    "an event": an_event,
    "an env_file": lambda text: env_file.variables("env_file", "f", text.encode()),
    "an engine's error": lambda text: refused(text, 500),
    "hint_for": hint_for,
    "a taken port": lambda text: port_ranges.ports_in_message(text, {}, {"80/tcp": ["0.0.0.0:80"]}),
    "listeners": port_uses.of_listeners,
    "leftovers": lambda text: leftover.as_leftover({"Name": text, "Id": "1"}),
    "an exec's words": lambda text: refusal.never_ran({"ExitCode": 127, "Pid": 0}, text, text, PODMAN),
    "an exec's output": refusal.without_added,
    "a host's warnings": lambda text: [
        one.missing({"Warnings": [text], "KernelVersion": text}) for one in host.LACKS
    ],
    "ssh's words": lambda text: diagnosis.connection_error(TARGET, diagnosis.Outcome(255, text)),
    "identities": lambda text: identities.explain(TARGET, text),
    "quotation": messages.quotation,
    "as_message": telling.as_message,
    "a failure": lambda text: failure(EngineError(text, 500, text), Masker()),
    "an option's failure": lambda text: failure(InvalidOptions(text), Masker()),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKERS)
def test_a_text_of_strangers_is_read_once(name: str) -> None:
    assert slow(TAKERS[name], UNITS) is None


def test_the_growth_is_seen() -> None:
    """Else the others prove nothing: a text read once, and one read once for each of its characters."""
    assert not grows(lambda text: [character for character in text for _time in range(20)], "a")
    assert grows(lambda text: re.search(r"[ab]+=", text), "a")


def test_a_megabyte_of_secrets_is_masked_at_once() -> None:
    """One long value, one of many lines, and a log with both: with a regular expression of them it took minutes."""
    key = "\n".join(hashlib.sha256(b"%d" % number).hexdigest() for number in range(16_000))
    word = "0123456789abcdef" * 65_536
    masker, text = Masker(), f"first {word} then\n{key}\nlast"

    def mask(_text: str) -> None:
        masker.learn({"TLS_KEY": key, "A_TOKEN": word, "C_SECRET": "hunter2-and-more"})
        assert masker.strictly(text) == f"first {MASK} then\n{MASK}\nlast"
        assert masker.text(key.replace("\n", " | ")) == " | ".join([MASK] * 16_000)
        assert mask_assignments(f"A_TOKEN={word} x") == f"A_TOKEN={MASK} x"

    assert seconds(mask, "", 60) < 30
