# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening a session over a transport that is a fake: which way is taken, what is remembered, what is closed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checkout import CHECKOUT
from fake_transport import FakeTransport, SmallEngine, connecting

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session, open_session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import Become, ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import Finished

TARGET = SshTarget("Web1.example.com", name="web1")
PODMAN, DOCKER = "/run/podman/podman.sock", "/var/run/docker.sock"
SEEN = "user=root\nexists=yes\nis_socket=yes\naccessible=yes\nend=yes\n"


@pytest.fixture
def engine(private_runtime: Path) -> Iterator[SmallEngine]:
    made = SmallEngine(private_runtime / "engine")
    yield made
    made.close()


@pytest.fixture
def way(private_runtime: Path, engine: SmallEngine) -> FakeTransport:
    """To a host with Docker."""
    return FakeTransport(TARGET, {DOCKER: str(private_runtime / "engine")})


@pytest.fixture
def opened(way: FakeTransport) -> Iterator[Callable[..., Session]]:
    sessions: list[Session] = []

    def open_one(**settings: object) -> Session:
        found = ConnectionSettings(**settings)  # type: ignore[arg-type]
        sessions.append(open_session(TARGET, found, connect=connecting(way)))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.close()


def test_the_first_socket_that_is_there_is_taken(opened: Callable[..., Session], way: FakeTransport) -> None:
    session = opened(tunnel_idle=90, tunnel_retries=2)
    assert session.engine() == {"name": "docker", "version": "26.1.5", "api_version": "1.45", "socket": DOCKER}
    assert way.said == [
        "connect, idle 90, tries 2", f"forward {PODMAN}", f"look at {PODMAN}", f"forward {DOCKER}",
    ]  # fmt: skip
    assert session.client.containers.list() == []
    assert session.place == f"{DOCKER} on web1.example.com 22"


def test_what_was_found_is_remembered_until_it_is_forgotten(
    opened: Callable[..., Session], way: FakeTransport, engine: SmallEngine
) -> None:
    first = opened()
    asked = list(engine.asked)
    second = opened()
    assert (second.identity, second.socket, engine.asked) == (first.identity, first.socket, asked)
    second.forget_engine()
    opened()
    assert len(engine.asked) == 2 * len(asked)


def test_a_socket_that_exists_and_fails_is_not_passed_over(opened: Callable[..., Session], way: FakeTransport) -> None:
    way.problem = "engine_down"
    with pytest.raises(SshError) as caught:
        opened()
    assert caught.value.kind == "engine_down" and way.said[-1] == f"look at {PODMAN}"


def test_another_engine_than_the_one_asked_for_is_refused(opened: Callable[..., Session], way: FakeTransport) -> None:
    way.sockets[PODMAN] = way.sockets[DOCKER]
    with pytest.raises(EngineError, match=r"web1: .* is served by docker 26.1.5, but engine=podman") as caught:
        opened(engine="podman")
    assert caught.value.kind == "engine_mismatch" and not way.memory


def test_what_is_denied_is_dialed_where_the_task_becomes(opened: Callable[..., Session], way: FakeTransport) -> None:
    way.problem, way.dials = "socket_denied", way.sockets.pop(DOCKER)
    way.answers = lambda _argv, _stdin, _become: Finished(0, f"tool_docker=yes\n{SEEN}", "")
    session = opened(engine="docker", become=Become(user="root"))
    assert session.identity.name == "docker" and session.dialed is way.dialed[0]
    assert way.said[-3:] == [f"look at {DOCKER}, not retiring", "run sh as root within 10 s", "dial as root"]
    assert session.problem is None
    session.close()
    assert way.dialed[0].closed
    said = len(way.said)
    assert opened(engine="docker", become=Become(user="root")).dialed is way.dialed[1]
    assert way.said[said:] == ["connect, idle 600, tries 3", "dial as root"], "the way is remembered too"


def test_a_socket_that_nothing_there_connects_to(opened: Callable[..., Session], way: FakeTransport) -> None:
    way.answers = lambda _argv, _stdin, _become: Finished(0, SEEN, "")
    with pytest.raises(SshError, match="can't be dialed") as caught:
        opened(engine="docker", transport="dial")
    assert caught.value.kind == "socket_unknown" and not way.dialed


def test_the_connection_is_left_when_the_session_ends_or_does_not_come_about(
    opened: Callable[..., Session], way: FakeTransport
) -> None:
    """One that can't outlive the process would stay open otherwise."""
    session = opened()
    assert way.left == 0
    session.close()
    assert way.left == 1
    with pytest.raises(SshError, match="socket_missing"):
        opened(engine="podman")
    assert way.left == 2


def test_a_login_that_may_not_is_retired(opened: Callable[..., Session], way: FakeTransport) -> None:
    way.answers = lambda _argv, _stdin, _become: Finished(0, SEEN.replace("accessible=yes\n", ""), "")
    with pytest.raises(SshError) as caught:
        opened(engine="docker", transport="dial")
    assert caught.value.kind == "socket_denied" and way.said[-1] == "retire"


def test_only_sudo_is_dialed_through(opened: Callable[..., Session], way: FakeTransport) -> None:
    with pytest.raises(InvalidOption, match="become_method"):
        opened(transport="dial", become=Become(method="su"))
    assert not way.dialed


def test_what_work_gets_of_the_host(opened: Callable[..., Session], way: FakeTransport) -> None:
    session = opened(engine="docker")
    way.answers = lambda argv, stdin, _become: Finished(3, f"{argv[0]} {stdin}", "")
    done = session.run_on_host(["cat"], "text", 5.0, become=Become(user="app"), session_within=0.0)
    assert (done.returncode, done.stdout, way.said[-1]) == (3, "cat text", "run cat as app within 0 s")
    session.remember("key", {"a": 1})
    assert session.recall("key") == {"a": 1} and session.salt() == "salt"
    session.lock("ports").acquire()
    assert way.said[-1] == "lock ports"


WITHOUT_ANSIBLE = """
import sys
from pathlib import Path
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import open_session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from fake_transport import FakeTransport, SmallEngine, connecting

socket = Path(sys.argv[1])
SmallEngine(socket, [{"Id": "a" * 64, "Names": ["/web"], "Image": "i", "ImageID": "sha256:" + "b" * 64, "Labels": {},
                      "State": "running", "Status": "Up", "Created": 1, "Ports": []}])
way = FakeTransport(SshTarget("h"), {"/var/run/docker.sock": str(socket)})
session = open_session(SshTarget("h"), ConnectionSettings(), connect=connecting(way))
print(*(name for one in session.client.containers.list(all=True) for name in one["Names"]))
session.close()
loaded = sorted(name for name in sys.modules if name.split(".")[0] == "ansible" or "plugin_utils.resources" in name)
assert not loaded, loaded
"""


def test_any_plugin_may_open_a_session_and_needs_no_ansible_for_it(private_runtime: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ANSIBLE, str(private_runtime / "engine")], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT / '.dev'}:{CHECKOUT / 'tests/support'}"}, check=False, timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("/web\n", "")
