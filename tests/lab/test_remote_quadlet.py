# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_quadlet on Podman 5.4 and on the newest one: files, units, refusals, and what a container gets."""

from __future__ import annotations

import difflib
import json
import re
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT
from engine_cases import IMAGE, LIMITLESS
from everywhere import everywhere
from lab_hosts import Lab
from quadlet_place import FOLDER, PLACES, PREFIX, Place, quadlet_place
from samples import SHIPPED, sample
from tasks import Task, through_ansible

APP = f"{PREFIX}app"
RUN = "trap exit TERM; while :; do sleep 1; done"
TEXT = f"""[Container]
Image={IMAGE}
ContainerName={APP}
Pull=never
Exec=sh -c "{RUN}"
PodmanArgs=--stop-timeout=1
[Install]
WantedBy=multi-user.target default.target
"""
KUBE = f"""apiVersion: v1
kind: Pod
metadata: {{name: {PREFIX}kube}}
spec:
  containers: [{{name: c, image: {IMAGE}, imagePullPolicy: Never, command: [sh, -c, "{RUN}"]}}]
  terminationGracePeriodSeconds: 0
"""
# What is nobody's on its way: quotes, backslashes, systemd's specifiers and variables, line breaks, tabs, an emoji.
ODD = "a  b\t%n %% $HOME ${HOME} $$ \"q\" 'z' \\n \\ #;\nsecond line \x01 ü 🦭"


def on_both(examine: Callable[[Place], None]) -> Callable[[Lab], None]:
    """Makes a test of what is to be examined on one host: it is, on both at once."""

    def one(lab: Lab, host: str, engine: str) -> None:
        with quadlet_place(lab, host, engine) as place:
            examine(place)

    def test(session_lab: Lab) -> None:
        everywhere(partial(one, session_lab), PLACES)

    test.__name__, test.__doc__ = examine.__name__, examine.__doc__
    return test


def actions(result: dict[str, Any]) -> list[str]:
    return [" ".join(filter(None, (one["action"], one.get("file")))) for one in result["actions"]]


def leftovers(place: Place) -> str:
    """Temporary files of ours on the host."""
    return place.shell(f"ls -a {FOLDER} | grep sshfleet; ls -d /tmp/tmp.* 2>/dev/null; true")


@on_both
def test_a_quadlet_from_its_first_day_to_its_last(place: Place) -> None:
    name = f"{APP}.container"
    done = place.both(name=name, content=TEXT)
    assert actions(done) == [f"create {name}", "reload", "start"]
    assert done["quadlet"] == {
        "name": name, "path": f"{FOLDER}/{name}", "mode": "0644", "files": [f"{FOLDER}/{name}"], "scope": "system",
        "unit": f"{APP}.service", "enabled": True, "active_state": "active", "sub_state": "running",
    }  # fmt: skip
    first = place.inspect(APP)["Id"]
    # what systemd does at boot: the target wants the unit that the generator makes anew each time
    assert "multi-user.target" in place.shell(f"systemctl show -p WantedBy --value {APP}.service").split()

    place.shell(f"echo foreign > {FOLDER}/{PREFIX}other.yaml")
    dropins = {"10-env.conf": "[Container]\nEnvironment=COLOR=blue\n", "20-none.conf": ""}
    changed = {"name": name, "content": TEXT.replace("=1\n", "=0\n"), "dropins": dropins}
    looked = place.run(check=True, **changed)
    assert actions(looked) == [f"update {name}", f"create {name}.d/10-env.conf", "reload", "restart"]
    assert place.shell(f"cat {FOLDER}/{name}") == TEXT and place.inspect(APP)["Id"] == first
    assert "-PodmanArgs" in _unified(looked) and "+PodmanArgs=--stop-timeout=0" in _unified(looked)
    place.both(**changed)
    second = place.inspect(APP)
    assert second["Id"] != first and "COLOR=blue" in second["Config"]["Env"]

    kept = place.run(**changed | {"restart": "never", "mode": "0600", "dropins": {"10-env.conf": ""}})
    assert actions(kept) == [f"update {name}", f"remove {name}.d/10-env.conf", "reload"]
    assert place.inspect(APP)["Id"] == second["Id"] and kept["quadlet"]["mode"] == "0600"
    place.shell(f"touch -d '+2 seconds' {FOLDER}/{name}")  # as if the run had been cut before the restart
    assert actions(place.run(name=name))[-1] == "restart"
    place.shell(f"touch -d '-1 minute' {FOLDER}/{name}")
    assert "COLOR=blue" not in place.inspect(APP)["Config"]["Env"]

    assert actions(place.both(name=name, state="stopped")) == ["stop"]
    assert place.run(name=name, state="present")["quadlet"]["active_state"] == "inactive"
    assert actions(place.both(name=name)) == ["start"]
    place.shell(f"mkdir {FOLDER}/{name}.d && printf '[Unit]\\nDescription=Other\\n' > {FOLDER}/{name}.d/50-mine.conf")
    gone = place.both(name=name, state="absent")
    assert actions(gone) == ["stop", f"remove {name}", f"remove {name}.d/50-mine.conf", "reload"]
    assert gone["quadlet"] is None and place.shell(f"ls {FOLDER} | grep {PREFIX}") == f"{PREFIX}other.yaml\n"
    assert "not-found" in place.shell(f"systemctl show -p LoadState {APP}.service")
    missing = place.run(name=name, state="started")
    assert missing["failed"] and "no such file" in missing["msg"] and "Give content" in missing["msg"]
    assert leftovers(place) == ""


