# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates during which no request is lost, and the page's playbook that goes from host to host."""

from __future__ import annotations

import json
import os
import re
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import engine_cases
import pytest
from checkout import CHECKOUT
from engine_cases import IMAGE
from everywhere import everywhere
from lab_hosts import Lab
from resource_world import PREFIX, World, open_world

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

PROGRAMS = CHECKOUT / "tests" / "support" / "rollout_programs"
ON_HOST = "/srv/sshfleet-rollout"
UPDATES, PER_SECOND = 10, "200"
SECONDS = 1.5  # for which a client waits for an address, as reach.py does
# The client alone takes half of a processor: one host here, the others where all engines are asked for.
ENGINES = (
    engine_cases.ENGINES
    if os.environ.get("SSHFLEET_ENGINES") == "all"
    else (("trixie1", "podman"), ("trixie1", "docker"))
)
# Python and the programs are the host's.
VOLUMES = ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", f"{ON_HOST}:{ON_HOST}:ro"]
NET, WEB, PROXY, CLIENT = (PREFIX + name for name in ("roll", "web", "proxy", "client"))


def container(name: str, program: str, *arguments: str, **more: Any) -> dict[str, Any]:
    command = ["/usr/bin/python3", f"{ON_HOST}/{program}", *arguments]
    return {
        "name": name, "image": IMAGE, "command": command, "volumes": VOLUMES, "networks": [{"name": NET}],
        "stop_timeout": 0, **more,
    }  # fmt: skip


def update(engine: World, version: str, **more: Any) -> dict[str, Any]:
    """The project with this version of the service."""
    web = container(
        WEB, "serve.py", env={"VERSION": version}, networks=[{"name": NET, "aliases": ["web"]}], stop_timeout=30,
        healthcheck={"test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"], "interval": "1s"},
        rollout="start_first", **more,
    )  # fmt: skip
    proxy = container(PROXY, "forward.py", "web", depends_on=[WEB])
    client = container(CLIENT, "ask.py", PER_SECOND, "web", PROXY, depends_on=[PROXY], stop_timeout=60)
    return engine.run(
        "containers", name=PREFIX + "roll", networks=[{"name": NET}], containers=[web, proxy, client], purge=True
    )


def examine(engine: World) -> None:
    for program in PROGRAMS.glob("*.py"):
        engine.lab.ssh(engine.host, "mkdir", "-p", ON_HOST)
        engine.lab.ssh(engine.host, "tee", f"{ON_HOST}/{program.name}", input=program.read_text())
    first = update(engine, "v0")
    assert {one["outcome"] for one in first["containers"]} == {"created"}
    engine.until(lambda: "asking" in engine.client.containers.log_tail(CLIENT))
    for number in range(1, UPDATES + 1):
        # Nobody updates more often than that: a client that waited for the old one's address has another one left.
        time.sleep(SECONDS)
        done = update(engine, f"v{number}")
        assert {one["name"]: one["outcome"] for one in done["containers"]} == {
            WEB: "recreated", PROXY: "unchanged", CLIENT: "unchanged",
        }  # fmt: skip
    serving = engine.client.containers.inspect(WEB)
    with pytest.raises(EngineError, match="The old container was not touched"):
        update(engine, "broken", command=["sh", "-c", "sleep 1; exit 3"], wait_for={"log": "ready", "timeout": 20})
    after = engine.client.containers.inspect(WEB)
    assert serving and after and serving["Id"] == after["Id"] and after["State"]["Running"]
    assert not [one for one in engine.client.containers.list(all=True) if "sshfleet-" in one["Names"][0]]
    time.sleep(1)
    engine.client.containers.stop(CLIENT, 60)
    told = json.loads(engine.client.containers.log_tail(CLIENT).strip().splitlines()[-1])
    assert told["lost"] == []
    # One for each stop, at most: what came between the service's last look and the closing of its socket.
    told["unanswered"] += engine.client.containers.log_tail(PROXY).count("unanswered")
    print("UNANSWERED", told["unanswered"])
    assert told["unanswered"] <= UPDATES
    seen = {entry.split()[1] for entry in told["answers"]}
    assert seen == {f"v{number}" for number in range(UPDATES + 1)}
    assert {entry.split()[0] for entry in told["answers"]} == {"web", PROXY}
    assert sum(told["answers"].values()) == told["asked"]


def test_no_request_is_lost_during_updates(session_lab: Lab) -> None:
    def on(host: str, engine: str) -> None:
        with open_world(session_lab, host, engine) as one:
            examine(one)

    everywhere(on, ENGINES)


@pytest.fixture
def hosts(session_lab: Lab, tmp_path: Path) -> Iterator[list[str]]:
    """Three hosts with the shop's first version, and none of it afterwards."""
    names = ["bookworm1", "bookworm2", "trixie1"]
    try:
        yield names
    finally:
        for name in names:
            session_lab.ssh(name, "docker", "rm", "-f", "shop-web", check=False)
            session_lab.ssh(name, "docker", "network", "rm", "shop", check=False)


def test_the_first_unhealthy_host_ends_the_play(session_lab: Lab, hosts: list[str], tmp_path: Path) -> None:
    """The second host of the page's playbook gets a version that answers nothing."""
    text = (CHECKOUT / "docs" / "docsite" / "rst" / "projects.rst").read_text()
    blocks = re.findall(r"code-block:: yaml\n\n((?:    .*\n|\n)+)", text)
    page = textwrap.dedent(next(block for block in blocks if "max_fail_percentage" in block))
    play = tmp_path / "rollout.yml"
    play.write_text(page.replace("hosts: rollout", f"hosts: {','.join(hosts)}").replace("[1, 2]", "[1, 1, 1]"))

    def run(*options: str, **variables: str) -> tuple[int, str]:
        given = json.dumps({"engine": "docker", "sshfleet_engine": "docker", **variables})
        done = session_lab.playbook(play, tmp_path, "-e", given, *options)
        return done.returncode, done.stdout + done.stderr

    def commands() -> list[str]:
        argv = ("docker", "inspect", "-f", "{{.Config.Cmd}}", "shop-web")
        return [session_lab.ssh(name, *argv).strip() for name in hosts]

    code, said = run(shop_command="httpd -f -p 80 -h /etc")
    assert code == 0, said
    other = "{{ 'sleep 600' if inventory_hostname == 'bookworm2' else 'httpd -v -f -p 80 -h /etc' }}"
    code, said = run(shop_command=other)
    assert code != 0 and "did not become" not in said, said
    assert "The old container was not touched" in said, said
    assert commands() == ["[httpd -v -f -p 80 -h /etc]", "[httpd -f -p 80 -h /etc]", "[httpd -f -p 80 -h /etc]"]
    code, said = run(shop_command="httpd -v -f -p 80 -h /etc")
    assert code == 0, said
    assert commands() == ["[httpd -v -f -p 80 -h /etc]"] * 3
