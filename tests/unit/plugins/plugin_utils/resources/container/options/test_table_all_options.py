# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the option table: what is written can be read, equal meaning is equal, and nonsense is refused."""

from __future__ import annotations

from typing import Any

import pytest
from container_walk import OTHER, WALK, full
from option_sets import DRAWS, LEFT_OUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import (
    applied,
    names,
    podman,
    podman_rare,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.row import NATIVE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.actual import actual
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.comparison import differences
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import create_body
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result import report
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Difference, Plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

PODMAN_4, PODMAN_5 = Engine("podman", (4, 3, 1)), Engine("podman", (5, 4, 2))
DOCKER_20, DOCKER_26 = Engine("docker", (20, 10, 24)), Engine("docker", (26, 1, 5))
ENGINES = (PODMAN_4, PODMAN_5, DOCKER_20, DOCKER_26)
PODMANS_OWN = {row.name for row in (*podman.ROWS, *podman_rare.ROWS)}
# What no engine but Podman has a word for can't be read from another one.
WALKED = [
    (name, engine)
    for name in WALK
    for engine in ENGINES
    if name not in PODMANS_OWN or support.level(name, engine) != support.REFUSED
]


def parsed(option: str, value: Any) -> Any:
    return BY_NAME[option].parse(option, full(option, value))


def as_inspect(body: dict[str, Any]) -> dict[str, Any]:
    """What an engine would report that reports just what it was given; a network's MAC address is the container's."""
    endpoints = body.get("NetworkingConfig", {}).get("EndpointsConfig", {})
    addresses = [one["MacAddress"] for one in endpoints.values() if "MacAddress" in one]
    config = {**body, **({"MacAddress": addresses[0]} if addresses else {}), "Labels": body["Labels"]}
    return {"Config": config, "HostConfig": body["HostConfig"], NATIVE: native_inspect(body.get(NATIVE) or {})}


# Podman's own description has these under other names than its request.
ACTIONS = ("none", "invalid", "kill", "restart", "stop")
TOLD = {
    "annotations": "Annotations", "timezone": "Timezone", "umask": "Umask", "timeout": "Timeout",
    "sdnotifyMode": "sdNotifyMode", "chroot_directories": "ChrootDirs", "healthLogDestination": "HealthLogDestination",
    "healthMaxLogCount": "HealthcheckMaxLogCount", "healthMaxLogSize": "HealthcheckMaxLogSize",
}  # fmt: skip


def native_inspect(request: dict[str, Any]) -> dict[str, Any]:
    config = {TOLD[key]: value for key, value in request.items() if key in TOLD}
    config["HealthcheckOnFailureAction"] = ACTIONS[request.get("health_check_on_failure_action", 0)]
    maps = request.get("idmappings", {})
    told = {
        told: [f"{one['container_id']}:{one['host_id']}:{one['size']}" for one in maps.get(key, ())]
        for told, key in (("UidMap", "UIDMap"), ("GidMap", "GIDMap"))
    }
    host = {"IDMappings": told, "HostsFile": request.get("base_hosts_file", "")}
    own = {"PodName": request.get("pod", ""), "UseImageHostname": request.get("use_image_hostname", False)}
    return {"Config": config, "HostConfig": host, **own}


# What an option is refused without.
BESIDE: dict[str, dict[str, Any]] = {"log_options": {"log_driver": "json-file"}, "init_path": {"init": True}}


def found(option: str, asked: Any, made_with: Any, engine: Engine, comparison: str = "") -> list[str]:
    """The options that differ between a container made with one value and a task with another."""
    base = {"name": "x", "image": "x", **BESIDE.get(option, {})}
    made = parse({**base, **({} if made_with is None else {option: full(option, made_with)})})
    wanted = parse({**base, option: full(option, asked)})
    comparisons = {**wanted.comparisons, **({option: comparison} if comparison else {})}
    there = actual(as_inspect(create_body(made, engine)), engine)
    return [difference.option for difference in differences(wanted.values, there, comparisons, engine)]


@pytest.mark.parametrize(("option", "engine"), WALKED, ids=str)
def test_what_is_written_is_read_and_another_value_differs(option: str, engine: Engine) -> None:
    first, second = WALK[option]
    assert found(option, first, first, engine) == []
    if parsed(option, first) != parsed(option, second):
        assert found(option, second, first, engine) == [option]


def test_every_option_is_drawn_on_the_real_engines() -> None:
    assert DRAWS.keys() | LEFT_OUT.keys() == BY_NAME.keys()


APPLIED = [(name, engine) for name, engine in WALKED if support.level(name, engine) == support.APPLIED]


@pytest.mark.parametrize(("option", "engine"), APPLIED, ids=str)
def test_what_is_not_reported_is_compared_with_the_creation(option: str, engine: Engine) -> None:
    value = WALK[option][0]
    if value is not False:
        assert found(option, value, None, engine) == [option]
    made = parse(
        {"name": "x", "image": "x", "log_driver": "journald", **BESIDE.get(option, {}), option: full(option, value)}
    )
    inspect = as_inspect(create_body(made, engine))
    inspect["Config"]["Labels"] = {}  # one that somebody else has made
    inspect["HostConfig"] = {}
    wanted = {option: made.values[option]}
    assert differences(wanted, actual(inspect, engine), made.comparisons, engine) == []


def test_a_false_suboption_that_is_not_reported_is_as_good_as_none() -> None:
    plain = [{"target": "/m", "source": "v"}]
    for engine in (PODMAN_4, PODMAN_5):
        assert found("mounts", [{**plain[0], "read_only": False}], plain, engine) == []
        assert found("mounts", plain, [{**plain[0], "read_only": False, "no_copy": False}], engine) == []
        assert found("mounts", [{**plain[0], "read_only": True}], plain, engine) == ["mounts"]


def test_more_than_is_asked_for_is_no_difference_where_that_is_allowed() -> None:
    some, more = {"net.a": 1}, {"net.a": 1, "net.b": 2}
    for engine in ENGINES:
        assert found("sysctls", some, more, engine) == []
        assert found("sysctls", some, more, engine, "strict") == ["sysctls"]
        assert found("sysctls", more, some, engine) == ["sysctls"]


# Two notations of the same.
EQUAL: list[tuple[str, Any, Any]] = [
    ("secrets", ["a"], ["source=a,type=mount,mode=444,target=/run/secrets/a"]), ("umask", "27", "0027"),
    ("secrets", ["a,type=env", "b"], ["b,uid=0", "a,type=env,target=a"]), ("uidmap", ["0:01:1"], ["00:1:1"]),
    ("cpuset_cpus", "0-2,4", "4,0,1,2"), ("shm_size", "32M", str(32 * 1024**2)), ("memory_swap", "unlimited", "-1"),
    ("pids_limit", 0, -1), ("stop_signal", "SIGINT", "2"), ("stop_signal", "int", "SIGINT"),
    ("security_opts", ["no-new-privileges"], ["no-new-privileges:true"]),
    ("security_opts", ["label:disable"], ["label=disable"]), ("ulimits", ["nofile:5"], ["nofile:5:5"]),
    ("devices", ["/dev/null"], ["/dev/null:/dev/null:mrw"]), ("volumes_from", [OTHER], [f"{OTHER}:rw"]),
    ("healthcheck", {"test": "x", "interval": "90s"}, {"test": ["CMD-SHELL", "x"], "interval": "1m30s"}),
    ("mac_address", "92-D0-C6-0A-29-33", "92:d0:c6:0a:29:33"), ("etc_hosts", {"a": "::1"}, {"a": "0:0:0:0:0:0:0:1"}),
    ("exposed_ports", ["80-81"], ["81/tcp", "80/TCP"]), ("links", ["a"], ["a:a"]), ("uts", "", "private"),
    ("sysctls", {"net.a": True}, {"net.a": "1"}), ("device_requests", [{"count": -1}], [{"count": -1, "options": {}}]),
    ("device_cgroup_rules", ["c 42:* rwm"], ["c 42:* mrw"]), ("stop_signal", "SIGRTMIN+3", "37"),
    ("stop_signal", "rtmax-1", 63), ("stop_signal", "SIGRTMIN", "34"),
    ("mounts", [{"target": "/m/", "source": "v"}], [{"target": "/m", "source": "v", "type": "volume"}]),
]  # fmt: skip


@pytest.mark.parametrize(("option", "one", "other"), EQUAL, ids=str)
def test_equal_meaning_is_equal(option: str, one: Any, other: Any) -> None:
    row = BY_NAME[option]
    other = "private" if other == "private" else parsed(option, other)
    for engine in ENGINES:
        assert row.canonical(parsed(option, one), engine) == row.canonical(other, engine)


BAD: list[tuple[str, Any]] = [
    ("pod", "new:shop"), ("pod", "a b"), ("umask", "9"), ("timezone", "../etc/passwd"), ("annotations", {"a b": "c"}),
    ("uidmap", ["0:1"]), ("uidmap", ["0:1:0"]), ("unsetenv", ["A=1"]), ("startup_healthcheck", {"test": "NONE"}),
    ("secrets", ["a b"]), ("secrets", ["a,b"]), ("secrets", ["a,type=file"]), ("secrets", ["a,mode=9"]),
    ("secrets", ["a,type=env,uid=1"]), ("secrets", ["a,type=env,target=A=B"]), ("secrets", ["a", "b,target=a"]),
    ("secrets", ["a,target="]), ("secrets", ["a", "a,target=b,uid=1"]),
    ("blkio_weight", 5), ("cpuset_cpus", "a"), ("memory_swappiness", 101), ("oom_score_adj", 2000), ("ulimits", ["x"]),
    ("device_read_bps", [{"path": "/dev/x", "rate": "fast"}]), ("device_read_iops", [{"path": "/dev/x", "rate": 0}]),
    ("devices", ["null"]), ("devices", ["/dev/a:/dev/b:x"]), ("device_cgroup_rules", ["c 1"]),
    ("device_requests", [{"count": 1, "device_ids": ["a"]}]), ("dns_servers", ["dns"]), ("etc_hosts", {"a": "b"}),
    ("mac_address", "92:d0"), ("healthcheck", {"test": ["run"]}), ("healthcheck", {"test": "x", "interval": "5"}),
    ("ipc_mode", "own"), ("pid_mode", "own"), ("stop_signal", "SIGNOPE"), ("exposed_ports", ["http"]),
    ("mounts", [{"target": "m"}]), ("mounts", [{"target": "/m", "type": "bind"}]),
    ("mounts", [{"target": "/m", "type": "bind", "source": "rel"}]), ("mounts", [{"target": "/m", "subpath": "../x"}]),
    ("mounts", [{"target": "/m", "type": "tmpfs", "tmpfs_mode": "9"}]),
    ("mounts", [{"target": "/m", "tmpfs_size": "1M"}]),
    ("volumes_from", ["a:x"]), ("links", ["a b"]), ("init_path", "true"), ("hosts_file", "nothing"),
    ("chrootdirs", ["a"]), ("requires", ["a b"]), ("health_log_destination", "journal"), ("health_max_log_count", -1),
    ("cgroup_conf", {"../memory.high": "1"}), ("cgroup_conf", {"memory": "1"}), ("cgroup_conf", {"memory.high": "1\n"}),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), BAD, ids=str)