def _unified(result: dict[str, Any]) -> str:
    sides = (result["diff"][side].splitlines(keepends=True) for side in ("before", "after"))
    return "".join(difflib.unified_diff(*sides))


@on_both
def test_what_the_generator_refuses_changes_nothing(place: Place) -> None:
    name = f"{APP}.container"
    place.run(name=f"{PREFIX}data.volume", content="[Volume]\n", state="present")
    good = TEXT.replace("Pull=never", f"Pull=never\nVolume={PREFIX}data.volume:/data")
    place.run(name=name, content=good, state="present")
    for bad, words in (
        ({"content": good.replace("Exec=", "Exek=")}, ("unsupported key 'Exek'", f"{FOLDER}/{name}")),
        ({"content": good.replace("[Container]", "[Container")}, ("line 1", "not a key-value pair")),
        ({"content": "[Container]\nExec=sleep 1\n"}, ("no Image or Rootfs key",)),
        ({"content": good, "dropins": {"10-x.conf": "Environment=A=1\n"}}, ("does not start with a group",)),
        ({"content": good.replace("data.volume", "none.volume")}, (f"{PREFIX}none.volume was not found",)),
        ({"container": {"image": IMAGE}, "sections": {"Container": {"Notky": 1}}}, ("unsupported key 'Notky'",)),
    ):
        for check in (True, False):
            refused = place.run(check=check, name=name, **bad)
            if check and "none.volume" in bad.get("content", ""):  # an earlier task may make it
                assert actions(refused) == [f"update {name}", "reload", "start"], refused
                assert "none.volume" in refused["diff"]["after"]
                assert f"There is no quadlet {PREFIX}none.volume on the host; a run needs it." in refused["warnings"]
                continue
            assert refused["failed"] and refused["error"]["kind"] == "invalid_option", refused
            assert all(word in refused["msg"] for word in words) and "Nothing was changed" in refused["msg"], refused
            assert "/tmp/" not in refused["msg"]
    assert place.shell(f"cat {FOLDER}/{name}") == good
    needed = place.run(name=f"{PREFIX}data.volume", state="absent")
    assert needed["error"]["kind"] == "dependents" and name in needed["msg"]
    place.shell(f"printf '[Container]\\nImage\\n' >{FOLDER}/{PREFIX}bad.container")
    blocked = place.run(name=f"{PREFIX}new.volume", content="[Volume]\n", state="present")
    assert "another file is wrong" in blocked["msg"] and f"{FOLDER}/{PREFIX}bad.container first" in blocked["msg"]
    assert actions(place.run(name=f"{PREFIX}bad.container", state="absent"))[0] == f"remove {PREFIX}bad.container"
    place.shell(
        f"mkdir {FOLDER}/{PREFIX}sub && cp {FOLDER}/{PREFIX}data.volume {FOLDER}/{PREFIX}sub/{PREFIX}new.volume"
    )
    twice = place.run(name=f"{PREFIX}new.volume", content="[Volume]\n", state="present")
    assert f"so is that of {FOLDER}/{PREFIX}sub/{PREFIX}new.volume" in twice["msg"], twice
    secret = place.run(name=name, content=good.replace("Exec=", "Environment=API_KEY=hunter2\nHunter2=hunter2\nExec="))
    assert secret["failed"] and "hunter2" not in json.dumps(secret)
    assert leftovers(place) == ""


