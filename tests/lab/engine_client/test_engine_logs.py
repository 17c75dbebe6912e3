# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs of real engines: every driver that can be read, and the engine's words where one can't."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from typing import Any

import pytest
from engine_cases import MIB, Case, Make

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.logs import read_logs
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import ARGUMENT_SPEC, parse

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
DRIVERS = {"docker": ("json-file", "local", "journald"), "podman": ("k8s-file", "journald")}
LONG = int(os.environ.get("SSHFLEET_LOG_MB", "20"))  # 100 by hand
# Seconds between the parts, so that the order of the streams and the windows are certain.
SCRIPT = "for i in 1 2 3 4; do echo out$i; done; sleep 0.3; echo err1 >&2; echo err2 >&2; sleep 0.3; printf end"
ALL = ["out1", "out2", "out3", "out4", "err1", "err2", "end"]


def logs(case: Case, name: str, **given: Any) -> dict[str, Any]:
    return read_logs(case.client, parse({**DEFAULTS, "container": name, **given}))


def until(case: Case, name: str, ready: Callable[[dict[str, Any]], bool], **given: Any) -> dict[str, Any]:
    """The log, when it has come: journald takes its time."""
    deadline = time.monotonic() + 15
    while not ready(found := logs(case, name, **given)):
        assert time.monotonic() < deadline, found["lines"][-5:]
        time.sleep(0.1)
    return found


def ended(case: Case, make: Make, script: str, **config: Any) -> str:
    """A container that has run a script to its end."""
    name = make("sh", "-c", script, **config)
    deadline = time.monotonic() + 60
    while case.state(name) != "exited":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return name


def driver(name: str) -> dict[str, Any]:
    return {"HostConfig": {"LogConfig": {"Type": name}}}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_driver_that_can_be_read(case: Case, make: Make, number: int) -> None:
    if number >= len(DRIVERS[case.engine]):
        return
    name = ended(case, make, SCRIPT, **driver(DRIVERS[case.engine][number]))
    found = until(case, name, lambda found: "end" in found["lines"])
    assert found["lines"] == ALL and found["running"] is False and found["changed"] is False
    assert found["stderr_lines"] == ["err1", "err2"] and found["stdout"] == "out1\nout2\nout3\nout4\nend"
    assert logs(case, name, tail="2")["lines"] == ALL[-2:]
    assert logs(case, name, tail="0")["lines"] == []
    assert logs(case, name, tail="all")["lines"] == ALL
    assert logs(case, name, stderr=False, tail="2")["lines"] == ["out4", "end"]
    assert logs(case, name, stdout=False, tail="1")["lines"] == ["err2"]
    assert logs(case, name, grep="[13]$", tail="2")["lines"] == ["out3", "err1"]
    stamped = logs(case, name, timestamps=True)["lines"]
    assert [line.partition(" ")[2] for line in stamped] == ALL and stamped[0].startswith("20")
    middle = stamped[4].partition(" ")[0]
    assert logs(case, name, since=middle[:19] + middle[19:26].partition("Z")[0] + "Z")["lines"][0] in ALL[3:5]
    assert logs(case, name, since="1h")["lines"] == ALL and logs(case, name, until="1h")["lines"] == []
    assert logs(case, name, since="0", until="1")["lines"] == []
    case.client.start(name)  # and while it runs
    assert until(case, name, lambda found: len(found["lines"]) > len(ALL))["lines"][: len(ALL)] == ALL


def test_a_window_by_the_hosts_clock(case: Case, make: Make) -> None:
    name = make("sh", "-c", "echo early; sleep 4; echo late; sleep 600", StopTimeout=0)
    until(case, name, lambda found: "late" in found["lines"])
    assert logs(case, name, since="3s")["lines"] == ["late"]
    assert logs(case, name, until="3s")["lines"] == ["early"]


@pytest.mark.parametrize("tty", [False, True])
def test_lines_longer_than_the_engines_pieces(case: Case, make: Make, tty: bool) -> None:
    text = '\'{for (i = 0; i < 4500; i++) printf "%08d,", i; print ""}\''  # 40,500 bytes
    name = ended(case, make, f"echo before; echo | awk {text}; echo after", Tty=tty)
    whole = "".join(f"{number:08d}," for number in range(4500))
    assert until(case, name, lambda found: "after" in found["lines"])["lines"] == ["before", whole, "after"]
    stamped = logs(case, name, timestamps=True)["lines"]
    assert [line.partition(" ")[2] for line in stamped] == ["before", whole, "after"]
    assert logs(case, name, tail="2")["lines"][-1] == "after"


def test_a_terminals_log(case: Case, make: Make) -> None:
    name = ended(case, make, SCRIPT, Tty=True)
    found = until(case, name, lambda found: "end" in found["lines"])
    assert found["stdout_lines"] == ALL and found["stderr"] == ""


def test_a_container_that_never_ran(case: Case, make: Make) -> None:
    assert logs(case, make(start=False))["lines"] == []


@pytest.mark.parametrize("name", ["none", "passthrough"])
def test_a_driver_that_cannot_be_read(case: Case, make: Make, name: str) -> None:
    if name == "passthrough":
        return
    container = ended(case, make, "echo x", **driver(name))
    with pytest.raises(EngineError) as caught:
        logs(case, container)
    assert "log" in caught.value.message and caught.value.hint == f"The container's log driver is {name}."


def test_secrets_are_masked(case: Case, make: Make) -> None:
    name = ended(case, make, "echo my $DB_PASSWORD", Env=["DB_PASSWORD=hunter2"])
    assert until(case, name, lambda found: bool(found["lines"]))["lines"] == ["my ********"]
    assert logs(case, name, mask_env=False)["lines"] == ["my hunter2"]


def test_a_long_log_takes_no_memory(case: Case, make: Make) -> None:
    """Not by journald, which drops what comes too fast."""
    count = LONG * MIB // 100
    script = f"yes {'x' * 99} | head -n {count}; echo end"
    name = ended(case, make, script, **driver(DRIVERS[case.engine][0]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert logs(case, name, grep="^(x|end)", tail="2")["lines"] == ["x" * 99, "end"]
    capped = logs(case, name, tail="all", max_output="1M")
    assert capped["truncated"] and capped["lines"][-1] == "end"
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 24 * MIB
