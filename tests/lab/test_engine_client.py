# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine client on real engines: Podman and Docker of two Debian releases, each through a forwarded socket."""

from __future__ import annotations

import functools
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.facts import engine_facts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

IMAGE = "localhost/busybox:latest"
SOCKETS = {"podman": "/run/podman/podman.sock", "docker": "/run/docker.sock"}
ENGINES = [(host, engine) for host in ("bookworm1", "trixie1") for engine in SOCKETS]
MISSING_SOCKET = "/run/sshfleet-nobody.sock"
MIB = 1024 * 1024
# A process that ignores SIGTERM, so that what a stop timeout does can be measured; it says when it does.
STUBBORN = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"]
# In the order of their numbers (capability.h), as far as an engine gives them by itself.
CAPABILITIES = """
CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
"""
MAKE_IMAGE = f"""
set -eu
for engine in podman docker; do
  $engine image inspect {IMAGE} >/dev/null 2>&1 && continue
  folder=$(mktemp -d); mkdir "$folder/bin"; cp /bin/busybox "$folder/bin"
  for tool in $(/bin/busybox --list); do ln -sf busybox "$folder/bin/$tool"; done
  tar -C "$folder" -c . | $engine import - {IMAGE}; rm -r "$folder"
done
"""


@dataclass
class Forward:
    """One plain ``ssh -N`` with a local socket for each engine, and one whose other end does not exist."""

    directory: Path
    process: subprocess.Popen[bytes]

    def socket(self, engine: str) -> str:
        return str(self.directory / engine)


def _open_forward(lab: Any, host: str, directory: Path) -> Forward:
    entry = lab.hosts[host]
    sockets = {**SOCKETS, "nobody": MISSING_SOCKET}
    forwards = [option for name, remote in sockets.items() for option in ("-L", f"{directory / name}:{remote}")]
    argv = [
        "ssh", "-F", "none", "-N", "-i", lab.key, "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={lab.known_hosts}",
        "-o", "StrictHostKeyChecking=accept-new", "-o", "ControlPath=none", "-o", "ExitOnForwardFailure=yes", *forwards,
        f"{entry.get('user', 'root')}@{entry['hostname']}",
    ]  # fmt: skip
    process = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not all((directory / name).exists() for name in sockets):
        assert process.poll() is None, "ssh ended"
        assert time.monotonic() < deadline, "ssh opened no forward within 10 s"
        time.sleep(0.02)
    return Forward(directory, process)


@pytest.fixture(scope="module")
def forward(session_lab: Any) -> Iterator[Callable[[str], Forward]]:
    """The forward of a host, with the test image on both of its engines."""
    with tempfile.TemporaryDirectory(prefix="sshfleet-") as short:  # a Unix socket's path is short
        opened: list[Forward] = []

        @functools.cache
        def get(host: str) -> Forward:
            (directory := Path(short) / host).mkdir()
            session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)
            opened.append(_open_forward(session_lab, host, directory))
            return opened[-1]

        yield get
        for one in opened:
            one.process.terminate()
            one.process.wait()


@dataclass
class Case:
    """One engine under test."""

    lab: Any
    host: str
    engine: str
    client: EngineClient

    def ssh(self, *argv: str, **options: Any) -> str:
        return self.lab.ssh(self.host, *argv, **options)

    def state(self, name: str) -> str:
        found = self.client.inspect_container(name)
        assert found is not None
        return found["State"]["Status"]

    def wait_for_log(self, name: str, text: str) -> str:
        deadline = time.monotonic() + 10
        while text not in (log := self.client.logs_tail(name)):
            assert time.monotonic() < deadline, f"{text!r} is not in the log: {log!r}"
            time.sleep(0.05)
        return log


@pytest.fixture(params=ENGINES, ids="-".join)
def case(request: pytest.FixtureRequest, session_lab: Any, forward: Callable[[str], Forward]) -> Iterator[Case]:
    host, engine = request.param
    with EngineClient(forward(host).socket(engine)) as client:
        yield Case(session_lab, host, engine, client)


Make = Callable[..., str]


