# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every recorded peer, by each of its names: what is written is accepted here, or there is a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from moved import OURS

from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving import modules, names, tree

RECORDED = sorted(names.recorded())
# A value of each type, and of the options that are no such text.
BY_TYPE: dict[str, Any] = {
    "str": "7", "int": 7, "float": 1.5, "bool": True, "list": ["7"], "dict": {"a": "b"}, "path": "/x", "raw": "7",
}  # fmt: skip
VALUES: dict[str, Any] = {
    "volumes_from": ["other"], "device_read_bps": ["/dev/sda:1m"], "device_write_bps": ["/dev/sda:1m"],
    "device_read_iops": ["/dev/sda:10"], "device_write_iops": ["/dev/sda:10"], "log_opt": {"max_size": "1m"},
    "mount": ["type=bind,source=/a,target=/b"], "options": ["o=uid=1"], "net_config": [{"subnet": "10.1.0.0/24"}],
    "state": "present", "platform": "linux/amd64", "cgroupns": "host", "restart_policy": "always",
}  # fmt: skip


def value(name: str, facts: dict[str, Any], peer: str) -> Any:
    """Something that the peer takes for an option; for one that is compared with ours, what both take."""
    if name in VALUES and peer.startswith("podman_"):
        return VALUES[name]
    if facts.get("choices"):
        return facts["choices"][0]
    if "suboptions" in facts:
        inner = {key: value(key, one, "") for key, one in facts["suboptions"].items() if one.get("required")}
        return [inner] if facts["type"] == "list" else inner
    if facts.get("type") == "list" and facts.get("elements") == "dict":
        return [{"path": "/dev/sda", "rate": "1m"}]
    return BY_TYPE[facts.get("type", "str")]


def cases() -> Iterator[Any]:
    for peer in RECORDED:
        options = json.loads((names._FOLDER / f"{peer}.json").read_text())["options"]
        needed = {name: value(name, facts, peer) for name, facts in options.items() if facts.get("required")}
        for name, facts in options.items():
            for written in (name, *facts.get("aliases", ())):
                rest = {key: one for key, one in needed.items() if key != name}
                yield pytest.param(peer, {**rest, written: value(name, facts, peer)}, id=f"{peer}-{written}")


@pytest.mark.parametrize(("peer", "options"), [*cases()])
def test_an_option_is_accepted_here_or_there_is_a_reason(peer: str, options: dict[str, Any]) -> None:
    text = yaml.safe_dump([{peer: options}], sort_keys=False, allow_unicode=True)
    (file,) = tree.looked_at({"x.yml": text}, OURS).files
    (verdict,) = file.verdicts
    if verdict.moves:
        ((name, written),) = yaml.safe_load(file.new)[0].items()
        spec = OURS.modules[name.rpartition(".")[2]]
        assert name == verdict.becomes and not ArgumentSpecValidator(spec).validate(written or {}).error_messages
        assert verdict.kind == "option" or written == options
    else:
        assert any(finding.kind == verdict.kind and finding.text for finding in verdict.findings)
    assert not any("has no option" in finding.text for finding in verdict.findings)


def test_every_peer_that_something_stands_for_is_recorded_and_no_other() -> None:
    """podman_logs is the name of a command, of which containers.podman has no module."""
    assert set(RECORDED) == set(OURS.stands_for) - {"podman_logs"}
    assert not set(RECORDED) & set(modules.NONE) and set(modules.OLD_NAMES.values()) <= set(RECORDED)
    assert set(modules.MOVES) <= set(RECORDED)


@pytest.mark.parametrize("peer", RECORDED)
def test_the_tables_name_options_that_the_peer_has(peer: str) -> None:
    moves = modules.MOVES.get(peer, modules.Moves())
    has = set(names.options_of(peer).values())
    named = {name for one in moves.conversions for name in (*one.options, *one.also)}
    assert named <= has | {"debug"} and set(moves.none) <= has and set(moves.paths) <= has
    taken = [name for one in moves.conversions for name in one.options]
    assert len(taken) == len(set(taken))


WHO = {
    "docker_container": "docker_container", "community.docker.docker_container": "docker_container",
    "community.general.docker_network": "docker_network", "containers.podman.podman_pod": "podman_pod",
    "docker_image_facts": "docker_image_info", "community.docker.docker_of_tomorrow": "docker_of_tomorrow",
    "community.docker.current_container_facts": "current_container_facts",
    "podman_version": None, "docker_users": None, "x.docker_container": None, "current_container_facts": None,
    "community.docker.": None, "containers.podman.docker_container": None, "sshfleet.containers.remote_container": None,
}  # fmt: skip


@pytest.mark.parametrize(("name", "module"), WHO.items())
def test_a_module_is_known_by_its_names(name: str, module: str | None) -> None:
    assert names.peer_called(name) == module


