# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host keys over real sshd: who says what is accepted, what is written down, and what a changed key looks like."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typist import Typist

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

from .conftest import works

CONTACTS = 50
NETWORK = "10.213.72.0/26"  # routed to the lab host, which answers on all of its addresses


def lines(bench: Any) -> list[str]:
    return bench.known_hosts.read_text().splitlines() if bench.known_hosts.exists() else []


def refused(bench: Any, target: SshTarget) -> SshError:
    with pytest.raises(SshError) as caught:
        bench.open(target)
    assert (caught.value.kind, caught.value.unreachable) == ("host_key", True)
    return caught.value


def configured(bench: Any, *words: str) -> SshTarget:
    """The target with an ssh configuration instead of none."""
    file = bench.scratch / "config"
    file.write_text("\n".join(words))
    target: SshTarget = dataclasses.replace(
        bench.target, ssh_args=("-F", str(file), "-o", f"UserKnownHostsFile={bench.known_hosts}")
    )
    return target


def test_where_nobody_says_anything_an_unknown_key_is_written_down(bench: Any) -> None:
    assert bench.open(configured(bench)).opened
    assert len(lines(bench)) == 1


def test_strict_checking_by_ansible_or_by_ssh(bench: Any) -> None:
    by_ansible = dataclasses.replace(bench.target, host_key_checking=True)
    by_arguments = bench.change("-o", "StrictHostKeyChecking=yes")
    by_configuration = configured(bench, "Host *", "  StrictHostKeyChecking yes")
    for target in (by_ansible, by_arguments, by_configuration):
        refused(bench, target)
        assert lines(bench) == []
    bench.open()
    for target in (by_ansible, by_arguments, by_configuration):
        assert bench.open(target).opened
    assert len(lines(bench)) == 1


def test_checking_switched_off_as_with_ansible(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    bench.open(target).close()
    server.stop()
    server.new_host_key()
    server.start()
    said = refused(bench, target).message
    assert f"{target.display} is not accepted: WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! / " in said
    assert said.endswith("Host key verification failed.")
    off = dataclasses.replace(target, host_key_checking=False)
    assert bench.open(off).opened and works(bench, off)
    early = dataclasses.replace(target, host_key_checking=False, connect_timeout=9)
    refused(bench, dataclasses.replace(early, ssh_args=("-o", "StrictHostKeyChecking=yes", *early.ssh_args)))


@pytest.mark.provokes("host_key/changed")
def test_a_changed_keys_commands_show_the_difference_and_mend_it(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    bench.open(target).close()
    server.stop()
    server.new_host_key()
    server.start()
    before = lines(bench)
    hint = refused(bench, target).hint
    assert lines(bench) == before
    show, scan = re.findall(r"\((ssh-key[^)]*)\)", hint)
    known, offered = (re.findall(r"SHA256:\S+", shell(command)) for command in (show, scan))
    assert len(known) == 1
    assert known[0] not in offered
    shell(hint.partition("forget the old one: ")[2])
    assert bench.open(target).opened
    assert re.findall(r"SHA256:\S+", shell(show))[0] in offered


def shell(command: str) -> str:
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout


def test_a_host_certificate_is_enough(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    strict = dataclasses.replace(target, host_key_checking=True)
    authority = bench.scratch / "ca"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", authority], check=True)
    (bench.scratch / "host.pub").write_text(bench.on_host(f"cat {server.directory}/key.pub"))
    sign = ["ssh-keygen", "-q", "-s", authority, "-I", "lab", "-h", "-n", target.host, bench.scratch / "host.pub"]
    subprocess.run(sign, check=True)
    certificate = (bench.scratch / "host-cert.pub").read_text()
    bench.on_host(f"cat > {server.directory}/key-cert.pub <<'E'\n{certificate}E\n")
    server.stop()
    server.start(f"HostCertificate {server.directory}/key-cert.pub")
    refused(bench, strict)
    bench.known_hosts.write_text(f"@cert-authority [{target.host}]:* {authority.with_suffix('.pub').read_text()}")
    assert bench.open(strict).opened
    assert len(lines(bench)) == 1


def test_known_hosts_is_not_written_anew_after_a_login(bench: Any, sshd: Callable[..., Any]) -> None:
    """ssh's UpdateHostKeys would: at fan-out, additions of others get lost."""
    bench.on_host("rm -f /tmp/sf-second*; ssh-keygen -q -t ecdsa -N '' -f /tmp/sf-second")
    try:
        _server, target = sshd("HostKey /tmp/sf-second")
        bench.open(target).close()
        bench.open(target).probe("/run")
        assert len(lines(bench)) == 1
        bench.open(dataclasses.replace(target, extra_args=("-o", "UpdateHostKeys=yes"))).probe("/run")
        assert len(lines(bench)) == 2
    finally:
        bench.on_host("rm -f /tmp/sf-second*")


@contextmanager
def addresses(bench: Any) -> Iterator[list[str]]:
    """Addresses that all lead to the lab host; taken away again."""
    via = bench.target.host
    subprocess.run(["ip", "route", "replace", NETWORK, "via", via], check=True)
    try:
        bench.on_host(f"ip route replace local {NETWORK} dev lo")
        prefix = NETWORK.rpartition(".")[0]
        yield [f"{prefix}.{number}" for number in range(1, CONTACTS + 1)]
    finally:
        bench.on_host(f"ip route del local {NETWORK} dev lo")
        subprocess.run(["ip", "route", "del", NETWORK, "via", via], check=True)


def opened(bench: Any, targets: list[SshTarget]) -> list[Any]:
    with ThreadPoolExecutor(len(targets)) as pool:
        return list(pool.map(bench.open, targets))


def test_fifty_first_contacts_at_once_write_one_entry_each(bench: Any, sshd: Callable[..., Any]) -> None:
    with addresses(bench) as hosts:
        _server, target = sshd("MaxStartups 500", "PerSourceMaxStartups none")
        opened(bench, [dataclasses.replace(target, host=host) for host in hosts])
        names = [line.split()[0] for line in lines(bench)]
        assert sorted(names) == sorted(f"[{host}]:{target.port}" for host in hosts)
        for path in bench.runtime.glob("*.ctl"):
            subprocess.run(["ssh", "-F", "none", "-S", path, "-O", "exit", "x"], capture_output=True, check=False)


@pytest.mark.fault("Two users meet a host for the first time")
def test_two_users_first_contacts_to_one_host_write_one_entry(
    bench: Any, typist: Typist, sshd: Callable[..., Any]
) -> None:
    _server, target = sshd("StrictModes no")
    typist.keys(bench.lab)
    # It runs after known_hosts was read, and before it is written.
    slow = dataclasses.replace(target, extra_args=("-o", "KnownHostsCommand=/bin/sleep 0.3"))
    opened(bench, [slow, dataclasses.replace(slow, user=typist.name)])
    assert len(lines(bench)) == 1
    assert not [path for path in bench.runtime.glob("*.lock") if not list(bench.runtime.glob(f"{path.stem}-*.ctl"))]


def test_a_second_name_for_a_host_is_a_second_entry(bench: Any) -> None:
    named = bench.change("-o", "HostKeyAlias=by-another-name")
    assert bench.open(named).opened
    bench.open()
    assert sorted(line.split()[0] for line in lines(bench)) == sorted([bench.target.host, "by-another-name"])
    assert Path(named.private_key_file or "").is_file()