@pytest.fixture
def make(case: Case) -> Iterator[Make]:
    """Create a container that ends with the test; gives its name. Options are fields of the API's create body."""
    names: list[str] = []

    def make(*cmd: str, start: bool = True, **config: Any) -> str:
        names.append(name := f"engine-test-{uuid.uuid4().hex[:8]}")
        case.client.create_container(name, {"Image": IMAGE, "Cmd": list(cmd or ["sleep", "600"]), **config})
        if start:
            case.client.start(name)
        return name

    yield make
    for name in reversed(names):
        if case.client.inspect_container(name) is not None:
            case.client.remove(name, force=True, volumes=True)


@pytest.fixture
def network(case: Case) -> Iterator[str]:
    name = f"engine-test-{uuid.uuid4().hex[:8]}"
    case.ssh(case.engine, "network", "create", name)
    yield name
    case.ssh(case.engine, "network", "rm", name)


def _seconds(action: Callable[[], Any]) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


def test_identity_is_read_from_the_engine(case: Case) -> None:
    identity = case.client.identity
    assert identity.name == case.engine
    assert identity.version.partition("+")[0] in case.ssh(case.engine, "--version")
    assert identity.kernel == case.ssh("uname", "-r").strip()
    assert (identity.os, EngineIdentity.from_dict(identity.to_dict())) == ("linux", identity)
    case.client.ping()


def test_life_of_a_container(case: Case, make: Make) -> None:
    client, name = case.client, make(start=False, StopTimeout=0)
    assert case.state(name) == "created"
    client.start(name)
    client.start(name)
    assert case.state(name) == "running"
    client.pause(name)
    assert case.state(name) == "paused"
    client.unpause(name)
    client.restart(name, 0)
    assert case.state(name) == "running"
    client.stop(name, 0)
    client.stop(name, 0)
    assert case.state(name) == "exited"
    client.rename(name, f"{name}-new")
    assert client.inspect_container(name) is None
    client.rename(f"{name}-new", name)
    client.remove(name)
    assert client.inspect_container(name) is None


def test_stop_and_restart_give_the_containers_own_time(case: Case, make: Make) -> None:
    name = make(*STUBBORN, StopTimeout=2)
    case.wait_for_log(name, "deaf")
    assert 1.9 < _seconds(lambda: case.client.restart(name)) < 5
    case.wait_for_log(name, "deaf\ndeaf")
    assert 1.9 < _seconds(lambda: case.client.stop(name)) < 5


def test_a_forced_removal_does_not_wait(case: Case, make: Make) -> None:
    name = make(*STUBBORN, StopTimeout=5)
    case.wait_for_log(name, "deaf")
    assert _seconds(lambda: case.client.remove(name, force=True)) < 2


def test_list(case: Case, make: Make) -> None:
    label = f"engine-test={uuid.uuid4().hex}"
    labels = dict([label.split("=")])
    running, created = make(Labels=labels), make(start=False, Labels=labels)
    filters = {"label": [label]}

    def names(**options: Any) -> set[str]:
        return {entry["Names"][0] for entry in case.client.list_containers(filters=filters, **options)}

    assert names() == {f"/{running}", f"/{created}"}
    assert names(all=False) == {f"/{running}"}


# Fields of the dialect's live_update and a new value for each, as inspect must report it afterwards.
LIVE: dict[str, dict[str, Any]] = {
    "Memory": {"Memory": 64 * MIB, "MemorySwap": 128 * MIB},
    "MemorySwap": {"Memory": 64 * MIB, "MemorySwap": 96 * MIB},
    "MemoryReservation": {"MemoryReservation": 16 * MIB},
    "NanoCpus": {"NanoCpus": 250_000_000},
    "CpuShares": {"CpuShares": 512},
    "CpusetCpus": {"CpusetCpus": "0"},
    "PidsLimit": {"PidsLimit": 99},
    "RestartPolicy": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}},
}


