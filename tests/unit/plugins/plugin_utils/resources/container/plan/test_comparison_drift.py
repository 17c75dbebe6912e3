# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What four real engines report of a container, against what a task says: only true differences are differences."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.plan import plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan

Make = Callable[..., Options]
Params = dict[str, Any]


def planned(make: Make, recorded: Any, params: Params, container: str = "full") -> Plan:
    return plan(make(**params), recorded.observed(getattr(recorded, container)), recorded.engine)


def test_the_same_options_are_no_drift(make: Make, recorded: Any, full: Params) -> None:
    assert planned(make, recorded, full) == Plan()


# Another notation of what the container has.
EQUAL: list[Params] = [
    {"command": ["sleep", "999"]},
    {"memory": "67108864"},
    {"memory": "65536K"},
    {"env": {"DB_PASSWORD": "recorded-secret", "A": "1"}},
    {"env": {"A": "1"}},
    {"env": {}},
    {"env": {"COLOR": "blue"}},
    {"labels": {}},
    {"labels": {"vendor": "acme"}},
    {"published_ports": ["0.0.0.0:18080:80"]},
    {"published_ports": ["18080:80/tcp"]},
    {"published_ports": ["9000/tcp"]},
    {"published_ports": []},
    {"volumes": ["/srv/:/hs/:ro"]},
    {"volumes": ["named:/v:rw"]},
    {"volumes": ["named:/v:rprivate", "/data"]},
    {"tmpfs": ["/scratch:mode=01777,size=1024k,rw"]},
    {"capabilities": ["CAP_NET_ADMIN"]},
    {"cap_drop": ["cap_kill"]},
    {"working_dir": "/tmp/"},
    {"networks": [{"name": "backend"}]},
    {"network_mode": "backend"},
    {"stop_timeout": 77},
    {"image": "localhost/app:1", "image_comparison": "current-image"},
]


@pytest.mark.parametrize("other", EQUAL, ids=str)
def test_equal_meaning_is_no_drift(make: Make, recorded: Any, full: Params, other: Params) -> None:
    assert planned(make, recorded, {**full, **other}) == Plan()


def test_another_container_may_mount_over_a_volume_of_the_image(make: Make, recorded: Any, full: Params) -> None:
    container = copy.deepcopy(recorded.full)
    (data,) = (mount for mount in container["Mounts"] if mount["Destination"] == "/data")
    data["RW"] = False  # by volumes_from, read-only
    for comparisons in ({}, STRICT):
        options = make(**full, comparisons=comparisons)
        assert plan(options, recorded.observed(container), recorded.engine) == Plan()


STRICT = {"*": "strict"}


def test_what_image_and_engine_add_is_no_drift_even_when_strict(make: Make, recorded: Any, full: Params) -> None:
    assert planned(make, recorded, {**full, "comparisons": STRICT}) == Plan()
    bare = {"env": {}, "labels": {}, "volumes": [], "published_ports": [], "tmpfs": [], "capabilities": []}
    params = {"name": "plain", "image": "localhost/app:1", "cap_drop": [], **bare, "comparisons": STRICT}
    assert planned(make, recorded, params, "plain") == Plan()


def test_a_container_that_we_did_not_make_is_no_drift(make: Make, recorded: Any) -> None:
    params = {
        "name": "plain",
        "image": "localhost/app:1",
        "command": "sleep 1000",
        "user": "web",
        "working_dir": "/srv",
    }
    assert planned(make, recorded, params, "plain") == Plan()


def test_a_container_of_another_image_has_what_the_named_one_gives(make: Make, recorded: Any) -> None:
    """Where only the image itself is not compared."""
    named = copy.deepcopy(recorded.image)
    named["Config"]["Env"] = [*(named["Config"]["Env"] or ()), "NEW=1"]
    named["Config"]["Labels"] = {"new": "label"}
    named["Config"]["ExposedPorts"] = {"99/tcp": {}}
    observed = replace(recorded.observed(recorded.plain), image=named)

    def found(**given: Any) -> list[str]:
        options = make(name="plain", image="localhost/app:1", **given)
        return [difference.option for difference in plan(options, observed, recorded.engine).found]

    assert found(comparisons={"image": "ignore"}) == ["env", "labels", "exposed_ports"]
    assert found(comparisons={"image": "ignore", "env": "ignore", "labels": "strict"}) == ["exposed_ports"]
    assert found(comparisons={"image": "ignore"}, image_comparison="current-image") == []


