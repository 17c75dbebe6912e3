# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs of real engines: every driver that can be read, and the engine's words where one can't."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from engine_cases import MIB, Case, Make
from on_every_engine import on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.work.run import read_logs

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
DRIVERS = {"docker": ("json-file", "local", "journald", "syslog"), "podman": ("k8s-file", "journald")}
LONG = int(os.environ.get("SSHFLEET_LOG_MB", "20"))  # 100 by hand
# Seconds between the parts, so that the order of the streams is certain.
SCRIPT = "for i in 1 2 3 4; do echo out$i; done; sleep 0.3; echo err1 >&2; echo err2 >&2; sleep 0.3; printf end"
ALL = ["out1", "out2", "out3", "out4", "err1", "err2", "end"]


def logs(case: Case, name: str, **given: Any) -> dict[str, Any]:
    return read_logs(case.client, parse({**DEFAULTS, "container": name, **given}))


def until(case: Case, name: str, ready: Callable[[dict[str, Any]], bool], **given: Any) -> dict[str, Any]:
    """The log, when it has come: journald takes its time."""
    deadline = time.monotonic() + 60
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


def examine_driver(case: Case, make: Make, kind: str) -> None:
    name = ended(case, make, SCRIPT, **driver(kind))
    found = until(case, name, lambda found: "end" in found["lines"], tail="all")
    assert found["lines"] == ALL and found["running"] is False and found["changed"] is False
    assert found["stderr_lines"] == ["err1", "err2"] and found["stdout"] == "out1\nout2\nout3\nout4\nend"
    joins = (case.host, kind) == ("bookworm1", "k8s-file")  # Podman 4 makes one line of the last two
    last = ["err1", "err2end"] if joins else ALL[-2:]
    assert logs(case, name, tail="2")["lines"] == last
    assert logs(case, name, tail="0")["lines"] == []
    assert logs(case, name, stderr=False, tail="2")["lines"] == ["out4", "end"]
    assert logs(case, name, stdout=False, tail="1")["lines"] == ["err2"]
    assert logs(case, name, grep="[13]$", tail="2")["lines"] == ["out3", "err1"]
    stamped = logs(case, name, timestamps=True, tail="all")["lines"]
    assert [line.partition(" ")[2] for line in stamped] == ALL and stamped[0].startswith("20")
    assert logs(case, name, since="1h", tail="all")["lines"] == ALL and logs(case, name, until="1h")["lines"] == []
    assert logs(case, name, since="0", until="1")["lines"] == []
    case.client.containers.start(name)  # and while it runs
    again = until(case, name, lambda found: len(found["lines"]) > len(ALL), tail="all")["lines"]
    assert again[: len(ALL) - 1] == ALL[:-1]  # the last line had no end


@on_every_engine
def test_every_driver_that_can_be_read(case: Case, make: Make) -> None:
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(examine_driver, case, make, kind) for kind in DRIVERS[case.engine]]:
            done.result()


@on_every_engine
def test_a_window(case: Case, make: Make) -> None:
    name = ended(case, make, "for i in 1 2 3; do echo $i; sleep 1.1; done")
    until(case, name, lambda found: "3" in found["lines"])
    stamped = [line.split() for line in logs(case, name, timestamps=True)["lines"]]
    border = stamped[-1][0][:19]
    before, behind = ([text for stamp, text in stamped if (stamp[:19] < border) is early] for early in (True, False))
    assert before and behind and before + behind == ["1", "2", "3"]
    assert logs(case, name, since=f"{border}Z")["lines"] == behind
    assert logs(case, name, until=f"{border}Z")["lines"] == before


@on_every_engine
def test_lines_longer_than_the_engines_pieces(case: Case, make: Make) -> None:
    text = '\'{for (i = 0; i < 4500; i++) printf "%08d,", i; print ""}\''  # 40,500 bytes
    whole = "".join(f"{number:08d}," for number in range(4500))
    names = [(ended(case, make, f"echo before; echo | awk {text}; echo after", Tty=tty), tty) for tty in (False, True)]
    for name, tty in names:
        assert until(case, name, lambda found: "after" in found["lines"])["lines"] == ["before", whole, "after"]
        stamped = [line.partition(" ")[2] for line in logs(case, name, timestamps=True)["lines"]]
        assert (stamped[0], stamped[-1]) == ("before", "after")
        if not (tty and case.engine == "podman"):  # whose times can't be told from the program's own
            assert stamped == ["before", whole, "after"]
        assert logs(case, name, tail="2")["lines"][-1] == "after"


@on_every_engine
def test_a_terminals_log(case: Case, make: Make) -> None:
    name = ended(case, make, SCRIPT, Tty=True)
    found = until(case, name, lambda found: "end" in found["lines"])
    assert found["stdout_lines"] == ALL and found["stderr"] == ""
    assert logs(case, make(start=False))["lines"] == []  # nor has one that never ran any


@on_every_engine
def test_a_driver_that_cannot_be_read(case: Case, make: Make) -> None:
    container = ended(case, make, "echo x", **driver("none"))
    with pytest.raises(EngineError) as caught:
        logs(case, container)
    assert "log" in caught.value.message and caught.value.hint == "The container's log driver is none."


@on_every_engine
def test_secrets_are_masked(case: Case, make: Make) -> None:
    name = ended(case, make, "echo my $DB_PASSWORD", Env=["DB_PASSWORD=hunter2"])
    assert until(case, name, lambda found: bool(found["lines"]))["lines"] == ["my ********"]
    assert logs(case, name, mask_env=False)["lines"] == ["my hunter2"]


@on_every_engine
def test_a_long_log_takes_no_memory(case: Case, make: Make) -> None:
    """Not by journald, which drops what comes too fast. Long lines, because engines take their time for each."""
    line = "x" * 4000
    script = f"yes {line} | head -n {LONG * MIB // len(line)}; echo end"
    name = ended(case, make, script, **driver(DRIVERS[case.engine][0]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert logs(case, name, grep="^(x|end)", tail="2")["lines"] == [line, "end"]
    capped = logs(case, name, tail="all", max_output="1M")
    assert capped["truncated"] and capped["lines"][-1] == "end"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(f"{case.host} {case.engine}: {LONG} MiB of log, {grown / MIB:.1f} MiB of memory")
    assert grown < 12 * MIB
