# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Engines without root: every module works, and what such an engine can't do is refused or told with a remedy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT
from container_place import Place
from engine_cases import IMAGE
from everywhere import everywhere
from lab_hosts import Lab
from lab_users import lab_user, script
from quadlet_place import Place as UserPlace
from quadlet_place import place_session
from role_runs import counts, play, set_up
from rootless import END, KEEPER, client_of, inventory, rootless
from tasks import keeping

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue

Sockets = dict[tuple[str, str], str]
NAME = "lab-rootless"
DEPLOY = "deploy"
BUILT = f"localhost/{NAME}:1"
CONTAINER: dict[str, Any] = {
    "name": NAME, "image": IMAGE, "command": "sleep 1000", "stop_timeout": 0,
    "volumes": [f"{NAME}:/data", "/etc:/host:ro"], "networks": [{"name": NAME, "aliases": ["web"]}], "env": {"A": "1"},
    "published_ports": ["auto(18600-18700):80"], "healthcheck": {"test": "true", "interval": "1s"}, "state": "healthy",
}  # fmt: skip
CREATED = {"remote_container": CONTAINER}
PROJECT: dict[str, Any] = {
    "name": NAME, "networks": [{"name": f"{NAME}-shop"}],
    "containers": [
        {"name": f"{NAME}-{name}", "image": IMAGE, "command": "sleep 1000", "stop_timeout": 0, **more}
        for name, more in {
            "db": {"networks": [{"name": f"{NAME}-shop"}], "healthcheck": {"test": "true", "interval": "1s"}},
            "web": {"network_mode": f"container:{NAME}-db", "depends_on": {f"{NAME}-db": "healthy"}},
        }.items()
    ],
}  # fmt: skip
KUBE = {
    "apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"{NAME}-kube"},
    "spec": {"containers": [{"name": "main", "image": IMAGE, "command": ["/bin/sleep", "1000"]}]},
}  # fmt: skip
FOLLOWS = f"localhost/{NAME}-follows:1"
AS_USER = "export XDG_RUNTIME_DIR=/run/user/$(id -u)"
QUADLETS = "inventory_hostname == 'trixie1-podman'"  # what has some
LONG = {"remote_container_exec": {"container": NAME, "argv": ["sleep", "100"], "timeout": 1}}
SHIPPED = {"remote_image_info": {"name": BUILT}}


def test_the_role_sets_up_a_user_s_podman(session_lab: Lab) -> None:
    hosts = ("bookworm1", "trixie1")
    wanted = {"server_setup_engines": ["podman"], "server_setup_rootless_users": [DEPLOY]}
    given = ("--limit", ",".join(hosts), "-e", json.dumps(wanted))
    without = f"sed -i '/^{DEPLOY}:/d' /etc/subuid /etc/subgid"
    with ExitStack() as stack:
        missing = play(session_lab, *given)
        assert missing.returncode == 2 and f"users whom trixie1 does not have: {DEPLOY}. Make them" in _flat(
            missing.stdout
        )
        for host in hosts:
            stack.enter_context(lab_user(session_lab, host, DEPLOY))
            stack.callback(script, session_lab, host, END, DEPLOY, check=False)
            session_lab.ssh(host, without)
        said, done, again = (set_up(session_lab, *given, *more) for more in (("--check",), (), ()))
        for host in hosts:
            uid = session_lab.ssh(host, "id", "-u", DEPLOY).strip()
            socket = f"/run/user/{uid}/podman/podman.sock"
            assert (
                f"{DEPLOY} would get ranges of subordinate IDs, a systemd that runs without a login, podman.socket"
                in said
            )
            assert counts(said, host)["changed"] == counts(done, host)["changed"] > 0 == counts(again, host)["changed"]
            assert f"{DEPLOY}: ansible_user={DEPLOY} sshfleet_engine_socket={socket}" in done
            ranges = session_lab.ssh(host, f"grep -h '^{DEPLOY}:' /etc/subuid /etc/subgid").split()
            assert len(ranges) == 2 and ranges[0] == ranges[1] and ranges[0].endswith(":65536"), ranges
            restarts = f"runuser -u {DEPLOY} -- env XDG_RUNTIME_DIR=/run/user/{uid} systemctl --user is-enabled"
            assert session_lab.ssh(host, f"{restarts} podman-restart.service") == "enabled\n"
            with client_of(session_lab, host, socket, DEPLOY) as client:
                assert client.engine.rootless and client.containers.list() == []


