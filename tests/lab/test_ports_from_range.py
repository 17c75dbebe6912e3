# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host ports from a range, on every engine: what is seen, that a port stays, and many containers at once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE, SOCKETS
from lab_hosts import Lab
from lab_users import lab_user, script

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.listeners import HostPorts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel.tunnel import open_tunnel

NAME = "rc-port"
OTHER = {"podman": "docker", "docker": "podman"}
# By engine, as both share the ports of their host.
FIRST = {"podman": 21000, "docker": 21100}
# Returns when it listens, and goes on in the background for at most two minutes.
LISTEN = """
import os, socket, sys, time
sockets = []
for word in sys.argv[1:]:
    protocol, port = word.split("/")
    sockets.append(socket.socket(type=socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM))
    sockets[-1].bind(("", int(port)))
    if protocol == "tcp":
        sockets[-1].listen()
if child := os.fork():
    print(child, flush=True)
    os._exit(0)
os.setsid()
for descriptor in range(3):
    os.dup2(os.open("/dev/null", os.O_RDWR), descriptor)
time.sleep(120)
"""
MANY, PROCESSES, MANY_FIRST = 20, 2, 22000


def briefly(seconds: float) -> None:
    """A new container of these tests shows sooner whether it stays."""
    time.sleep(seconds / 5)


@dataclass
class Place:
    """One engine of one host, and the ways of a task there."""

    lab: Lab
    host: str
    engine: str
    client: EngineClient
    host_ports: HostPorts
    base: dict[str, Any] = field(
        default_factory=lambda: {"name": NAME, "image": IMAGE, "command": ["sleep", "99"], "stop_timeout": 0}
    )

    @property
    def first(self) -> int:
        return FIRST[self.engine]

    def run(self, *, check: bool = False, **params: Any) -> dict[str, Any]:
        options = parse({**self.base, **params})
        return run_container(self.client, options, check_mode=check, host_ports=self.host_ports, sleep=briefly)

    def auto(self, first: int, last: int, **params: Any) -> dict[str, Any]:
        """Parameters of a container that publishes port 80 on one of so many ports after the first."""
        return {"published_ports": [f"auto({self.first + first}-{self.first + last}):80"], **params}

    def make(self, engine: str, verb: str, name: str, port: int) -> None:
        """A container that is none of ours, with the engine's own command."""
        self.lab.ssh(self.host, engine, verb, *(["-d"] if verb == "run" else []), "--name", name, "--stop-timeout", "0",
                     "-p", f"{port}:80", IMAGE, "sleep", "99")  # fmt: skip


def target_of(lab: Lab, host: str, user: str = "root") -> SshTarget:
    known = ("-o", f"UserKnownHostsFile={lab.known_hosts}")
    return SshTarget(lab.hosts[host]["hostname"], user=user, private_key_file=lab.key, name=host, extra_args=known)


@contextmanager
def opened(lab: Lab, host: str, engine: str, user: str = "root") -> Iterator[Place]:
    tunnel = open_tunnel(target_of(lab, host, user), runtime_dir=lab.runtime / "ports")
    try:
        with EngineClient(tunnel.forward(SOCKETS[engine])) as client:
            yield Place(lab, host, engine, client, HostPorts(tunnel))
    finally:
        tunnel.close()


def clear(lab: Lab, host: str) -> None:
    commands = "".join(
        f'names=$({engine} ps -aq --filter name={NAME}); [ -z "$names" ] || {engine} rm -f $names\n'
        for engine in SOCKETS
    )
    lab.ssh(host, "sh", "-s", input=commands, check=False)


@pytest.fixture(scope="module")
def images(session_lab: Lab) -> None:
    for host in sorted({host for host, _engine in ENGINES}):
        session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)


@pytest.fixture(scope="module", params=ENGINES, ids="-".join)
def opened_place(request: pytest.FixtureRequest, session_lab: Lab, images: None) -> Iterator[Place]:
    with opened(session_lab, *request.param) as place:
        yield place