@pytest.mark.parametrize("field", LIVE)
def test_update_takes_what_the_dialect_says_and_keeps_the_rest(case: Case, make: Make, field: str) -> None:
    name = make(HostConfig={"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}})
    if field not in case.client.dialect.live_update:
        with pytest.raises(EngineError) as caught:
            case.client.update(name, LIVE[field])
        assert caught.value.kind == "unsupported"
        return
    case.client.update(name, LIVE[field])
    host_config = (case.client.inspect_container(name) or {})["HostConfig"]
    expected = {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}, **LIVE[field]}
    assert {key: host_config[key] for key in expected} == expected


def test_networks(case: Case, make: Make, network: str) -> None:
    name = make()

    def connected() -> dict[str, Any]:
        return (case.client.inspect_container(name) or {})["NetworkSettings"]["Networks"]

    assert list(connected()) == [case.client.dialect.default_network]
    case.client.connect_network(network, name, {"Aliases": ["other"]})
    assert "other" in connected()[network]["Aliases"]
    case.client.disconnect_network(network, name)
    assert network not in connected()
    assert (case.client.inspect_network(network) or {})["Name"] == network
    assert case.client.inspect_network("engine-test-nobody") is None


def _observe_env(case: Case, make: Make) -> dict[str, Any]:
    config = (case.client.inspect_container(make()) or {})["Config"]
    names = {entry.partition("=")[0] for entry in config["Env"] or []}
    if "HOME" not in case.client.dialect.added_env:
        names.discard("HOME")  # Podman 4.3 adds it on some hosts and not on others
    signal = config.get("StopSignal", "")
    return {"added_env": names, "default_working_dir": config["WorkingDir"], "stop_signal_is_number": signal.isdigit()}


def _observe_capabilities(case: Case, make: Make) -> dict[str, Any]:
    name = make("cat", "/proc/self/status")
    bits = int(case.wait_for_log(name, "CapBnd").partition("CapBnd:")[2].split()[0], 16)
    capabilities = CAPABILITIES.split()
    assert bits >> len(capabilities) == 0
    return {"default_capabilities": {name for number, name in enumerate(capabilities) if bits >> number & 1}}


def _observe_reported_capabilities(case: Case, make: Make) -> dict[str, Any]:
    host_config = (case.client.inspect_container(make(HostConfig={"CapDrop": ["ALL"]})) or {})["HostConfig"]
    dropped = set(host_config["CapDrop"])
    return {"capabilities_relative_to": None if dropped == {"ALL"} else dropped}


def _observe_read_only(case: Case, make: Make) -> dict[str, Any]:
    host_config = (case.client.inspect_container(make(HostConfig={"ReadonlyRootfs": True})) or {})["HostConfig"]
    return {"read_only_adds_tmpfs": set(host_config.get("Tmpfs") or {})}


def _observe_mounts(case: Case, make: Make) -> dict[str, Any]:
    name = make(HostConfig={"Tmpfs": {"/t": ""}, "Binds": ["/etc:/e"]})
    host_config = (case.client.inspect_container(name) or {})["HostConfig"]
    options = f"{host_config['Tmpfs']['/t']},{host_config['Binds'][0].removeprefix('/etc:/e').removeprefix(':')}"
    return {"added_mount_options": set(filter(None, options.split(",")))}


def _observe_ports(case: Case, make: Make) -> dict[str, Any]:
    bindings = {"80/tcp": [{"HostIp": "", "HostPort": ""}]}
    found = case.client.inspect_container(make(HostConfig={"PortBindings": bindings})) or {}
    (reported,) = found["HostConfig"]["PortBindings"]["80/tcp"]
    return {
        "reports_assigned_ports": reported["HostPort"] != "",
        "any_address": reported["HostIp"],
        "publishes_only_exposed": not found["NetworkSettings"]["Ports"],
    }


def _observe_network_mode(case: Case, make: Make) -> dict[str, Any]:
    name = f"engine-test-{uuid.uuid4().hex[:8]}"
    case.ssh(case.engine, "network", "create", name)
    try:
        container = make(HostConfig={"NetworkMode": name})
        mode = (case.client.inspect_container(container) or {})["HostConfig"]["NetworkMode"]
        case.client.remove(container, force=True)
        endpoints = {"EndpointsConfig": {name: {}, case.client.dialect.default_network: {}}}
        both = {"HostConfig": {"NetworkMode": name}, "NetworkingConfig": endpoints}
        refused = _refused(lambda: case.client.remove(make(start=False, **both)))
        return {"network_mode_hides_name": mode == "bridge", "create_takes_networks": not refused}
    finally:
        case.ssh(case.engine, "network", "rm", name)


def _observe_stop_timeout(case: Case, make: Make) -> dict[str, Any]:
    config = (case.client.inspect_container(make(start=False)) or {})["Config"]
    reported = config.get("StopTimeout", 10)
    return {"default_stop_timeout": None if reported == 10 else reported}


def _refused(action: Callable[[], Any]) -> bool:
    try:
        action()
    except EngineError:
        return True
    return False


def _observe_refusals(case: Case, make: Make) -> dict[str, Any]:
    base = make(StopTimeout=0)
    make(StopTimeout=0, HostConfig={"NetworkMode": f"container:{base}"})
    paused = make(StopTimeout=0)
    case.client.pause(paused)
    observed = {
        "stop_refuses_paused": _refused(lambda: case.client.stop(paused, 0)),
        "rename_refuses_same": _refused(lambda: case.client.rename(base, base)),
        "remove_refuses_dependents": _refused(lambda: case.client.remove(base, force=True)),
        "resolves_short_names": case.client.inspect_image("busybox") is not None,
    }
    if case.state(paused) == "paused":
        case.client.unpause(paused)
    return observed


def _observe_dropped(case: Case, make: Make) -> dict[str, Any]:
    name = make("cat", "/proc/sys/kernel/domainname", Domainname="engine.test")
    case.wait_for_log(name, "\n")
    return {"dropped": {"Domainname", "MacAddress"} if "engine.test" not in case.client.logs_tail(name) else set()}


OBSERVATIONS = [
    _observe_env, _observe_capabilities, _observe_reported_capabilities, _observe_read_only, _observe_mounts,
    _observe_ports, _observe_network_mode, _observe_stop_timeout, _observe_refusals, _observe_dropped,
]  # fmt: skip


@pytest.mark.parametrize("observe", OBSERVATIONS, ids=lambda observe: observe.__name__.removeprefix("_observe_"))
def test_the_dialect_says_what_the_engine_does(case: Case, make: Make, observe: Callable[..., dict[str, Any]]) -> None:
    observed = observe(case, make)
    assert {field: getattr(case.client.dialect, field) for field in observed} == observed


def test_update_of_a_stopped_container(case: Case, make: Make) -> None:
    name = make(StopTimeout=0)
    case.client.stop(name)
    if not case.client.dialect.live_update:
        _fails("unsupported", 404, lambda: case.client.update(name, {"Memory": 64 * MIB}))
        return

    def shown() -> bool:
        return (case.client.inspect_container(name) or {})["HostConfig"]["Memory"] == 64 * MIB

    case.client.update(name, {"Memory": 64 * MIB, "MemorySwap": 128 * MIB})
    assert shown() is not case.client.dialect.stopped_update_shows_at_start
    case.client.start(name)
    assert shown()


def _fails(kind: str, status: int | None, action: Callable[[], Any]) -> str:
    with pytest.raises(EngineError) as caught:
        action()
    assert caught.value.kind == kind
    assert status is None or caught.value.status == status
    return caught.value.message


def test_errors_have_their_kind_on_every_engine(case: Case, make: Make) -> None:
    client, nobody, name = case.client, "engine-test-nobody", make(StopTimeout=0)
    body = {"Image": IMAGE, "Cmd": ["sleep", "600"]}
    assert nobody in _fails("container_missing", 404, lambda: client.start(nobody))
    assert nobody in _fails("container_missing", 404, lambda: client.remove(nobody, force=True))
    assert nobody in _fails("container_missing", 404, lambda: client.logs_tail(nobody))
    assert client.inspect_image("localhost/nobody:1") is None
    assert "localhost/nobody:1" in _fails(
        "image_missing", 404, lambda: client.create_container(nobody, {"Image": "localhost/nobody:1"})
    )
    assert nobody in _fails("network_missing", 404, lambda: client.connect_network(nobody, name))
    assert name in _fails("name_in_use", None, lambda: client.create_container(name, body))
    _fails("name_in_use", None, lambda: client.rename(make(start=False), name))
    port = {"80/tcp": [{"HostPort": "18431"}]}
    make(StopTimeout=0, ExposedPorts={"80/tcp": {}}, HostConfig={"PortBindings": port})
    _fails("port_in_use", 500, lambda: make(ExposedPorts={"80/tcp": {}}, HostConfig={"PortBindings": port}))


def test_dependents(case: Case, make: Make) -> None:
    base = make(StopTimeout=0)
    make(StopTimeout=0, HostConfig={"NetworkMode": f"container:{base}"})
    if case.client.dialect.remove_refuses_dependents:
        _fails("dependents", 500, lambda: case.client.remove(base, force=True))
    else:
        case.client.remove(base, force=True)
    assert (case.client.inspect_container(base) is None) is not case.client.dialect.remove_refuses_dependents


@pytest.mark.parametrize("tty", [False, True])
def test_logs(case: Case, make: Make, tty: bool) -> None:
    # stderr a moment later: the order of two streams written at once is nobody's
    script = "for i in 1 2 3 4 5 ä; do echo out$i; done; sleep 0.3; echo err >&2; sleep 0.3; printf end"
    name = make("sh", "-c", script, Tty=tty, start=False)
    assert case.client.logs_tail(name) == ""
    case.client.start(name)
    case.wait_for_log(name, "end")
    assert case.client.logs_tail(name, 100) == "out1\nout2\nout3\nout4\nout5\noutä\nerr\nend"
    assert case.client.logs_tail(name, 3).splitlines()[-2:] == ["err", "end"]
    assert len(case.client.logs_tail(name, 3).splitlines()) == 3


def test_facts_are_the_hosts(case: Case, make: Make) -> None:
    before = engine_facts(case.client.identity, case.client.info(), case.client.disk_usage())
    make("sh", "-c", "dd if=/dev/zero of=/file bs=1k count=300; sleep 600", StopTimeout=0)
    deadline = time.monotonic() + 10
    while True:
        after = engine_facts(case.client.identity, case.client.info(), case.client.disk_usage())
        grown = after["disk_usage"]["containers"]["size"] - before["disk_usage"]["containers"]["size"]
        if grown >= 300 * 1024:
            break
        assert time.monotonic() < deadline, grown
    assert after["hostname"] == case.ssh("hostname").strip()
    assert after["kernel"] == case.ssh("uname", "-r").strip()
    assert case.ssh("test", "-d", after["root_dir"]) == ""
    assert after["storage_driver"].startswith("overlay")
    assert after["containers"]["running"] == before["containers"]["running"] + 1
    assert after["disk_usage"]["containers"]["count"] == before["disk_usage"]["containers"]["count"] + 1
    assert after["disk_usage"]["images"]["size"] > 1_000_000
    assert after["images"] >= 1
    assert after["rootless"] is False


def test_one_client_serves_many_threads(case: Case, make: Make) -> None:
    name = make()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _number: (case.client.inspect_container(name) or {})["Name"], range(80)))
    assert found == [f"/{name}"] * 80


