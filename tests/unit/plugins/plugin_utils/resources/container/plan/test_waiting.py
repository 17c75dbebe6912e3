# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task waits for: refused wishes, and what one look at a container means."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import waiting
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.waiting import Seen, WaitFor

RUNS = {"State": {"Running": True, "Status": "running"}, "RestartCount": 2}
ENDED = {"State": {"Running": False, "Status": "exited", "ExitCode": 3}}
RESTARTED = {"State": {"Running": True, "ExitCode": 0}, "RestartCount": 3}
HEALTH = {
    word: {"State": {"Running": True, "Health": {"Status": word}}} for word in ("starting", "unhealthy", "healthy")
}

LOOKS: dict[str, tuple[WaitFor, Seen, str, str]] = {
    "runs": (WaitFor(), Seen(RUNS), "", ""),
    "ended": (WaitFor(), Seen(ENDED), "", "exit code 3"),
    "is gone": (WaitFor(), Seen(None), "", "it is gone"),
    "was started over": (WaitFor(), Seen(RESTARTED), "", "its restart policy starts it over"),
    "port is not open": (WaitFor(port=80), Seen(RUNS), "port 80 on the container", ""),
    "port is open": (WaitFor(port=80), Seen(RUNS, port_open=True), "", ""),
    "log does not match": (WaitFor(log="^ready$"), Seen(RUNS, log="not ready\n"), "a matching line", ""),
    "log matches": (WaitFor(log="^ready$"), Seen(RUNS, log="x\nready\n"), "", ""),
    "log matched, and it ended": (WaitFor(log="ready"), Seen(ENDED, log="ready"), "", "exit code 3"),
    "has to end": (WaitFor("exited"), Seen(RUNS), "its end", ""),
    "has ended": (WaitFor("exited"), Seen(ENDED), "", ""),
    "has ended rightly": (WaitFor("exited", (0, 3)), Seen(ENDED), "", ""),
    "has ended wrongly": (WaitFor("exited", (0,)), Seen(ENDED), "", "exit code 3, not 0"),
    "ended without the line": (WaitFor("exited", log="done"), Seen(ENDED), "", "no line of its log"),
    "no health check": (WaitFor(healthy=True), Seen(RUNS), "", ""),
    "starting": (WaitFor(healthy=True), Seen(HEALTH["starting"]), "it is starting", ""),
    "unhealthy": (WaitFor(healthy=True), Seen(HEALTH["unhealthy"]), "it is unhealthy", ""),
    "healthy": (WaitFor(healthy=True), Seen(HEALTH["healthy"]), "", ""),
}


@pytest.mark.parametrize(("wish", "seen", "missing", "failed"), LOOKS.values(), ids=LOOKS)
def test_one_look(wish: WaitFor, seen: Seen, missing: str, failed: str) -> None:
    verdict = waiting.judge(wish, seen, restarts_before=2)
    assert verdict.met == (not missing and not failed)
    assert missing in " ".join(verdict.missing) and bool(missing) == bool(verdict.missing)
    assert failed in verdict.failed and bool(failed) == bool(verdict.failed)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"state": "running"}, "stopped", "wait_for"),
    ({"state": "running"}, "absent", "wait_for"),
    ({"state": "running", "exit_code": [0]}, "started", "wait_for.exit_code"),
    ({"state": "exited", "port": 80}, "started", "wait_for.state"),
    ({"state": "exited"}, "healthy", "wait_for.state"),
    ({"port": 0}, "started", "wait_for.port"),
    ({"log": "("}, "started", "wait_for.log"),
]


@pytest.mark.parametrize(("given", "state", "option"), REFUSED)
def test_refused(given: dict[str, Any], state: str, option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        waiting.parse("wait_for", given, state)
    assert refused.value.option == option


def test_an_exit_code_means_that_it_has_to_end() -> None:
    wish = waiting.parse("wait_for", {"exit_code": [0, 2]}, "started")
    assert wish is not None and (wish.state, wish.exit_codes) == ("exited", (0, 2))


PROC = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:0050 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00 0 0 0 3
"""
PUBLISHED = {"NetworkSettings": {"Ports": {"80/tcp": [{"HostPort": "8080"}], "80/udp": [{"HostPort": "8081"}]}}}


def test_the_ports_that_are_listened_on() -> None:
    assert waiting.listening_ports(PROC) == {8080, 443}


@pytest.mark.parametrize(
    ("port", "where", "inside", "open_"),
    [(80, "container", {80}, True), (8080, "container", {80}, False), (8080, "host", {80}, True),
     (8080, "host", set(), False), (22, "host", set(), True), (8081, "host", {80}, False)],
)  # fmt: skip
def test_a_published_port_is_open_when_the_container_listens(
    port: int, where: str, inside: set[int], open_: bool
) -> None:
    assert waiting.port_is_open(port, where, PUBLISHED, inside, {22, 8080}) is open_


NEVER, EARLIER, NOW = "0001-01-01T00:00:00Z", "1970-01-01T00:00:05Z", "1970-01-01T00:01:40.5Z"
SEARCHED: list[tuple[dict[str, Any], str]] = [
    ({"Running": True, "StartedAt": NOW, "FinishedAt": NEVER}, ""),
    ({"Running": True, "StartedAt": NOW, "FinishedAt": EARLIER}, "5.000000"),
    ({"Running": False, "StartedAt": EARLIER, "FinishedAt": NOW}, "4.000000"),
    ({"Running": False, "StartedAt": NEVER, "FinishedAt": NEVER}, ""),
]


@pytest.mark.parametrize(("state", "since"), SEARCHED)
def test_the_log_is_searched_from_the_end_of_an_earlier_run_on(state: dict[str, Any], since: str) -> None:
    assert waiting.log_since({"State": state}) == since