@on_both
def test_what_systemd_would_not_read_is_told(place: Place) -> None:
    wrong = {"Service": {"Restrat": "always", "TimeoutStartSec": "soon"}, "Contianer": {"Label": "a=b"}}
    given = {"name": APP, "container": {"image": IMAGE}, "state": "present"}
    for check in (True, False):
        told = place.run(check=check, **given, sections=wrong)["warnings"]
        for word in ("Restrat", "soon", "Contianer"):
            (line,) = [one for one in told if word in one]
            assert line.startswith(f"systemd on {APP}.service: "), told
    right = {"Service": {"Restart": "always"}, "X-Ours": {"Anything": "goes"}, "Container": {"Notify": "healthy"}}
    assert place.run(**given, sections=right)["warnings"] == []


@on_both
def test_what_somebody_else_has_is_kept(place: Place) -> None:
    name = f"{APP}.container"
    place.shell(f"podman create --name {APP} {IMAGE} sleep 1")
    mine = place.inspect(APP)["Id"]
    for check in (True, False):
        refused = place.run(check=check, name=name, content=TEXT)
        assert refused["error"]["kind"] == "name_in_use" and APP in refused["msg"], refused
    assert place.inspect(APP)["Id"] == mine
    place.shell(f"podman rm {APP}; podman pod create --name {APP}; podman pod create --name {APP}-2-pod")
    pods = place.shell(f"podman pod ls -q --no-trunc --filter name={APP}")
    yaml = {f"{APP}.yaml": KUBE.replace("kind: Pod", "kind: Deployment").replace(f"{PREFIX}kube", f"{APP}-2")}
    for given in (
        {"name": f"{APP}.pod", "content": f"[Pod]\nPodName={APP}\n"},
        {"name": f"{APP}.kube", "content": f"[Kube]\nYaml={APP}.yaml\n", "files": yaml},
    ):
        for check in (True, False):
            refused = place.run(check=check, **given)
            assert refused["error"]["kind"] == "name_in_use" and f"the pod {APP}" in refused["msg"], refused
    assert place.shell(f"podman pod ls -q --no-trunc --filter name={APP}") == pods
    native = {"name": "ssh.container", "content": TEXT.replace(APP, f"{APP}-ssh")}
    for state in ("present", "started", "stopped"):
        refused = place.run(check=state == "started", state=state, **native)
        assert refused["error"]["kind"] == "name_in_use" and "/systemd/system/ssh.service" in refused["msg"], refused
    assert not place.run(name="ssh.container", state="absent")["changed"]
    assert place.shell("systemctl is-active ssh.service") == "active\n"
    assert place.shell(f"ls {FOLDER} | grep -e {PREFIX} -e ssh; true") == ""