def _flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def sockets(session_lab: Lab) -> Iterator[Sockets]:
    with rootless(session_lab) as made:
        yield made


def example() -> dict[str, Any]:
    """The play of the page, on the hosts that have their first user's Podman."""
    page = (CHECKOUT / "docs" / "docsite" / "rst" / "rootless.rst").read_text()
    block = page.partition(".. code-block:: yaml\n")[2].partition("\nThe number")[0]
    (play,) = yaml.safe_load(block)
    return {**play, "hosts": "*-podman"}


def test_each_module(sockets: Sockets, session_lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "Dockerfile").write_text(f"FROM {IMAGE}\nLABEL made=here\n")
    (tmp_path / "given").write_text("from the controller\n")
    archive = f"{tmp_path}/{{{{ inventory_hostname }}}}.tar"
    hosts_file = f"{tmp_path}/{{{{ inventory_hostname }}}}.hosts.json"
    tasks: list[dict[str, Any]] = [
        {"remote_engine_info": {}},
        {"remote_tunnel": {}},
        {
            "remote_compose": {
                "content": f"services: {{web: {{image: {IMAGE}, command: [sleep, '600'], stop_grace_period: 0s}}}}",
                "project_name": "lab-compose",
            }
        },
        {
            "remote_quadlet": {
                "name": NAME,
                "container": {"image": IMAGE, "command": "sleep 1000", "stop_timeout": 0, "name": f"{NAME}-unit"},
                "sections": {"Container": {"PodmanArgs": "--cgroups=disabled"}},  # the host has cgroup v1
            },
            "when": QUADLETS,
        },
        {"remote_auto_update": {}},
        {"remote_quadlet": {"name": f"{NAME}.container", "state": "absent"}, "when": QUADLETS},
        {"remote_compose_info": {"content": "services: {web: {image: shop}}", "project_name": "shop"}},
        {"remote_host": {"path": hosts_file, "name": "web3", "hostname": "192.0.2.13", "verify": False}},
        {"remote_host_info": {"path": hosts_file}},
        {"remote_host_import": {"path": hosts_file, "source": "inventory"}},
        {"remote_network": {"name": NAME}},
        {"remote_network_info": {"name": NAME}},
        {"remote_volume": {"name": NAME}},
        {"remote_volume_info": {"name": NAME}},
        {"remote_pod": {"name": f"{NAME}-pod", "state": "started"}},
        {"remote_pod_info": {"name": f"{NAME}-pod"}},
        {"remote_kube": {"content": KUBE}},
        {"remote_kube_info": {"name": f"{NAME}-kube"}},
        {"remote_secret": {"name": NAME, "data": "hidden"}},
        {"remote_secret_info": {"name": NAME}},
        {"remote_image": {"name": BUILT, "source": "build", "build": {"path": f"{tmp_path}/context"}}},
        {"remote_image": {"name": BUILT, "source": "local", "archive_path": archive}},
        {"remote_image": {"name": BUILT, "state": "absent"}},
        SHIPPED,
        {"remote_login": {"registry_url": "registry.example.com", "state": "absent"}},
        CREATED,
        CREATED,
        {"remote_containers": PROJECT},
        {"remote_containers": {**PROJECT, "state": "absent", "purge": True}},
        {"remote_container_info": {"name": NAME}},
        {"remote_container_copy": {"container": NAME, "path": f"{tmp_path}/given", "container_path": "/data/given"}},
        {"remote_container_exec": {"container": NAME, "argv": ["cat", "/data/given"]}},
        LONG,
        {"remote_container_logs": {"container": NAME}},
        {"remote_events": {"names": [NAME]}},
        {"remote_container": {"name": NAME, "state": "absent"}},
        {"remote_prune": {"networks": True, "volumes": True}},
    ]
    once = {  # for all hosts, with one result
        "remote_image_ship": {"name": BUILT, "path": archive},
        "remote_fleet_report": {"path": "fleet.html"},
        "remote_fleet_info": {
            "read": ["containers", "engine", "images", "volumes", "networks", "disk"], "require_complete": True,
        },
    }  # fmt: skip
    assert {next(iter(task)) for task in tasks} == set(catalogue.MODULES) - set(once)
    output = f"{tmp_path}/{{{{ inventory_hostname }}}}.json"
    steps = keeping(tasks, output)
    shipped = tasks.index(SHIPPED)
    steps[shipped:shipped] = [{f"sshfleet.containers.{name}": options} for name, options in once.items()]
    play = {"hosts": "all", "gather_facts": False, "tasks": steps}
    hosts = inventory(session_lab, sockets, tmp_path / "hosts.yml")
    done = session_lab.playbook([play, example()], tmp_path, inventory=hosts)
    assert done.returncode == 0, done.stdout + done.stderr
    for host, engine in sockets:
        file = tmp_path / f"{host}-{engine}.json"
        assert file.is_file(), done.stdout + done.stderr
        results = json.loads(file.read_text())
        pairs = zip(tasks, results, strict=True)
        wrong = [
            (task, result["msg"])
            for task, result in pairs
            if bool(result.get("failed")) != (task is LONG or ("when" not in task and _lacks(engine, task)))
        ]
        ended = results[tasks.index(LONG)]
        assert "could not be ended" not in ended["msg"] and ended["error"]["kind"] == "timeout", ended
        assert not wrong, (host, engine, wrong)
        assert results[0]["engine"]["name"] == engine and results[0]["engine"]["rootless"]
        if (host, engine) == ("trixie1", "podman"):
            there, gone = (result for task, result in zip(tasks, results, strict=True) if "remote_quadlet" in task)
            assert there["quadlet"]["scope"] == "user" and there["quadlet"]["active_state"] == "active", there
            assert there["quadlet"]["path"] == f"/home/{KEEPER}/.config/containers/systemd/{NAME}.container"
            assert there["quadlet"]["enabled"] and gone["changed"] and gone["quadlet"] is None, gone
        made, again = (results[tasks.index(CREATED) + number] for number in (0, 1))
        assert made["changed"] and not again["changed"], (host, engine, again)


