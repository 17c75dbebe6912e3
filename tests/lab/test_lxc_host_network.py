# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network program of the role lxc_host on machines unlike this one, each a network namespace of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.own_hosts

PROGRAM = Path(__file__).resolve().parents[2] / "roles" / "lxc_host" / "files" / "network.py"

# Runs inside: a private /var/lib, the given preparation, then up twice and down for two bridges, looking in between.
INSIDE = """
import json, pathlib, subprocess, sys
program, prepare, path = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
def run(*argv):
    done = subprocess.run(argv, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else f"{argv}: {done.stderr}"
def look():
    rules = run("iptables-save")
    left = sorted(p.name for p in state.parent.glob("*/*"))
    return {"forward": forward.read_text().strip(), "nft": run("nft", "list", "ruleset"), "rules": rules,
            "links": run("ip", "-br", "link"), "state": left}
def network(*argv):
    done = subprocess.run([sys.executable, program, *argv], capture_output=True, text=True, env={"PATH": path})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["changed"]
run("mount", "-t", "tmpfs", "none", "/var/lib")
state = pathlib.Path("/var/lib/sshfleet-lxc"); state.mkdir()
forward = pathlib.Path("/proc/sys/net/ipv4/ip_forward")
forward.write_text(prepare["forward"])
if prepare.get("policy"): run("iptables", "-P", "FORWARD", prepare["policy"])
told = {"before": look()}
told["changed"] = [network("up", "bra", "--network=10.99.1.0/24"), network("up", "bra")]
told["changed"] += [network("up", "brb", "--network=10.99.2.0/24")]
told["both"] = look()
network("down", "bra")
told["one"] = look()
told["changed"] += [network("down", "brb")]
told["none"] = look()
print(json.dumps(told))
"""


def inside(prepare: dict[str, Any], path: str) -> dict[str, Any]:
    argv = ["unshare", "--net", "--mount", sys.executable, "-", str(PROGRAM), json.dumps(prepare), path]
    done = subprocess.run(argv, input=INSIDE, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def tools(folder: Path, *names: str) -> str:
    """A PATH on which only these programs are."""
    for name in names:
        (folder / name).symlink_to(shutil.which(name) or f"/missing/{name}")
    return str(folder)


def strip(seen: dict[str, Any]) -> dict[str, Any]:
    """What was seen, without iptables-save's comments and counters, and without tables that are empty."""
    kept = [line.split(" [")[0] for line in seen["rules"].splitlines() if line.startswith(("-A", ":FORWARD"))]
    return {**seen, "rules": kept, "nft": [line for line in seen["nft"].splitlines() if "sshfleet" in line]}


@pytest.mark.parametrize("forward", ["0", "1"])
def test_forwarding_is_what_it_was_when_the_last_bridge_is_gone(tmp_path: Path, forward: str) -> None:
    told = inside({"forward": forward}, tools(tmp_path, "nft", "ip", "iptables"))
    assert told["changed"] == [True, False, True, True]
    assert [told[when]["forward"] for when in ("before", "both", "one", "none")] == [forward, "1", "1", forward]
    assert "bra" not in told["one"]["links"] and "brb" in told["one"]["links"]
    assert "sshfleet_brb" in told["one"]["nft"] and "sshfleet_bra" not in told["one"]["nft"]
    assert strip(told["none"]) == {**strip(told["before"]), "state": []}


def test_a_forward_chain_that_drops_gets_a_way_through(tmp_path: Path) -> None:
    told = inside({"forward": "1", "policy": "DROP"}, tools(tmp_path, "nft", "ip", "iptables"))
    for way in ("-i bra", "-o bra", "-i brb", "-o brb"):
        assert f"-A FORWARD {way}" in told["both"]["rules"]
    assert "bra" not in told["one"]["rules"] and "-o brb" in told["one"]["rules"]
    assert strip(told["none"])["rules"] == strip(told["before"])["rules"]


def test_iptables_does_the_nat_where_nft_is_missing(tmp_path: Path) -> None:
    told = inside({"forward": "1"}, tools(tmp_path, "ip", "iptables"))
    assert "sshfleet_bra" not in told["both"]["nft"]
    assert "-A POSTROUTING -s 10.99.1.0/24 ! -o bra" in told["both"]["rules"]
    assert "MASQUERADE" in told["one"]["rules"] and "bra" not in told["one"]["rules"]
    assert "MASQUERADE" not in told["none"]["rules"]


def test_nft_alone_is_enough(tmp_path: Path) -> None:
    told = inside({"forward": "0"}, tools(tmp_path, "ip", "nft"))
    assert "sshfleet_bra" in told["both"]["nft"] and told["none"]["state"] == []