@on_both
@pytest.mark.provokes("unit_failed")
def test_a_unit_that_does_not_start_says_why(place: Place) -> None:
    name = f"{APP}.container"
    absent = place.run(name=name, content=TEXT.replace(IMAGE, "localhost/quad-none:1"))
    assert absent["error"]["kind"] == "unit_failed" and "quad-none" in absent["msg"].partition("end of its log")[2]
    assert f"journalctl -xeu {APP}.service" in absent["msg"]
    mended = place.both(name=name, content=TEXT)
    assert actions(mended) == [f"update {name}", "reload", "start"]
    ends = TEXT.replace(f'"{RUN}"', '"sleep 1; echo at an end; exit 3"')
    for more, settle, words in (
        ("", 20, "has failed since"),
        ("[Service]\nRestart=always\n", 20, "starts it again and again"),
        # on a busy machine, the end itself takes its time
        ("[Service]\nExecStopPost=sleep 3\n", 20, "has failed since"),
        ("[Service]\nExecStopPost=sleep 8\n", 3, "is ending already"),
    ):
        ended = place.run(name=name, content=ends + more, settle=settle)
        assert ended["error"]["kind"] == "unit_failed" and words in ended["msg"] and "at an end" in ended["msg"], ended
    assert not place.run(name=name, content=ends, settle=0).get("failed")
    late = place.run(name=name, content=TEXT + "[Service]\nExecStartPre=sleep 20\n", timeout=1)
    assert late["error"]["kind"] == "not_in_time" and "1 seconds" in late["msg"]


# Options that a container can have all at once, but for limits, for which not every host has the controllers.
TOGETHER: dict[str, Any] = {
    "command": ["sh", "-c", f'printf %s "$0" > /run/word; {RUN}', ODD], "entrypoint": ["/bin/busybox"],
    "env": {"ODD": ODD, "EMPTY": "", "PLAIN": "1", "TRAILING": "x\\"}, "labels": {"odd": ODD, "plain": "x"},
    "published_ports": ["18790:80", "127.0.0.1:18791:81/udp"], "exposed_ports": ["90", "91/udp"],
    "volumes": [f"{PREFIX}data:/data:ro", "/etc:/host etc:ro,rslave"], "tmpfs": ["/run:size=1m", "/a b"],
    "mounts": [
        {"target": "/bound", "source": "/usr/share", "type": "bind", "read_only": True, "propagation": "rslave"},
        {"target": "/fast", "type": "tmpfs", "tmpfs_size": "2m", "tmpfs_mode": "1777"},
        {"target": "/kept", "source": f"{PREFIX}more", "type": "volume"},
    ],
    "networks": [{
        "name": f"{PREFIX}net", "ipv4_address": "10.219.7.9", "aliases": ["web"], "mac_address": "92:d0:c6:0a:29:33",
    }],
    "user": "0:0", "groups": ["1234"], "working_dir": "/a b", "hostname": "quad-host", "init": True,
    "interactive": True, "capabilities": ["NET_ADMIN"], "cap_drop": ["MKNOD"], "ipc_mode": "private",
    "security_opts": ["no-new-privileges", "label:disable"], "read_only": True, "sysctls": {"net.ipv4.ip_forward": "1"},
    "ulimits": ["nofile:100:200"], "devices": ["/dev/null:/dev/nothing:rw"], "dns_servers": ["9.9.9.9"],
    "dns_opts": ["ndots:2"], "dns_search_domains": ["example.com"], "etc_hosts": {"one.example.com": "192.0.2.1"},
    "stop_signal": "SIGINT", "log_driver": "k8s-file", "log_options": {"max-size": "1m"},
    "oom_score_adj": 100, "shm_size": "8M",
    "healthcheck": {
        "test": ["CMD", "sh", "-c", f"true # {ODD}"], "interval": "1m30s", "timeout": "1500ms", "retries": 2,
        "start_period": "2s",
    },
}  # fmt: skip
APART: tuple[dict[str, Any], ...] = (
    {"network_mode": "host", "pid_mode": "host", "uts": "host", "tty": True, "privileged": True,
     "healthcheck": {"test": "echo \"$HOME\" 100% | grep -q '/'"}},
    {"network_mode": "none", "userns_mode": "host", "healthcheck": {"test": "NONE"}},
)  # fmt: skip
LIMITS: dict[str, Any] = {
    "memory": "64M", "memory_reservation": "32M", "cpus": 0.5, "cpu_shares": 512, "cpuset_cpus": "0", "pids_limit": 50,
}  # fmt: skip