@pytest.mark.provokes("no_auto_update")
def test_what_is_podmans_own(sockets: Sockets, session_lab: Lab) -> None:
    """A secret in a container of a quadlet that follows its image."""
    socket = sockets["trixie1", "podman"]
    with closing(_place(session_lab, "trixie1", KEEPER, socket)) as place:
        place.shell(f"{AS_USER}; podman tag {IMAGE} {FOLLOWS}")
        try:
            _follow(place)
        finally:
            place.run(name=f"{NAME}-own.container", state="absent")
            place.run("secret", name=f"{NAME}-own", state="absent")
            place.shell(f"{AS_USER}; podman rm -f -t 0 {NAME}-new; podman rmi -f {FOLLOWS}")
    with closing(_place(session_lab, "trixie1", "root", socket)) as root:  # whose commands are about another engine
        for module, given in (("auto_update", {}), ("quadlet", {"name": "a.volume", "content": "[Volume]"})):
            refused = root.run(module, **given)
            assert refused["error"]["kind"] == f"no_{module}".replace("quadlet", "quadlets"), refused
            assert "user ID 0" in refused["msg"] and "Log in as that user" in refused["msg"], refused


def _place(lab: Lab, host: str, user: str, socket: str) -> UserPlace:
    return UserPlace(lab, host, lambda: place_session(lab, host, user=user, engine="podman", engine_socket=socket))


