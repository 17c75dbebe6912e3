# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers that are created by Podman's own API, on every Podman of the lab: the same as by the other one, in pods,
and with secrets. Its other options are changed one by one in ``test_drift.py``.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

import pytest
from container_place import APP, briefly, image_script, options_of
from engine_cases import IMAGE
from resource_world import World, on_every_podman

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.row import NATIVE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import create_body
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.native import native_body
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

pytestmark = pytest.mark.newest

NAME, POD = "rw-app", "rw-shop"
USUAL = {"image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0, "keep_volumes": False}
# Together, these have nearly every option that both APIs can say.
SETS: tuple[dict[str, Any], ...] = (
    {},
    {
        "entrypoint": ["sh", "-c"], "env": {"A": "1 = 2", "B": ""}, "labels": {"team": "shop"}, "user": "7:8",
        "published_ports": ["127.0.0.1:18190:80", "18191:81/udp"], "exposed_ports": ["90-91", "53/udp"],
        "volumes": ["rw-data:/data:ro", "/srv:/srv:ro,rslave", "/anonymous"], "tmpfs": ["/scratch:size=1m,mode=700"],
        "networks": [{"name": "rw-net", "aliases": ["shop"], "mac_address": "92:d0:c6:0a:29:33"}],
        "restart_policy": "on-failure", "restart_retries": 3, "working_dir": "/srv", "hostname": "shop",
        "capabilities": ["NET_ADMIN"], "cap_drop": ["CHOWN"], "read_only": True, "stop_timeout": 7,
        "stop_signal": "SIGINT", "interactive": True, "tty": True, "init": False, "groups": ["33"],
        "security_opts": ["no-new-privileges", "apparmor=unconfined", "label=disable", "mask=/proc/kcore"],
        "sysctls": {"net.core.somaxconn": 99}, "ulimits": ["nofile:1000:2000", "core:-1"], "shm_size": "16m",
        "oom_score_adj": 100, "devices": ["/dev/null:/dev/mine:r"], "dns_servers": ["10.1.1.1", "2001:db8::1"],
        "dns_opts": ["ndots:2"], "dns_search_domains": ["a.example"], "etc_hosts": {"db": "10.2.2.2"},
        "healthcheck": {"test": ["CMD", "true"], "interval": "65s", "timeout": "3s", "retries": 4},
        "log_driver": "json-file", "log_options": {"max-size": "2m", "tag": "shop"}, "cgroup_parent": "labone.slice",
        "ipc_mode": "shareable",
        "mounts": [{"target": "/m/b", "source": "/srv", "type": "bind", "propagation": "rslave"},
                   {"target": "/m/v", "source": "rw-data", "no_copy": True}, {"target": "/m/a"},
                   {"target": "/m/t", "type": "tmpfs", "tmpfs_size": "1M"}],
    },
    {"network_mode": "host", "ipc_mode": "host", "pid_mode": "host", "uts": "host", "userns_mode": "host",
     "privileged": True, "healthcheck": {"test": "NONE"}},
    {"network_mode": "container:rw-keeper", "ipc_mode": "container:rw-keeper", "pid_mode": "container:rw-keeper",
     "volumes_from": ["rw-keeper:ro"]},
    {"network_mode": "none", "ipc_mode": "none", "restart_policy": "always", "log_driver": "journald",
     "mounts": [{"target": "/m/i", "type": "image", "source": IMAGE}]},
    {"published_ports": ["18192-18193:80-81"], "ipc_mode": "private", "publish_all_ports": False, "auto_remove": True,
     "etc_hosts": {"db": "2001:db8::7"}},
)  # fmt: skip
LIMITS = {
    "memory": "64M", "memory_reservation": "32M", "memory_swap": "96M", "cpus": 0.5, "cpuset_cpus": "0",
    "cpuset_mems": "0", "cpu_shares": 512, "pids_limit": 55, "blkio_weight": 300,
}  # fmt: skip
MORE_LIMITS = {"cpu_period": 50000, "cpu_quota": 25000, "pids_limit": -1,
               "device_read_bps": [{"path": "/dev/null", "rate": "1M"}]}  # fmt: skip


def run(world: World, check: bool = False, **params: Any) -> dict[str, Any]:
    options = options_of({"name": NAME, **USUAL, **params})
    return run_container(world.client, options, check_mode=check, masker=Masker(), sleep=briefly)


def actions(result: Mapping[str, Any]) -> list[str]:
    return [step["action"] for step in result["actions"]]


def both(world: World, **params: Any) -> dict[str, Any]:
    """Check mode, then the run, which does what that said; then a second run, which changes nothing."""
    said, done, again = run(world, check=True, **params), run(world, **params), run(world, **params)
    assert (actions(said), said["diff"]) == (actions(done), done["diff"])
    assert not again["changed"], again["diff"]
    assert not [one for one in done["warnings"] if "next run" in one]
    return done


def inside(world: World, script: str) -> str:
    """What a script in the container says."""
    return world.execute(NAME, "sh", "-c", shlex.quote(script))


def described(world: World, identity: str) -> dict[str, Any]:
    """All that Podman says of a container, but for what no two have alike, and for its notes to itself."""
    native = world.client.containers.inspect_native(identity) or {}
    text = json.dumps(native).replace(identity, "ID").replace(identity[:12], "ID").replace(native["Name"], "NAME")
    found: dict[str, Any] = json.loads(re.sub(r"\b[0-9a-f]{64}\b", "NUMBER", text))
    for key in ("Created", "State", "lockNumber"):
        found.pop(key, None)
    for part in (found["Config"], found["HostConfig"]):
        part["Annotations"] = None
    found["Config"]["Env"].sort()
    found["Config"].pop("CreateCommand", None)
    for listed in (found["Mounts"], found["HostConfig"]["Binds"] or []):
        listed.sort(key=str)
    return found


def differing(one: Mapping[str, Any], two: Mapping[str, Any], path: str = "") -> dict[str, tuple[Any, Any]]:
    """{path: the values of both}."""
    found: dict[str, tuple[Any, Any]] = {}
    for key in {*one, *two}:
        mine, other = one.get(key), two.get(key)
        if isinstance(mine, Mapping) and isinstance(other, Mapping):
            found |= differing(mine, other, f"{path}{key}.")
        elif mine != other:
            found[path + key] = mine, other
    return found


@on_every_podman
def test_a_container_is_the_same_by_either_api(world: World) -> None:
    world.run("network", name="rw-net")
    world.run("volume", name="rw-data")
    run(world, name="rw-keeper", state="started", ipc_mode="shareable", volumes=["/shared"])
    limited = (LIMITS, MORE_LIMITS) if world.client.engine.version < (5, 5) else ()
    for given in (*SETS, *limited):
        options = options_of({"name": NAME, **USUAL, **given})
        body = create_body(options, world.client.engine)
        made = {"rw-one": world.client.containers.create("rw-one", body)}
        native = native_body("rw-two", {**body, NATIVE: {}}, world.client.engine)
        made["rw-two"] = world.client.containers.create_native(native)
        one, two = (described(world, identity) for identity in made.values())
        assert not differing(one, two), sorted(given)
        for identity in made.values():
            world.client.containers.remove(identity, force=True, volumes=True)


@on_every_podman
def test_a_member_of_a_pod_stays_in_it(world: World) -> None:
    world.run("pod", name=POD, state="started", published_ports=["18194:80"])
    world.run("pod", name="rw-other")
    made = both(world, pod=POD, env={"A": "1"})
    assert actions(made) == ["create", "start"] and made["container"]["running"]
    mine = world.client.containers.pod_of
    assert mine(made["container"]["id"]) == POD
    done = both(world, pod=POD, env={"A": "2"})
    assert actions(done) == ["recreate"] and mine(done["container"]["id"]) == POD and done["container"]["running"]
    assert not run(world, env={"A": "2"})["changed"]  # a task that says nothing of it
    with pytest.raises(EngineError) as alone:
        run(world, env={"A": "3"})
    assert alone.value.kind == "in_pod" and f"pod: {POD}" in alone.value.hint
    moved = both(world, pod="rw-other", env={"A": "2"})
    assert moved["diff"] == {"before": {"pod": POD}, "after": {"pod": "rw-other"}}
    assert mine(moved["container"]["id"]) == "rw-other"
    assert actions(both(world, pod="", env={"A": "2"})) == ["recreate"]
    assert mine((world.client.containers.inspect(NAME) or {})["Id"]) == ""
    for given in ({"published_ports": ["18195:80"]}, {"hostname": "x"}, {"networks": [{"name": "podman"}]}):
        with pytest.raises(InvalidOption) as refused:
            run(world, pod=POD, **given)
        assert refused.value.option in given and POD in str(refused.value)
    with pytest.raises(InvalidOption, match="no such pod") as missing:
        run(world, pod="rw-nobody")
    assert missing.value.option == "pod"
    assert world.run("pod_info", name=[POD])["pods"][0]["containers"] == []


@on_every_podman
def test_secrets_are_mounted_and_are_variables(world: World) -> None:
    for name, data in (("rw-key", "the key itself"), ("rw-owned", "mine"), ("rw-word", "hunter2hunter2")):
        world.run("secret", name=name, data=data)
    wanted = ["rw-key", "rw-owned,target=/etc/other,uid=7,gid=8,mode=0400", "rw-word,type=env,target=LOGIN"]
    made = both(world, secrets=wanted)
    shown = inside(world, "cat /run/secrets/rw-key; stat -c %u:%g:%a /etc/other; echo $LOGIN")
    assert shown == "the key itself7:8:400\nhunter2hunter2\n"
    assert "hunter2hunter2" not in json.dumps(made) and "the key itself" not in json.dumps(made)
    info = world.run("container_info", name=[NAME])
    assert "hunter2hunter2" not in json.dumps(info)
    strict = {"secrets": wanted, "env": {}, "comparisons": {"env": "strict"}}
    assert not run(world, **strict)["changed"]
    told = world.run("secret", name="rw-word", data="another word", check=True)
    assert [(one["name"], one["use"]) for one in told["containers"]] == [(NAME, "environment")]
    less = both(world, secrets=wanted[:2])
    assert actions(less) == ["recreate"] and less["diff"]["before"] != less["diff"]["after"]
    with pytest.raises(InvalidOption, match="no such secret") as missing:
        run(world, secrets=["rw-nothing"])
    assert missing.value.option == "secrets"


SINCE_5_4: dict[str, Any] = {
    "hosts_file": "/etc/hostname", "no_hostname": True, "health_log_destination": "events_logger",
    "health_max_log_count": 7, "health_max_log_size": 99,
}  # fmt: skip


@on_every_podman
def test_options_of_podmans_own_do_what_they_say(world: World) -> None:
    given: dict[str, Any] = {
        "annotations": {"team": "shop"}, "umask": "0027", "run_timeout": 500, "timezone": "local",
        "healthcheck": {"test": "true"}, "healthcheck_failure_action": "kill", "env": {"A": "1"}, "unsetenv": ["NOT"],
    }  # fmt: skip
    made = both(world, **given)
    assert actions(made) == ["create", "start"] and "0027" in inside(world, "grep ^Umask /proc/1/status")
    native = (world.client.containers.inspect_native(NAME) or {})["Config"]
    assert native["Annotations"]["team"] == "shop" and native["Timeout"] == 500 and native["Timezone"] == "local"
    assert native["HealthcheckOnFailureAction"] == "kill"
    for name, value in {
        "annotations": {"team": "bank"}, "umask": "0077", "run_timeout": 600, "healthcheck_failure_action": "none",
        "unsetenv": ["NOT", "NEITHER"], "cgroupns_mode": "host", "image_volumes": "tmpfs",
        "uidmap": ["0:100000:5000"], "device_cgroup_rules": ["c 42:* rwm"], "systemd": "false",
        "personality": "LINUX32", "chrootdirs": ["/srv/root"], "sdnotify": "ignore",
        **(SINCE_5_4 if world.client.engine.version >= (5, 4) else {}),
    }.items():  # fmt: skip
        said = run(world, check=True, **{**given, name: value})
        assert actions(said) == ["recreate"] and list(said["diff"]["after"]) == [name], name


# The engine's own init under another name, and the image with a label that denies it a system call.
PREPARED = """
cp "$(command -v catatonit || echo /usr/libexec/podman/catatonit)" INIT
mkdir /tmp/rw-build && cat >/tmp/rw-build/Containerfile <<'EOF'
FROM IMAGE
LABEL io.containers.seccomp.profile="{\\"defaultAction\\":\\"SCMP_ACT_ALLOW\\",\\"syscalls\\":\
[{\\"names\\":[\\"mkdir\\",\\"mkdirat\\"],\\"action\\":\\"SCMP_ACT_ERRNO\\"}]}"
EOF
podman build -q -t IMAGE /tmp/rw-build
rm -r /tmp/rw-build
"""
# In an image with a variable COLOR and a volume at /data: the options, and what scripts say.
MOUNTS = "busybox grep ' {} ' /proc/mounts | busybox cut -d' ' -f1"
INIT = "/usr/local/lib/rw-init"
USERS = "busybox grep {} /etc/passwd | busybox wc -l"
EFFECTS: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    (
        {"unsetenv": ["COLOR"], "env": {"A": "1"}, "image_volumes": "tmpfs", "no_hosts": True, "user": "7",
         "passwd": False, "timezone": "local", "umask": "0027", "read_only": True, "read_only_tmpfs": False},
        {"echo $A$COLOR": "1", MOUNTS.format("/data"): "tmpfs", "busybox test -e /etc/hosts || echo none": "none",
         USERS.format(":7:"): "0", "busybox grep ^Umask /proc/1/status": "Umask:\t0027",
         MOUNTS.format("/tmp"): ""},
    ),
    (
        {"unsetenv_all": True, "env": {"PATH": "/bin"}, "image_volumes": "ignore", "user": "7", "read_only": True,
         "passwd_entry": "shop:x:7:7::/:/bin/sh", "systemd": "always"},
        {"echo $COLOR": "", MOUNTS.format("/data"): "", USERS.format("^shop:"): "1",
         MOUNTS.format("/tmp"): "tmpfs", MOUNTS.format("/run"): "tmpfs"},
    ),
    (
        {"hostusers": ["games"], "personality": "LINUX32", "chrootdirs": ["/srv/root"], "seccomp_policy": "image",
         "init": True, "init_path": INIT, "mac_address": "92:D0:C6:0A:29:35", "sdnotify": "conmon"},
        {USERS.format("^games:"): "1", "busybox uname -m": "i686", "test -s /srv/root/etc/hosts && echo there": "there",
         "busybox mkdir /made 2>/dev/null || echo denied": "denied",
         "busybox tr -d '\\0' </proc/1/cmdline": "/run/podman-init--sleep600",
         "busybox cat /sys/class/net/eth0/address": "92:d0:c6:0a:29:35"},
    ),
)  # fmt: skip