# What a value becomes, or why it can't: as a task of podman_container has it, and the result or the kind.
CONVERTED: dict[str, Any] = {
    "network: host": {"network_mode": "host"},
    "network: [front]": {"network_mode": "front"},
    "network: [front, back]": {"networks": [{"name": "front"}, {"name": "back"}]},
    "network: ['{{ front }}', back]": {"networks": [{"name": "{{ front }}"}, {"name": "back"}]},
    "network: '{{ nets }}'": "template",
    "ip: 10.1.0.7": {"networks": [{"name": "podman", "ipv4_address": "10.1.0.7"}]},
    "network: 'slirp4netns:allow_host_loopback=true'": {"network_mode": "slirp4netns:allow_host_loopback=true"},
    "network: ['x:interface_name=e']": "impossible",
    "restart_policy: always": {"restart_policy": "always"},
    "restart_policy: 'on-failure:3'": {"restart_policy": "on-failure", "restart_retries": 3},
    "delete_volumes: false": {"keep_volumes": True},
    "delete_volumes: '{{ x }}'": "template",
    "entrypoint: /run.sh": {"entrypoint": ["/run.sh"]},
    "entrypoint: '[\"/bin/sh\", \"-c\"]'": {"entrypoint": ["/bin/sh", "-c"]},
    "healthcheck: none": {"healthcheck": {"test": ["NONE"]}},
    "no_healthcheck: false": {},
    "healthcheck: '[\"CMD\", \"true\"]'": {"healthcheck": {"test": ["CMD", "true"]}},
    "arch: arm64\n    variant: v8": {"platform": "linux/arm64/v8"},
    "arch: '{{ arch }}'": {"platform": "linux/{{ arch }}"},
    "variant: v8": "hand",
    "pull: newer": "impossible", "pull: always": {"pull": "always"},
    "state: quadlet": "impossible", "state: '{{ state }}'": {"state": "{{ state }}"},
    "stop_time: 5\n    stop_timeout: 6": "hand",
    "tmpfs: {/a: 'size=1m', /b: ''}": {"tmpfs": ["/a:size=1m", "/b"]},
    "tmpfs: '{{ x }}'": "template",
    "gpus: all": {"device_requests": [{"driver": "cdi", "device_ids": ["nvidia.com/gpu=all"]}]},
    "log_opt: {max_size: 1m}\n    log_driver: k8s-file": {"log_options": {"max-size": "1m"}, "log_driver": "k8s-file"},
    "log_opt: {max_size: 1m}": "hand",
    "env_file: [a, b]": "impossible", "env_file: a": "hand",
    "env: {A: 1, B: true, C: 'x', D: 1.5}": {"env": {"A": "1", "B": "True", "C": "x", "D": "1.5"}},
    "device_read_bps: ['/dev/sda:1m']": {"device_read_bps": [{"path": "/dev/sda", "rate": "1m"}]},
    "mount: ['type=devpts,destination=/dev/pts']": "impossible",
    "mount: ['type=tmpfs,dst=/t,tmpfs-size=1m,rw']": {
        "mounts": [{"type": "tmpfs", "target": "/t", "tmpfs_size": "1m", "read_only": False}]
    },
    "cap_add: [NET_ADMIN]": {"capabilities": ["NET_ADMIN"]},
    "image_strict: false": {"image_name_mismatch": "ignore"}, "image_strict: true": {},
    "tls_verify: true": {}, "tls_verify: false": "impossible",
    "pod: shop": {"pod": "shop"}, "pod: new:shop": "impossible", "timeout: 5": {"run_timeout": 5},
    "secrets: ['db,type=env']": {"secrets": ["db,type=env"]}, "annotation: {a: b}": {"annotation": {"a": "b"}},
    "health_startup_cmd: /ready\n    health_startup_success: 2": {
        "startup_healthcheck": {"test": "/ready", "successes": 2}
    },
    "health_startup_retries: 2": "impossible", "image_volume: bind": {"image_volumes": "anonymous"},
    "image_volume: tmpfs": {"image_volume": "tmpfs"}, "userns: auto": {"userns_mode": "auto"},
    "group_add: [keep-groups]": "hand", "group_add: ['7']": {"groups": ["7"]}, "chrootdirs: /a": {"chrootdirs": ["/a"]},
    "personality: linux32": {"personality": "LINUX32"}, "personality: BSD": "impossible",
    "sdnotify: me": "impossible",
    "sdnotify: healthy": {"sdnotify": "healthy"}, "requires: [db]": {"requires": ["db"]},
    "init_ctr: once": "impossible",
    "debug: '{{ x }}'": {}, "rootfs: true": "impossible", "nonsense: 1": "impossible",
}  # fmt: skip


@pytest.mark.parametrize(("options", "expected"), CONVERTED.items())
def test_a_value_of_podman_container(options: str, expected: dict[str, Any] | str) -> None:
    (file,) = tree.looked_at({"x.yml": f"- podman_container:\n    name: x\n    {options}\n"}, OURS).files
    (verdict,) = file.verdicts
    if isinstance(expected, str):
        assert verdict.kind == expected and file.new == file.text
    else:
        assert yaml.safe_load(file.new) == [{"sshfleet.containers.remote_container": {"name": "x", **expected}}]


OTHERS: dict[tuple[str, str], dict[str, Any] | str] = {
    ("podman_secret", "driver_opts: {a: b}\n    force: true"): {"driver": "file", "driver_options": {"a": "b"}},
    ("podman_secret", "driver_opts: {a: b}\n    driver: x"): {"driver": "x", "driver_opts": {"a": "b"}},
    ("podman_pod", "network: [front, back]"): {"network": ["front", "back"]},
    ("podman_pod", "network: host"): {"network": "host"},
    ("podman_pod", "network: ['pasta:-t,80']"): "impossible",
    ("podman_pod", "network: ['front:ip=10.1.1.1']"): "impossible",
}


@pytest.mark.parametrize(("options", "expected"), OTHERS.items(), ids=str)
def test_a_value_of_another_module_of_podmans(options: tuple[str, str], expected: dict[str, Any] | str) -> None:
    module, lines = options
    (file,) = tree.looked_at({"x.yml": f"- {module}:\n    name: x\n    {lines}\n"}, OURS).files
    (verdict,) = file.verdicts
    if isinstance(expected, str):
        assert verdict.kind == expected and file.new == file.text
    else:
        ours = module.replace("podman_", "sshfleet.containers.remote_")
        assert yaml.safe_load(file.new) == [{ours: {"name": "x", **expected}}]