def test_nonsense_is_refused_with_a_remedy(option: str, value: Any) -> None:
    with pytest.raises(InvalidOption) as refused:
        parsed(option, value)
    assert refused.value.option.partition(".")[0] == option and refused.value.hint


@pytest.mark.parametrize("row", support.SUPPORT, ids=lambda row: f"{row.option}-{row.versions()}")
def test_the_support_table_knows_its_options(row: support.OptionRow) -> None:
    name, _dot, sub = row.option.partition("=")[0].partition(".")
    assert not sub or sub in BY_NAME[name].spec["options"]
    assert row.level in (support.APPLIED, support.REFUSED) or (row.own_api and row.level == support.REPORTED)


REFUSED: list[tuple[str, Any, Engine]] = [
    ("domainname", "a.example", PODMAN_5), ("kernel_memory", "32M", DOCKER_26),
    ("runtime", "crun", PODMAN_4), ("pod", "shop", DOCKER_26), ("secrets", ["db"], DOCKER_20),
    ("startup_healthcheck", {"test": "x"}, PODMAN_4), ("hosts_file", "none", PODMAN_4),
    ("health_max_log_size", 9, PODMAN_4), ("sdnotify", "healthy", PODMAN_4), ("requires", ["db"], DOCKER_26),
    ("etc_hosts", {"a": "host-gateway"}, PODMAN_4), ("log_driver", "local", PODMAN_5),
    ("networks", [{"name": "n", "gw_priority": 1}], DOCKER_26), ("networks", [{"name": "n", "links": ["a"]}], PODMAN_4),
    ("mounts", [{"target": "/m", "source": "v", "subpath": "x"}], DOCKER_20),
    ("healthcheck", {"test": "x", "start_interval": "1s"}, DOCKER_20),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value", "engine"), REFUSED, ids=str)
def test_what_an_engine_cannot_do_is_refused_by_its_name_and_version(option: str, value: Any, engine: Engine) -> None:
    with pytest.raises(InvalidOption) as refused:
        support.require(option, parsed(option, value), engine)
    assert engine.title in str(refused.value) and refused.value.hint


LINKED: list[tuple[dict[str, Any], str, str]] = [
    ({"links": ["db", "cache:redis"]}, "links", "Write here networks: [{name: NETWORK}], for cache networks: "
     "[{name: NETWORK, aliases: [redis]}], for db networks: [{name: NETWORK}]."),
    ({"networks": [{"name": "n", "links": ["db:sql"]}]}, "networks.links",
     "for db networks: [{name: n, aliases: [sql]}]."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "option", "lines"), LINKED)
def test_what_to_write_instead_of_links(given: dict[str, Any], option: str, lines: str) -> None:
    values = {name: parsed(name, value) for name, value in given.items()}
    with pytest.raises(InvalidOption) as refused:
        names.require_links_supported(values, PODMAN_5)
    assert refused.value.option == option and refused.value.hint.endswith(lines)
    names.require_links_supported(values, DOCKER_26)


NOTHING: list[tuple[str, Any]] = [
    ("domainname", ""), ("links", []), ("volume_driver", ""), ("device_requests", []), ("volume_driver", "local"),
    ("runtime", "runc"), ("mounts", [{"target": "/m", "source": "v", "type": "volume", "volume_driver": "local"}]),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), NOTHING, ids=str)