def test_how_paths_are_labelled_is_compared_where_it_is_reported(make: Make, recorded: Any, full: Params) -> None:
    found = planned(make, recorded, {**full, "volumes": ["/srv:/hs:ro,z"]}).found
    assert [difference.option for difference in found] == (["volumes"] if recorded.engine.reports_bind_labels else [])


# One option changed: exactly this difference, {option: (before, after)}.
DIFFERENT: list[tuple[Params, Any, Any]] = [
    ({"command": "sleep 1"}, ["sleep", "999"], ["sleep", "1"]),
    ({"command": []}, ["sleep", "999"], []),
    ({"entrypoint": ["busybox"]}, ["/bin/busybox"], ["busybox"]),
    ({"env": {"A": "2"}}, {"A": "1"}, {"A": "2"}),
    ({"env": {"a": "1"}}, {}, {"a": "1"}),
    ({"env": {"COLOR": "red"}}, {"COLOR": "blue"}, {"COLOR": "red"}),
    ({"labels": {"l": "2", "m": "3"}}, {"l": "1"}, {"l": "2", "m": "3"}),
    ({"published_ports": ["81"]}, {}, {"81/tcp": [""]}),
    ({"volumes": ["named:/v:ro"]}, {"/v": {"source": "named", "mode": "rw"}},
     {"/v": {"source": "named", "mode": "ro"}}),
    ({"volumes": ["m:/v"]}, {"/v": {"source": "named", "mode": "rw"}}, {"/v": {"source": "m", "mode": "rw"}}),
    ({"volumes": ["n:/new"]}, {}, {"/new": {"source": "n", "mode": "rw"}}),
    ({"tmpfs": ["/scratch:size=2m,mode=1777"]}, {"/scratch": "mode=1777,size=1048576"},
     {"/scratch": "mode=1777,size=2097152"}),
    ({"tmpfs": ["/scratch:size=1m,mode=1777,noexec"]}, {"/scratch": "mode=1777,size=1048576"},
     {"/scratch": "mode=1777,noexec,size=1048576"}),
    ({"user": "web"}, "web:web", "web"),
    ({"working_dir": "/srv"}, "/tmp", "/srv"),
    ({"hostname": "H1"}, "h1", "H1"),
    ({"memory": "65M"}, 67108864, 68157440),
    ({"cpus": 0.75}, 0.5, 0.75),
    ({"privileged": True}, False, True),
    ({"read_only": False}, True, False),
    ({"capabilities": ["SYS_TIME"]}, [], ["SYS_TIME"]),
    ({"cap_drop": ["SETUID"]}, [], ["SETUID"]),
    ({"restart_policy": "always", "restart_retries": None}, "on-failure", "always"),
    ({"restart_retries": 4}, 3, 4),
    ({"networks": [{"name": "other"}]}, {}, {"other": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "before", "after"), DIFFERENT, ids=[str(case[0]) for case in DIFFERENT])
def test_exactly_this_difference(
    make: Make, recorded: Any, full: Params, change: Params, before: Any, after: Any
) -> None:
    (difference,) = planned(make, recorded, {**full, **change}).found
    assert (difference.option, difference.before, difference.after) == (next(iter(change)), before, after)


@pytest.mark.parametrize("end", ["18081", "127.0.0.1:18080"])
def test_another_port_or_address(make: Make, recorded: Any, full: Params, end: str) -> None:
    """The recorded containers were made without an address, which on Docker is more than the usual one."""
    (difference,) = planned(make, recorded, {**full, "published_ports": [f"{end}:80"]}).found
    everywhere = ":18080" if recorded.engine.default_host_ip else "18080"
    assert (difference.before, difference.after) == ({"80/tcp": [everywhere]}, {"80/tcp": [end]})


def test_all_addresses_are_more_than_the_usual_one(make: Make, recorded: Any, full: Params) -> None:
    asked = {**full, "published_ports": ["18080:80", "127.0.0.1:18053:53/udp", "9000"], "default_host_ip": ""}
    assert planned(make, recorded, asked) == Plan()
    container = copy.deepcopy(recorded.full)
    for end in container["HostConfig"]["PortBindings"]["80/tcp"]:
        end["HostIp"] = "0.0.0.0"  # noqa: S104
    observed = recorded.observed(container)
    for default, found in ((None, []), ("", ["published_ports"] if recorded.engine.default_host_ip else [])):
        options = make(**{**asked, "default_host_ip": default})
        differing = plan(options, observed, recorded.engine).found
        assert [difference.option for difference in differing] == found


MORE: list[tuple[Params, Any, Any]] = [
    ({"env": {}}, {"A": "1", "DB_PASSWORD": "recorded-secret"}, {}),
    ({"labels": {}}, {"l": "1"}, {}),
    ({"published_ports": ["18080:80", "9000"]}, {"53/udp": ["127.0.0.1:18053"]}, {}),
    ({"capabilities": ["CHOWN"]}, ["NET_ADMIN"], []),
    ({"cap_drop": ["MKNOD"]}, ["KILL"], []),
    ({"networks": []}, None, {}),
]


@pytest.mark.parametrize(("less", "before", "after"), MORE, ids=[str(case[0]) for case in MORE])
def test_more_is_drift_when_strict_only(
    make: Make, recorded: Any, full: Params, less: Params, before: Any, after: Any
) -> None:
    option = next(iter(less))
    assert planned(make, recorded, {**full, **less}) == Plan()
    (difference,) = planned(make, recorded, {**full, **less, "comparisons": {option: "strict"}}).found
    assert (difference.option, difference.after) == (option, after)
    assert difference.before == before or (before is None and set(difference.before) == {"backend"})


def test_ignored_is_never_drift(make: Make, recorded: Any, full: Params) -> None:
    params = {**full, "env": {"A": "9"}, "memory": "1G", "comparisons": {"env": "ignore", "memory": "ignore"}}
    assert planned(make, recorded, params) == Plan()


def test_a_list_may_have_more_where_that_is_allowed(make: Make, recorded: Any, full: Params) -> None:
    allowed = {"comparisons": {"command": "allow_more_present"}}
    assert planned(make, recorded, {**full, "command": ["999"], **allowed}) == Plan()
    assert planned(make, recorded, {**full, "command": ["999", "sleep"], **allowed}).changed


def test_privileged_containers_have_all_capabilities(make: Make, recorded: Any) -> None:
    container = copy.deepcopy(recorded.plain)
    container["HostConfig"]["Privileged"] = True
    options = make(name="plain", privileged=True)
    assert plan(options, recorded.observed(container), recorded.engine) == Plan()
    if recorded.engine.name == "podman":
        options = make(name="plain", privileged=True, cap_drop=["ALL"], capabilities=["SYS_TIME"])
        assert plan(options, recorded.observed(container), recorded.engine) == Plan()


@pytest.mark.parametrize("version", ["podman-4.3", "podman-5.4"])
def test_all_capabilities_dropped_but_one(make: Make, recording: Callable[[str], Any], version: str) -> None:
    recorded = recording(version)
    container = copy.deepcopy(recorded.plain)
    host = container["HostConfig"]
    host["CapAdd"], host["CapDrop"] = ["NET_ADMIN"], sorted(recorded.engine.capabilities_relative_to - {"CHOWN"})
    right = make(name="plain", cap_drop=["ALL"], capabilities=["NET_ADMIN", "CHOWN"])
    assert plan(right, recorded.observed(container), recorded.engine) == Plan()
    wrong = make(name="plain", cap_drop=["ALL"], capabilities=["NET_ADMIN"])
    (difference,) = plan(wrong, recorded.observed(container), recorded.engine).found
    assert (difference.option, difference.after) == ("cap_drop", ["CHOWN"])


def test_podman_4_reports_the_difference_to_dockers_set(make: Make, recording: Callable[[str], Any]) -> None:
    recorded = recording("podman-4.3")
    container = copy.deepcopy(recorded.plain)
    options = make(name="plain", capabilities=["NET_RAW"])
    assert plan(options, recorded.observed(container), recorded.engine).changed
    container["HostConfig"]["CapDrop"] = ["AUDIT_WRITE", "MKNOD"]
    assert plan(options, recorded.observed(container), recorded.engine) == Plan()


def test_an_address_that_podman_does_not_report_is_not_compared(make: Make, recorded: Any, full: Params) -> None:
    networks = [{"name": "backend", "ipv4_address": "10.9.9.9"}]
    assert planned(make, recorded, {**full, "networks": networks}).changed
    container = copy.deepcopy(recorded.full)
    container["NetworkSettings"]["Networks"]["backend"].update(IPAddress="", IPAMConfig=None)
    stopped = plan(make(**{**full, "networks": networks}), recorded.observed(container), recorded.engine)
    # Docker tells which addresses are fixed, of any container: here none is.
    assert stopped.changed == (recorded.engine.name == "docker")


def test_an_address_of_the_other_kind_that_a_connected_container_has_not_is_a_difference(
    make: Make, recorded: Any, full: Params
) -> None:
    networks = [{"name": "backend", "ipv6_address": "fd00::9"}]
    container = copy.deepcopy(recorded.full)
    container["NetworkSettings"]["Networks"]["backend"].update(
        IPAddress="10.9.0.2", GlobalIPv6Address="", IPAMConfig=None
    )
    assert plan(make(**{**full, "networks": networks}), recorded.observed(container), recorded.engine).changed


def test_another_containers_network_is_compared_by_its_id(make: Make, recorded: Any) -> None:
    container = copy.deepcopy(recorded.plain)
    container["HostConfig"]["NetworkMode"] = "container:0123456789ab"
    options = make(name="plain", network_mode="container:app")
    observed = recorded.observed(container)
    assert plan(options, observed, recorded.engine).changed
    known = type(observed)(container, recorded.image, containers={"app": "0123456789ab"})
    assert plan(options, known, recorded.engine) == Plan()


DIGEST = "sha256:" + "e" * 64
IMAGES = [
    ({"image": "localhost/app"}, {"image": "localhost/app:latest"}, False),
    ({"image": "app:1"}, {}, False),
    ({"image": "localhost/other:1"}, {}, True),
    ({"image": "localhost/other:1", "image_name_mismatch": "ignore"}, {}, False),
    ({"image": "localhost/other:1", "comparisons": {"image": "ignore"}}, {}, False),
    ({"image": f"localhost/app:1@{DIGEST}"}, {"image": f"localhost/app:1@{DIGEST}"}, False),
    ({"image": f"localhost/app:1@{DIGEST}"}, {"image": f"localhost/app@{DIGEST}"}, False),
    ({"image": f"localhost/app:1@{DIGEST}"}, {"image": "localhost/app:1"}, False),
    ({"image": f"app@{DIGEST}"}, {"image": "localhost/app:1"}, False),
    ({"image": f"localhost/app:1@{DIGEST}"}, {"image": "localhost/other:1"}, True),
    ({"image": f"other:1@{DIGEST}"}, {"image": "localhost/app:1"}, True),
    ({"image": "localhost/app:1"}, {"image": f"localhost/app@{DIGEST}"}, True),
    ({"image": "busybox"}, {"image": "docker.io/library/busybox:latest"}, False),
]


@pytest.mark.parametrize(("params", "container_has", "differs"), IMAGES)
def test_names_of_the_same_image(
    make: Make, recorded: Any, params: Params, container_has: Params, differs: bool
) -> None:
    container = copy.deepcopy(recorded.plain)
    container["Config"]["Image"] = container_has.get("image", "localhost/app:1")
    found = plan(make(name="plain", **params), recorded.observed(container), recorded.engine)
    assert [difference.option for difference in found.found] == (["image"] if differs else [])


def test_an_image_given_by_its_id(make: Make, recorded: Any) -> None:
    options = make(name="plain", image=f"sha256:{recorded.image['Id'].removeprefix('sha256:')}")
    assert plan(options, recorded.observed(recorded.plain), recorded.engine) == Plan()


def test_a_reference_that_names_another_image_now(make: Make, recorded: Any) -> None:
    observed = type(recorded.observed(None))(recorded.plain, {**recorded.image, "Id": "sha256:" + "0" * 64})
    options = make(name="plain", image="localhost/app:1")
    found = plan(options, observed, recorded.engine)
    assert [step.action for step in found.steps] == ["recreate"]
    assert found.found[0].after == {"name": "localhost/app:1", "id": "0" * 64}
    assert plan(make(name="plain", image="localhost/app:1", comparisons=STRICT | {"image": "ignore"}), observed,
                recorded.engine) == Plan()  # fmt: skip