def test_a_forward_to_nowhere_is_no_answer(session_lab: Any, forward: Callable[[str], Forward]) -> None:
    with pytest.raises(EngineError) as caught:
        EngineClient(forward("trixie1").socket("nobody"))
    assert (caught.value.kind, caught.value.status) == ("no_answer", None)


def test_a_forward_that_dies_is_no_answer(session_lab: Any, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sshfleet-") as short:
        forward = _open_forward(session_lab, "trixie1", Path(short))
        with EngineClient(forward.socket("docker")) as client:
            client.ping()
            forward.process.terminate()
            forward.process.wait()
            with pytest.raises(EngineError) as caught:
                client.ping()
    assert (caught.value.kind, caught.value.status) == ("no_answer", None)


REGISTRY = "127.0.0.1:5000"  # of the host; Docker takes every registry on 127.0.0.0/8 without TLS
REGISTRY_UNIT = "sshfleet-test-registry"
# The package would start a registry of its own that listens everywhere: masked before it is installed.
START_REGISTRY = f"""
set -eu
systemctl mask --quiet docker-registry
if [ ! -x /usr/bin/docker-registry ]; then
  touch /run/{REGISTRY_UNIT}.installed
  apt-get install -y --no-install-recommends docker-registry >/dev/null 2>&1 \\
    || {{ apt-get update >/dev/null; apt-get install -y --no-install-recommends docker-registry >/dev/null; }}
fi
mkdir -p /run/{REGISTRY_UNIT} /etc/containers/registries.conf.d
cat > /run/{REGISTRY_UNIT}/config.yml <<EOF
version: 0.1
storage: {{filesystem: {{rootdirectory: /run/{REGISTRY_UNIT}/data}}}}
http: {{addr: "{REGISTRY}"}}
EOF
cat > /etc/containers/registries.conf.d/{REGISTRY_UNIT}.conf <<EOF
[[registry]]
location = "{REGISTRY}"
insecure = true
EOF
systemd-run --quiet --collect --unit={REGISTRY_UNIT} /usr/bin/docker-registry serve /run/{REGISTRY_UNIT}/config.yml
systemctl stop podman.service  # it reads registries.conf.d once; its socket starts it again
docker tag {IMAGE} {REGISTRY}/engine-test:1
for _ in $(seq 50); do docker push --quiet {REGISTRY}/engine-test:1 && break; sleep 0.2; done
docker image inspect --format '{{{{index .RepoDigests 0}}}}' {REGISTRY}/engine-test:1 > /run/{REGISTRY_UNIT}/digest
docker rmi {REGISTRY}/engine-test:1 >/dev/null
"""
STOP_REGISTRY = f"""
systemctl stop {REGISTRY_UNIT}
rm -f /etc/containers/registries.conf.d/{REGISTRY_UNIT}.conf
systemctl stop podman.service
if [ -e /run/{REGISTRY_UNIT}.installed ]; then apt-get purge -y docker-registry >/dev/null; fi
systemctl unmask --quiet docker-registry
rm -rf /run/{REGISTRY_UNIT} /run/{REGISTRY_UNIT}.installed
"""


@pytest.fixture(scope="module")
def registry(session_lab: Any, forward: Callable[[str], Forward]) -> Iterator[Callable[[str], str]]:
    """Start Debian's registry on a host, with one image in it; gives the image's reference by digest."""
    started: list[str] = []

    @functools.cache
    def get(host: str) -> str:
        forward(host)
        started.append(host)
        session_lab.ssh(host, "sh", "-s", input=START_REGISTRY)
        return session_lab.ssh(host, "cat", f"/run/{REGISTRY_UNIT}/digest").strip()

    yield get
    for host in started:
        session_lab.ssh(host, "sh", "-s", input=STOP_REGISTRY)


def test_pull(case: Case, registry: Callable[[str], str]) -> None:
    by_digest, by_tag = registry(case.host), f"{REGISTRY}/engine-test:1"
    for ref in (by_tag, by_digest):
        seen: list[dict[str, Any]] = []
        assert case.client.inspect_image(ref) is None
        case.client.pull_image(ref, seen.append)
        image = case.client.inspect_image(ref)
        assert image is not None
        assert any(by_digest == known for known in image["RepoDigests"])
        assert any("status" in entry for entry in seen)
        case.ssh(case.engine, "rmi", "--force", ref)


def test_pull_fails_in_the_engines_words(case: Case, registry: Callable[[str], str]) -> None:
    registry(case.host)
    assert "unknown" in _fails("engine_error", None, lambda: case.client.pull_image(f"{REGISTRY}/engine-test:2"))
    closed = "127.0.0.1:5999/engine-test:1"
    assert "connection refused" in _fails("engine_error", None, lambda: case.client.pull_image(closed))
    assert case.client.inspect_image(closed) is None