def test_asking_for_nothing_is_not_refused(option: str, value: Any) -> None:
    for engine in ENGINES:
        support.require(option, parsed(option, value), engine)


def test_what_there_is_anyway_is_left_out_where_it_is_refused() -> None:
    given = {"runtime": "runc", "volume_driver": "local", "links": [], "hostname": "h"}
    assert support.without_usual(given, PODMAN_5) == {"links": [], "hostname": "h"}
    assert support.without_usual({"volume_driver": ""}, PODMAN_5) == {"volume_driver": ""}
    assert support.without_usual(given, DOCKER_26) == given


LEVELS: list[tuple[str, Engine, str]] = [
    ("kernel_memory", DOCKER_20, support.REPORTED), ("kernel_memory", DOCKER_26, support.REFUSED),
    ("device_requests", PODMAN_4, support.REFUSED), ("device_requests", PODMAN_5, support.APPLIED),
    ("ipc_mode", PODMAN_4, support.APPLIED), ("ipc_mode", PODMAN_5, support.REPORTED),
    ("mounts.subpath", DOCKER_20, support.REFUSED), ("mounts.subpath", DOCKER_26, support.REPORTED),
]  # fmt: skip


@pytest.mark.parametrize(("option", "engine", "level"), LEVELS, ids=str)
def test_versions_bound_what_the_table_says(option: str, engine: Engine, level: str) -> None:
    assert support.level(option, engine) == level