def _follow(place: UserPlace) -> None:
    lines = {"Secret": f"{NAME}-own,type=env,target=WORD", "AutoUpdate": "local",
             "PodmanArgs": "--cgroups=disabled"}  # fmt: skip
    container = {"image": FOLLOWS, "command": "sleep 1000", "stop_timeout": 0, "network_mode": "none"}
    assert place.run("secret", name=f"{NAME}-own", data="hidden-word")["changed"]
    place.both(name=f"{NAME}-own", container=container, sections={"Container": lines})
    found = place.inspect(f"{NAME}-own")
    assert place.shell(f"{AS_USER}; podman exec {NAME}-own sh -c 'echo $WORD'") == "hidden-word\n"
    assert place.run("auto_update")["containers"][0]["status"] == "current"
    place.shell(f"{AS_USER}; podman create --name {NAME}-new {IMAGE} && podman commit -q {NAME}-new {FOLLOWS}")
    looked, done, again = (place.run("auto_update", check=check) for check in (True, False, False))
    assert [one["containers"][0]["status"] for one in (looked, done, again)] == ["pending", "updated", "current"]
    assert [one["changed"] for one in (looked, done, again)] == [True, True, False]
    assert place.inspect(f"{NAME}-own")["Id"] != found["Id"]


def _lacks(engine: str, task: dict[str, Any]) -> bool:
    """Whether the engine has nothing of the task's kind."""
    return engine not in catalogue.module(next(iter(task))).engines


# What such an engine can't do: the options, the engines, and words of the error and its remedy.
UNABLE: tuple[tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]], ...] = (
    ({"published_ports": ["80:80"]}, ("podman", "docker"), ("published_ports", "from 1024")),
    ({"volumes": ["/srv/none:/none"]}, ("podman", "docker"), ("only what its user may",)),
    ({"user": "70000"}, ("podman", "docker"), ("/etc/subuid",)),
)
# With cgroup v1, it can limit nothing.
LIMITS: tuple[dict[str, Any], ...] = (
    {"memory": "64M"}, {"memory_reservation": "32M"}, {"cpus": 0.5}, {"cpu_shares": 512}, {"cpuset_cpus": "0"},
    {"pids_limit": 50},
)  # fmt: skip
# What it does and does not report, or does in another way.
UNREPORTED: tuple[dict[str, Any], ...] = (
    {"oom_score_adj": 100}, {"devices": ["/dev/fuse"]}, {"network_mode": "host"}, {"ulimits": ["nofile:100:200"]},
)  # fmt: skip


def test_what_it_cannot_is_told_and_the_rest_is_unchanged(sockets: Sockets, session_lab: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with client_of(session_lab, host, sockets[host, engine]) as client:
            place = Place(session_lab, host, engine, client)
            place.common = {"name": NAME, "image": IMAGE, "command": "sleep 1000", "stop_timeout": 0}
            try:
                _examine(place)
            finally:
                if client.containers.inspect(NAME):
                    client.containers.remove(NAME, force=True, volumes=True)

    everywhere(examine, tuple(sockets))


def _examine(place: Place) -> None:
    engine = place.client.engine
    assert engine.rootless and engine.title.endswith("without root")
    for given, engines, words in UNABLE:
        if engine.name in engines:
            failed = place.run(**given)
            assert failed.get("failed") and all(word in failed["msg"] for word in words), (given, failed)
    if place.client.system.info()["CgroupVersion"] == "1":
        for given in LIMITS:
            check, failed = place.run(check=True, **given), place.run(**given)
            assert check["msg"] == failed["msg"] and "an engine without root limits nothing" in failed["msg"], failed
    for given in UNREPORTED:
        done, again = place.steps([{**given, "recreate": True}, given])
        assert done["changed"] and not again["changed"], (given, again)