@pytest.fixture
def place(opened_place: Place) -> Iterator[Place]:
    yield opened_place
    clear(opened_place.lab, opened_place.host)


@contextmanager
def listening(lab: Lab, host: str, *ports: str) -> Iterator[None]:
    """A program of the host that has ports, each written as tcp/80."""
    pid = lab.ssh(host, "python3", "-", *ports, input=LISTEN).strip()
    try:
        yield
    finally:
        lab.ssh(host, "kill", pid)


def port_of(result: Mapping[str, Any], inside: str = "80/tcp") -> int:
    return int(result["container"]["ports"][inside][0]["host_port"])


def test_what_others_have_is_avoided(place: Place) -> None:
    first = place.first
    with listening(place.lab, place.host, f"tcp/{first}", f"udp/{first}"):
        place.make(OTHER[place.engine], "run", f"{NAME}-others", first + 1)
        place.make(place.engine, "create", f"{NAME}-stopped", first + 2)
        place.make(place.engine, "run", f"{NAME}-running", first + 3)
        checked = place.run(check=True, **place.auto(0, 4))
        made = place.run(**place.auto(0, 4))
        assert port_of(made) == first + 4 and made["container"]["running"] and not made["warnings"]
        assert (checked["actions"], checked["diff"]) == (made["actions"], made["diff"])
        with pytest.raises(InvalidOption, match="5 of 5 ports") as refused:
            place.run(**place.auto(0, 4, name=f"{NAME}-2"))
        for words in (
            f"{first} by a program of the host, {first + 1} by a program of the host",
            f"{first + 2} by the stopped container {NAME}-stopped, {first + 3} by the container {NAME}-running",
            f"{first + 4} by the container {NAME}",
        ):
            assert words in refused.value.message
        udp: dict[str, Any] = {"name": f"{NAME}-udp", "published_ports": [f"auto({first}-{first + 4}):53/udp"]}
        checked = place.run(check=True, **udp)
        assert checked["actions"][0]["published_ports"] == {"53/udp": [str(first + 1)]}
        assert port_of(place.run(**udp), "53/udp") == first + 1


def test_a_range_without_auto_is_the_engines_or_chosen_here(place: Place) -> None:
    given = {"published_ports": [f"127.0.0.1:{place.first + 20}-{place.first + 23}:80"]}
    made, again = place.run(**given), place.run(**given)
    assert place.first + 20 <= port_of(made) <= place.first + 23 and port_of(again) == port_of(made)
    assert not again["changed"]


def test_a_port_stays(place: Place) -> None:
    place.make(place.engine, "create", f"{NAME}-0", place.first)
    made = place.run(**place.auto(0, 9))
    place.lab.ssh(place.host, place.engine, "rm", f"{NAME}-0")
    assert port_of(made) == place.first + 1
    assert not place.run(**place.auto(0, 9))["changed"]
    address = f"127.0.0.1:auto({place.first}-{place.first + 9}):81"
    changed = place.auto(0, 9, env={"A": "1"})
    changed["published_ports"].append(address)
    recreated = place.run(**changed)
    assert port_of(recreated) == place.first + 1 and port_of(recreated, "81/tcp") == place.first
    assert recreated["container"]["id"] != made["container"]["id"]
    assert not place.run(**changed)["changed"]
    place.run(**changed, state="stopped")
    assert port_of(place.run(**place.auto(0, 9, name=f"{NAME}-2"))) == place.first + 2
    assert port_of(place.run(**changed, recreate=True)) == place.first + 1
    moved = place.run(**place.auto(5, 9))
    assert moved["diff"]["before"]["published_ports"]["80/tcp"] == [str(place.first + 1)]
    assert port_of(moved) == place.first + 5