MOUNTS = [
    {"target": "/b", "source": "/srv", "type": "bind", "read_only": True, "propagation": "rslave",
     "non_recursive": True},
    {"target": "/v", "source": "v", "no_copy": True},
    {"target": "/a"},
    {"target": "/t", "type": "tmpfs", "tmpfs_size": "1M", "tmpfs_mode": "0700", "read_only": True},
]  # fmt: skip


def test_mounts_are_written_the_short_way_on_podman() -> None:
    options = parse({"name": "x", "image": "x", "tmpfs": ["/u"], "mounts": full("mounts", MOUNTS)})
    podman = create_body(options, PODMAN_5)["HostConfig"]
    assert podman["Binds"] == ["/srv:/b:ro,rslave,bind", "v:/v:rw,nocopy"]
    assert podman["Tmpfs"] == {"/u": "", "/t": "ro,size=1048576,mode=700"}
    assert podman["Mounts"] == [{"Target": "/a", "Type": "volume", "Source": ""}]
    docker = {mount["Target"]: mount for mount in create_body(options, DOCKER_26)["HostConfig"]["Mounts"]}
    assert docker["/b"]["BindOptions"] == {"Propagation": "rslave", "NonRecursive": True} and docker["/b"]["ReadOnly"]
    assert docker["/t"]["TmpfsOptions"] == {"SizeBytes": 1048576, "Mode": 0o700}
    assert docker["/v"]["VolumeOptions"] == {"NoCopy": True}


