# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""sshd lets no connection through, or no command: each option that does so, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

from .conftest import DOCKER, PODMAN, USER, both_clients, both_hosts, eventually, ping, remedy, works


def prohibited(tunnel: Any, remote: str, *parts: str) -> SshError:
    """The diagnosis of a request that got no answer, which must be FAILED; message and hint have these parts."""
    assert not ping(tunnel.forward(remote), timeout=5)
    error: SshError = tunnel.diagnose(remote)
    assert (error.kind, error.unreachable) == ("forwarding_prohibited", False)
    for part in (tunnel.target.name, remote, *parts):
        assert part in str(error), str(error)
    return error


# sshd asks them all for a Unix socket, those about TCP too.
OPTIONS = {
    "bookworm1": [
        "AllowStreamLocalForwarding no",
        "AllowStreamLocalForwarding remote",
        "AllowTcpForwarding no",
        "PermitOpen none",
        "DisableForwarding yes",
    ],
    "forky1": ["AllowTcpForwarding no", "PermitOpen 127.0.0.1:80"],
}


@pytest.mark.fault("sshd forwards nothing")
@pytest.mark.provokes("forwarding_prohibited")
@pytest.mark.parametrize("bench", both_hosts, indirect=True)
def test_forwarding_prohibited_by_an_option(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    options = OPTIONS[bench.host]
    for option in options:
        server.stop()
        server.start(option)
        tunnel = bench.open(target)
        prohibited(tunnel, PODMAN, option.split()[0], "authorized_keys")
    assert server.logins() == len(options), "nothing is tried again, and each task logs in anew"
    server.stop()
    server.start()
    assert ping(bench.open(target).forward(PODMAN))


@pytest.mark.parametrize("bench", both_hosts, indirect=True)
def test_the_option_is_named_where_sshd_tells_it(bench: Any) -> None:
    """The host's own sshd, as root: message and hint name the option and its value, and the hint mends it."""
    file = "/etc/ssh/sshd_config.d/10-test.conf"
    bench.on_host(f"echo 'AllowTcpForwarding no' > {file}; systemctl reload ssh")
    try:
        error = prohibited(bench.open(), PODMAN, "by AllowTcpForwarding no in sshd_config", "AllowTcpForwarding local")
        bench.on_host(f"echo 'AllowTcpForwarding local' > {file}; {remedy(error)}")
        assert eventually(lambda: works(bench, bench.target)), "it listens anew for a moment"
    finally:
        bench.on_host(f"rm {file}; systemctl reload ssh")
        assert eventually(lambda: bench.on_host("echo back", check=False)), "it listens anew for a moment"


@pytest.mark.parametrize("option", ["restrict", "no-port-forwarding", 'permitopen="127.0.0.1:80"'])
@both_clients
def test_forwarding_prohibited_by_the_key(bench: Any, user: SshTarget, option: str) -> None:
    keys = f"/home/{USER}/.ssh/authorized_keys"
    bench.on_host(f"sed -i 's/^/{option} /' {keys}; chmod 666 {DOCKER}")
    try:
        prohibited(bench.open(user), DOCKER, option.partition("=")[0], "authorized_keys", "as root on")
        bench.on_host(f"cp /root/.ssh/authorized_keys {keys}")
        assert works(bench, user, DOCKER)
    finally:
        bench.on_host(f"chmod 660 {DOCKER}")


@pytest.mark.parametrize("bench", both_hosts, indirect=True)
@both_clients
def test_forwards_need_no_session_and_looking_needs_one(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd("MaxSessions 1")
    tunnel = bench.open(target)
    assert ping(tunnel.forward(PODMAN))
    assert tunnel.diagnose("/nowhere.sock").kind == "socket_missing"
    tunnel.close()
    server.stop()
    server.start("MaxSessions 0")
    tunnel = bench.open(target)
    assert ping(tunnel.forward(PODMAN))
    assert not tunnel.probe("/nowhere.sock").missing, "unknown is not missing: no other engine may be taken"
    error = tunnel.diagnose("/nowhere.sock")
    assert (error.kind, error.unreachable) == ("socket_unknown", False)
    assert "sshd opens no session for the command that looks (MaxSessions)" in error.message
    assert "set MaxSessions 10" in error.hint
    server.stop()
    server.start("MaxSessions 10")
    assert bench.open(target).diagnose("/nowhere.sock").kind == "socket_missing"


@both_clients
def test_another_command_runs_in_place_of_ours(bench: Any, sshd: Callable[..., Any]) -> None:
    _server, target = sshd("ForceCommand /bin/true")
    error = bench.open(target).diagnose("/nowhere.sock")
    assert error.kind == "socket_unknown"
    assert "ForceCommand" in error.message