@on_every_podman
def test_what_podman_does_not_tell_of_takes_effect(world: World) -> None:
    prepared = PREPARED.replace("INIT", INIT).replace("IMAGE", APP)
    world.lab.ssh(world.host, "sh", "-s", input=image_script("podman", APP) + prepared)
    for given, effects in EFFECTS:
        run(world, image=APP, **given)
        for script, said in effects.items():
            assert inside(world, script).rstrip("\n") == said, script
    engine = world.client.engine
    more = (
        {"group_entry": "bank:x:7:", "shm_size_systemd": "1M", "systemd": "always"} if engine.version > (4, 5) else {}
    )
    run(world, cgroups="no-conmon", cgroupns_mode="host", device_cgroup_rules=["c 42:* rwm"], user="9:7", **more)
    native = world.client.containers.inspect_native(NAME) or {}
    spec = json.loads(world.lab.ssh(world.host, "cat", native["OCIConfigPath"]))
    rules = [one for one in spec["linux"]["resources"]["devices"] if one.get("major") == 42]
    assert rules == [{"allow": True, "type": "c", "major": 42, "access": "rwm"}]
    assert "cgroup" not in [one["type"] for one in spec["linux"]["namespaces"]]
    assert native["HostConfig"]["Cgroups"] == "no-conmon" or engine.version < (6, 0), native["HostConfig"]["Cgroups"]
    if more:
        run_systemd = next(one for one in spec["mounts"] if one["destination"] == "/run")
        assert "size=1048576" in run_systemd["options"] and "bank:" in inside(world, "cat /etc/group")
        startup = run(world, healthcheck={"test": "true"}, startup_healthcheck={"test": "exit 0", "successes": 2})
        told = world.client.containers.inspect_native(NAME) or {}
        assert told["Config"]["StartupHealthCheck"]["Successes"] == 2, startup