def test_the_diff_of_what_is_not_reported_masks_secrets() -> None:
    found = Difference("log_options", applied.NOT_REPORTED, {"splunk-token": "hunter2", "max-size": "1m"})
    shown = report.diff(Plan(found=(found,)), Masker())
    assert shown["before"] == {"log_options": applied.NOT_REPORTED}
    assert shown["after"]["log_options"]["max-size"] == "1m" and "hunter2" not in str(shown)


def test_the_diff_tells_masked_texts_apart() -> None:
    old, new = ["run", "--token=a", "--token=same"], ["run", "--token=b", "--token=same"]
    found = [Difference("command", old, new), Difference("healthcheck", {"test": old}, {"test": new, "retries": 3})]
    shown = report.diff(Plan(found=tuple(found)), Masker())
    masked = ["run", "--token=******** (old)", "--token=********"]
    assert shown["before"] == {"command": masked, "healthcheck": {"test": masked}}
    assert shown["after"]["command"][1] == shown["after"]["healthcheck"]["test"][1] == "--token=******** (new)"


def test_no_digest_is_made_of_a_secret() -> None:
    """A label is shown to many, and a short secret is found by trying."""
    row = BY_NAME["log_options"]
    one, two = {"splunk-token": "1234", "url": "http://u:p@h"}, {"splunk-token": "5678", "url": "http://u:q@h"}
    assert applied.digests(row, one, PODMAN_5) == applied.digests(row, two, PODMAN_5)
    for other in ({"url": "http://u:p@h"}, {**one, "url": "http://u:p@i"}):
        assert applied.digests(row, one, PODMAN_5) != applied.digests(row, other, PODMAN_5)