@on_both
def test_a_container_has_what_its_options_say(place: Place) -> None:
    """remote_container itself compares: it finds nothing to do at the container that the quadlet has made."""
    place.shell(f"podman network create --subnet 10.219.7.0/24 {PREFIX}net")
    usual = {"image": IMAGE, "pull": "never", "command": ["sh", "-c", RUN], "stop_timeout": 1}
    limits = {} if place.host in LIMITLESS else LIMITS
    for given in ({**TOGETHER, **limits}, *APART):
        options = {**usual, **given}
        done = place.run(name=APP, container=options, enabled=False)
        assert not done.get("failed"), done
        same = place.run("container", check=True, **{**options, "name": APP, "state": "started"})
        assert not same.get("failed") and not same["changed"], (done["diff"]["after"], same)
        if "env" in given:
            found = place.inspect(APP)["Config"]
            env = dict(one.split("=", 1) for one in found["Env"])
            assert {key: env[key] for key in given["env"]} == given["env"] and found["Labels"]["odd"] == ODD
            assert place.shell(f"podman exec {APP} cat /run/word") == ODD


@on_both
def test_every_kind(place: Place) -> None:
    member = f'[Container]\nImage={PREFIX}built.build\nPod={PREFIX}pod.pod\nExec=sh -c "{RUN}"\n' + (
        f"Volume={PREFIX}vol.volume:/data\nPodmanArgs=--stop-timeout=0\n"
    )
    wanted = {
        f"{PREFIX}vol.volume": {"content": f"[Volume]\nVolumeName={PREFIX}vol\n"},
        f"{PREFIX}net.network": {"content": f"[Network]\nNetworkName={PREFIX}net\n"},
        f"{PREFIX}built.build": {
            "content": f"[Build]\nImageTag=localhost/{PREFIX}built:1\nSetWorkingDirectory=unit\n"
            f"File={PREFIX}file.yaml\nPull=never\n",
            "files": {f"{PREFIX}file.yaml": f"FROM {IMAGE}\nLABEL quad=1\n"},
        },
        f"{PREFIX}image.image": {"content": f"[Image]\nImage={IMAGE}\n", "state": "present"},  # it would be pulled
        f"{PREFIX}pod.pod": {"content": f"[Pod]\nPodName={PREFIX}pod\nNetwork={PREFIX}net.network\n"},
        f"{PREFIX}member.container": {"content": member},
        f"{PREFIX}kube.kube": {"content": f"[Kube]\nYaml={PREFIX}kube.yaml\n", "files": {f"{PREFIX}kube.yaml": KUBE}},
    }
    for name, given in wanted.items():
        done = place.run(name=name, **given)
        assert not done.get("failed") and ("start" in actions(done)) == ("state" not in given), done
        ended = name.endswith((".build", ".image"))
        assert done["quadlet"]["active_state"] == ("inactive" if ended else "active"), done
    template = {"name": f"{PREFIX}many@.container", "state": "present"}
    assert actions(place.both(content=TEXT.replace(APP, f"{PREFIX}many-%i"), **template))[1:] == ["reload"]
    assert actions(place.both(**template | {"state": "absent"}))[1:] == ["reload"]
    assert not any(place.run(name=name, **given)["changed"] for name, given in wanted.items())
    running = place.shell("podman ps --format '{{.PodName}} {{.Image}}'")
    assert f"{PREFIX}pod localhost/{PREFIX}built:1" in running and f"{PREFIX}kube {IMAGE}" in running
    pod = place.run(check=True, name=f"{PREFIX}pod.pod", state="stopped")
    (stop,) = pod["actions"]
    assert stop["along"] == [f"{PREFIX}member.service"] and f"{PREFIX}member.service" in pod["warnings"][0]
    network = place.run(check=True, name=f"{PREFIX}net.network", state="stopped")
    assert network["actions"][0]["along"] == [f"{PREFIX}member.service", f"{PREFIX}pod-pod.service"]
    for name, given in reversed(wanted.items()):
        files = dict.fromkeys(given.get("files", {}), "")
        assert f"remove {name}" in actions(place.run(name=name, state="absent", files=files)), name
    assert (
        place.shell(f"ls {FOLDER} | grep {PREFIX}; podman pod ls --format '{{{{.Name}}}}' | grep {PREFIX}; true") == ""
    )