@on_every_podman
def test_a_container_that_another_one_requires(world: World) -> None:
    run(world, name="rw-keeper")
    made = both(world, requires=["rw-keeper"], state="present")
    world.client.containers.stop("rw-keeper", timeout=0)
    assert actions(run(world, requires=["rw-keeper"])) == ["start"] and made["changed"]
    assert (world.client.containers.inspect("rw-keeper") or {})["State"]["Running"]
    for task in ({"env": {"A": "1"}}, {"state": "absent"}):
        with pytest.raises(EngineError) as used:
            run(world, check=True, name="rw-keeper", **task)
        assert used.value.kind == "dependents" and f"{NAME} (requires)" in str(used.value)
    with pytest.raises(InvalidOption, match="no such container") as missing:
        run(world, requires=["rw-keeper", "rw-nobody"])
    assert missing.value.option == "requires"
    world.client.containers.remove(NAME, force=True)


@on_every_podman
def test_the_files_of_a_cgroup(world: World) -> None:
    given = {"cgroup_conf": {"cgroup.max.depth": "5"}}
    if world.client.system.info()["CgroupVersion"] == "1":
        with pytest.raises(InvalidOption, match="cgroup v2") as refused:
            run(world, check=True, **given)
        assert refused.value.option == "cgroup_conf"
        return
    both(world, **given)
    assert inside(world, "cat /sys/fs/cgroup/cgroup.max.depth") == "5\n"
    assert actions(run(world, check=True, cgroup_conf={"cgroup.max.depth": "6"})) == ["recreate"]


@on_every_podman
def test_what_newer_podman_can_say(world: World) -> None:
    if world.client.engine.version < (5, 4):
        for name, value in SINCE_5_4.items():
            with pytest.raises(InvalidOption, match="does not support") as refused:
                run(world, check=True, **{name: value})
            assert refused.value.option == name
        return
    world.lab.ssh(world.host, "sh", "-s", input="echo 10.9.9.9 from-host >/tmp/rw-hosts; mkdir -p /tmp/rw-log")
    both(
        world, hosts_file="/tmp/rw-hosts", no_hostname=True, sdnotify="healthy", healthcheck={"test": "echo 123456789"},
        health_log_destination="/tmp/rw-log", health_max_log_size=4, health_max_log_count=1,
    )  # fmt: skip
    assert "from-host" in inside(world, "cat /etc/hosts")
    assert inside(world, "test -e /etc/hostname || echo none") == "none\n"
    logged = world.lab.ssh(world.host, "sh", "-c", f"'podman healthcheck run {NAME}; cat /tmp/rw-log/*'")
    assert logged.count('"Output"') == 1 and "1234" in logged and "12345" not in logged
    world.lab.ssh(world.host, "rm", "-r", "/tmp/rw-hosts", "/tmp/rw-log")
