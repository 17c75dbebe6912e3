# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnels over jump hosts: the way of ``jump_way``, made once, and a runtime directory per test."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jump_way
import pytest
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import mux
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel as tunnels

PODMAN = "/run/podman/podman.sock"


@pytest.fixture(scope="session")
def made_way(session_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[jump_way.Way]:
    with jump_way.way(session_lab, tmp_path_factory.mktemp("way")) as made:
        yield made


@dataclass
class Jumper:
    """The way, a runtime directory of the test's own, and the target without any jump host."""

    way: jump_way.Way
    runtime: Path
    scratch: Path

    @property
    def known_hosts(self) -> Path:
        return self.scratch / "known_hosts"

    def target(self, chain: list[jump_way.Hop] | str | None = None, **changes: Any) -> SshTarget:
        """The target behind hops (their keys are given) or behind what the text says."""
        hops = [] if chain is None or isinstance(chain, str) else chain
        said = ",".join(hop.place for hop in hops) if hops else chain
        end = self.way.target
        target = SshTarget(
            host=end.address,
            port=end.port,
            user=end.user,
            private_key_file=end.key,
            ssh_args=("-F", "none", "-o", f"UserKnownHostsFile={self.known_hosts}"),
            extra_args=("-o", f"ProxyJump={said}") if said else (),
            jump_keys=tuple((hop.place, hop.key) for hop in hops),
            name="behind",
            connect_timeout=5,
        )
        return dataclasses.replace(target, **changes)

    def open(self, target: SshTarget, **kwargs: Any) -> tunnels.Tunnel:
        return tunnels.open_tunnel(target, tunnels.TunnelSettings(**kwargs), runtime_dir=self.runtime)

    def refused(self, target: SshTarget) -> SshError:
        with pytest.raises(SshError) as caught:
            self.open(target)
        return caught.value

    def tunnels(self) -> dict[str, tunnels.TunnelInfo]:
        """The live tunnels under their names."""
        return {info.name: info for info in tunnels.list_tunnels(self.runtime) if info.alive}


@pytest.fixture
def jumper(made_way: jump_way.Way, tmp_path: Path) -> Iterator[Jumper]:
    made_way.forget_log()
    runtime = Path(tempfile.mkdtemp(prefix="sf"))
    yield Jumper(made_way, runtime, tmp_path)
    for control in runtime.glob("*.ctl"):
        with contextlib.suppress(mux.MuxError), mux.MuxClient(str(control)) as client:
            client.terminate()
    for path in list(runtime.iterdir()):  # an ending master unlinks its own
        path.unlink(missing_ok=True)
    runtime.rmdir()
