# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine of one lab host, for tests of images: the fixture ``images``.

What the module does runs here in the test's process, over a forwarded socket, which is much faster than Ansible.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE, Forward, open_forward
from lab_hosts import Lab

if TYPE_CHECKING:
    from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client

HOSTS = sorted({host for host, _engine in ENGINES})
PREFIX = "localhost/iw-"  # of every image that these tests make
# In an LXC host, Podman 5 can't raise the limits that it gives to the containers of a build.
_CONF = "/etc/containers/containers.conf.d/sshfleet-test-build.conf"
_LIMITS = f"""
mkdir -p {Path(_CONF).parent}
hard() {{ prlimit --pid 1 --noheadings --raw --output HARD "--$1"; }}
printf '[containers]\\ndefault_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\\n' \\
  $(hard nofile) $(hard nofile) $(hard nproc) $(hard nproc) > {_CONF}
systemctl stop podman.service 2>/dev/null
"""
_CLEAN = f"""
podman image prune --force; docker image prune --force
rm -f {_CONF}; systemctl stop podman.service 2>/dev/null
"""


class Images:
    """An engine as tests of images see it. What begins with PREFIX is removed before and after each test."""

    def __init__(self, lab: Lab, host: str, engine: str, client: Client) -> None:
        self.lab, self.host, self.engine, self.client = lab, host, engine, client
        self.podman = engine == "podman"
        self.logged: list[str] = []

    @property
    def keeps_manifests(self) -> bool:
        """Whether IDs are digests of manifests, as in containerd's store: another archive has another one."""
        return "io.containerd.snapshotter" in str(self.client.system.info().get("DriverStatus"))

    @property
    def key(self) -> str:
        return f"{self.host}-{self.engine}"

    def run(self, check: bool = False, **params: Any) -> dict[str, Any]:
        """What remote_image does with these options, but for its way to the host."""
        from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

        from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import options
        from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.run import run_image
        from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

        validation = ArgumentSpecValidator(options.ARGUMENT_SPEC, **options.SPEC_RULES).validate(params)
        assert not validation.error_messages, validation.error_messages
        parsed = options.parse(validation.validated_parameters)
        return run_image(Runner(self.client, self.logged.append), parsed, check_mode=check)

    def both(self, **params: Any) -> dict[str, Any]:
        """Check mode, which changes nothing; then the run, which does what that said; then again, without a change."""
        before = self.state()
        said = self.run(check=True, **params)
        assert self.state() == before, "check mode has changed something"
        done = self.run(**params)
        assert said["actions"] == done["actions"]
        again = self.run(**params)
        assert not again["changed"] and again["diff"] == {"before": {}, "after": {}}, again
        return done

    def state(self) -> dict[str, str]:
        tags = {tag: image["Id"] for image in self.client.images.list() for tag in image.get("RepoTags") or []}
        return {tag: identity for tag, identity in tags.items() if tag != "<none>:<none>"}  # which many may have

    def id(self, name: str) -> str | None:
        found = self.client.images.inspect(name)
        return found["Id"].removeprefix("sha256:") if found else None

    def state_of(self, container: str) -> str:
        found = self.client.containers.inspect(container)
        assert found is not None
        return str(found["State"]["Status"])

    def small(self, name: str, content: str = "x") -> str:
        """An image of two layers, the lower one busybox's, made quickly; its ID."""
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as context:
            for path, text in (("Dockerfile", f"FROM {IMAGE}\nCOPY content /content\n"), ("content", content)):
                entry = tarfile.TarInfo(path)
                entry.size = len(text)
                context.addfile(entry, io.BytesIO(text.encode()))
        query = {"version": "1", "t": name, "rm": "1", "dockerfile": "Dockerfile"}
        self.client.images.build(query, [file.getvalue()], lambda _entry: None)
        identity = self.id(name)
        assert identity is not None
        return identity

    def cli(self, *argv: str, check: bool = True) -> str:
        return self.lab.ssh(self.host, self.engine, *argv, check=check)

    def clear(self) -> None:
        for tag in self.state():
            if tag.startswith(PREFIX):
                self.client.images.remove(tag)

    def session(self) -> Any:
        """As an action's session, but that it stays open."""
        return SimpleNamespace(client=self.client, close=lambda: None, engine=lambda: {"name": self.engine})


@contextmanager
def _host(lab: Lab, host: str, directory: Path) -> Iterator[Forward]:
    """A host whose engines have the test image and can build, and the way to their sockets."""
    lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)
    try:
        lab.ssh(host, "sh", "-s", input=_LIMITS)
        directory.mkdir()
        forward = open_forward(lab, host, directory)
        try:
            yield forward
        finally:
            forward.process.terminate()
            forward.process.wait()
    finally:
        lab.ssh(host, "sh", "-s", input=_CLEAN, check=False)


@pytest.fixture(scope="module")
def all_images(session_lab: Lab) -> Iterator[dict[str, Images]]:
    """All engines, by host and engine."""
    from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient

    with ExitStack() as stack:
        short = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="sshfleet-"))
        )  # a Unix socket's path is short
        hosts = {host: stack.enter_context(_host(session_lab, host, short / host)) for host in HOSTS}
        clients = {key: EngineClient(hosts[key[0]].socket(key[1])) for key in ENGINES}
        for client in clients.values():
            stack.callback(client.close)
        yield {"-".join(key): Images(session_lab, *key, clients[key]) for key in ENGINES}


@pytest.fixture(params=ENGINES, ids="-".join)
def images(request: pytest.FixtureRequest, all_images: dict[str, Images]) -> Iterator[Images]:
    one = all_images["-".join(request.param)]
    one.clear()
    yield one
    one.clear()


@pytest.fixture
def each(all_images: dict[str, Images]) -> Iterator[Callable[[Callable[[Images], None]], None]]:
    """Calls for each engine, at once: a build is spent waiting for it."""

    def examine_all(examine: Callable[[Images], None]) -> None:
        with ThreadPoolExecutor() as pool:
            running = {key: pool.submit(examine, one) for key, one in all_images.items()}
        errors = {key: error for key, future in running.items() if (error := future.exception())}
        for key, error in errors.items():
            error.add_note(f"on {key}")
        if errors:
            raise BaseExceptionGroup("some engines", list(errors.values()))

    for one in all_images.values():
        one.clear()
    yield examine_all
    for one in all_images.values():
        one.clear()