def test_who_comes_second_gets_another_port(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the others came right after the look."""
    monkeypatch.setattr(place.host_ports, "listening", lambda: "")
    with listening(place.lab, place.host, f"tcp/{place.first}", f"tcp/{place.first + 5}"):
        made = place.run(**place.auto(0, 4))
        assert port_of(made) == place.first + 1
        assert made["actions"][0]["published_ports"] == {"80/tcp": [str(place.first + 1)]}
        moved = place.run(**place.auto(5, 9))
        assert port_of(moved) == place.first + 6 and moved["container"]["running"]
    left = place.client.containers.list(filters={"name": [NAME]})
    assert [one["Id"] for one in left] == [moved["container"]["id"]]


@pytest.mark.usefixtures("images")
def test_without_a_shell_only_the_engine_is_asked(session_lab: Lab) -> None:
    host = "bookworm1"
    with lab_user(session_lab, host, "rc-porter") as user:
        script(session_lab, host, 'usermod -aG docker -s /usr/sbin/nologin "$1"', user)
        port = FIRST["docker"]
        with opened(session_lab, host, "docker", user) as place, listening(session_lab, host, f"tcp/{port}"):
            made = place.run(**place.auto(0, 4))
            assert port_of(made) == port + 1
            assert len(made["warnings"]) == 1 and "could not be looked at" in made["warnings"][0]
    clear(session_lab, host)


def play(process: int) -> list[dict[str, Any]]:
    """So many forks of one process, each making a container; every second one with the other engine."""
    names = [f"{NAME}-{number}" for number in range(process, MANY, PROCESSES)]
    ranges = {"podman": f"auto({MANY_FIRST}-{MANY_FIRST + MANY // 2 - 1}):80",
              "docker": f"auto({MANY_FIRST + MANY}-{MANY_FIRST + MANY * 3 // 2 - 1}):80"}  # fmt: skip
    module = {
        "name": "{{ inventory_hostname }}", "engine": "{{ used }}", "image": IMAGE, "command": ["sleep", "99"],
        "published_ports": ["{{ ranges[used] }}"], "state": "present",
    }  # fmt: skip
    make = {"sshfleet.containers.remote_container": module, "delegate_to": "bookworm1"}
    used = "{{ ['podman', 'docker'][(inventory_hostname.split('-')[-1] | int) // 2 % 2] }}"
    add = {"ansible.builtin.add_host": {"name": "{{ item }}", "groups": "many"}, "loop": names}
    return [
        {"hosts": "bookworm1", "gather_facts": False, "tasks": [add]},
        {"hosts": "many", "gather_facts": False, "tasks": [make], "vars": {"used": used, "ranges": ranges}},
    ]


@pytest.mark.usefixtures("images")
def test_twenty_at_once_get_twenty_ports(session_lab: Lab, tmp_path: Path) -> None:
    """Of two processes with ten forks each. They are not started: no engine would notice a port that two have."""
    running = []
    for process in range(PROCESSES):
        path = tmp_path / f"{process}.yml"
        path.write_text(json.dumps(play(process)))
        words = [Path(sys.executable).parent / "ansible-playbook", "-i", session_lab.inventory, "-f", "10", path]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        argv = [str(word) for word in words]
        running.append(subprocess.Popen(argv, cwd=CHECKOUT, env=session_lab.environment(), text=True, **streams))
    said = [process.communicate(timeout=120)[0] for process in running]
    ports: list[str] = []
    for engine in SOCKETS:
        with opened(session_lab, "bookworm1", engine) as place:
            for entry in place.client.containers.list(filters={"name": [NAME]}):
                inspect = place.client.containers.inspect(entry["Id"]) or {}
                ports += [end["HostPort"] for end in inspect["HostConfig"]["PortBindings"]["80/tcp"]]
    clear(session_lab, "bookworm1")
    assert [process.returncode for process in running] == [0] * PROCESSES, "\n".join(said)
    assert len(ports) == len(set(ports)) == MANY