def test_it_comes_back_at_boot(session_lab: Lab) -> None:
    with quadlet_place(session_lab, *PLACES[0]) as place:
        options = {"image": IMAGE, "pull": "never", "command": ["sh", "-c", RUN], "stop_timeout": 1}
        place.run(name=APP, container=options)
        place.run(name=f"{APP}-not", container=options, enabled=False)
        before = place.inspect(APP)["Id"]
        place.reboot()
        assert place.run(name=APP, container=options)["actions"] == [] and place.inspect(APP)["Id"] != before
        assert actions(place.run(name=f"{APP}-not", container=options, enabled=False)) == ["start"]


def test_the_examples_of_the_page(session_lab: Lab) -> None:
    page = (CHECKOUT / "docs" / "docsite" / "rst" / "quadlets.rst").read_text()
    plays = [play for block in _code(page) for play in yaml.safe_load(textwrap.dedent(block))]
    module = "sshfleet.containers.remote_quadlet"
    tasks = [task[module] for play in plays for task in play["tasks"] if module in task]
    assert len(tasks) == 4
    with quadlet_place(session_lab, *PLACES[0]) as place:
        place.shell(sample("remote_quadlet").before)
        try:
            for task in tasks:
                if "files" in task:  # which the page looks up
                    task["files"] = {"web.yaml": KUBE}
                done, again = place.run(**task), place.run(**task)
                assert not done.get("failed") and done["quadlet"]["active_state"] == "active", done
                assert again["actions"] == [], again
        finally:
            for task in reversed(tasks):
                name = task["name"] if "." in task["name"] else f"{task['name']}.container"
                place.run(name=name, state="absent", files={"web.yaml": ""})
            place.shell(f"podman volume rm -f shop-data; podman rmi -f {SHIPPED}")


def _code(page: str) -> list[str]:
    """The text of each block of YAML, indented as it is there."""
    return [found[1] for found in re.finditer(r"\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", page)]


@pytest.mark.pairs("both")
@pytest.mark.provokes("no_quadlets")
def test_through_ansible(lab: Lab, tmp_path: Path) -> None:
    """Where there are none, with a file of the playbook's, under policies; secrets are nowhere in the output."""
    name = f"{PREFIX}play.container"
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / name).write_text(TEXT.replace("Pull=", "Environment=API_KEY=hunter2\nPull="))
    given = {"remote_quadlet": {"name": name, "path": name}}
    gone = {"remote_quadlet": {"name": name, "state": "absent"}}
    read_only = {"vars": {"sshfleet_policy": "read_only"}, "ignore_errors": True}
    kept = {"vars": {"sshfleet_policy": "no_remove"}, "ignore_errors": True}
    tasks: list[Task] = [
        {**given, "check_mode": True, "ignore_errors": True}, {**given, **read_only}, {**given, "ignore_errors": True},
        {**given, "ignore_errors": True}, {**gone, **kept}, {**gone, "ignore_errors": True},
    ]  # fmt: skip
    places = (*PLACES, ("bookworm1", "podman"), ("trixie1", "docker"))
    told = through_ansible(lab, tmp_path, lambda _engine: tasks, "--diff", "-vvv", engines=places)
    for place in PLACES:
        looked, refused, done, again, held, ended = told.results[place]
        assert looked["changed"] and refused["error"]["kind"] == held["error"]["kind"] == "policy", told.results[place]
        assert done["changed"] and done["actions"] == looked["actions"] and not again["changed"], done
        assert ended["changed"] and ended["quadlet"] is None
    for place, kind, word in (
        (("bookworm1", "podman"), "no_quadlets", "Podman 4.3.1"),
        (("trixie1", "docker"), "engine_mismatch", "docker 26"),
    ):
        for result in told.results[place]:
            assert result["error"]["kind"] == kind and word in result["msg"], result
    assert "hunter2" not in told.said and "+Environment=API_KEY=********" in told.said
