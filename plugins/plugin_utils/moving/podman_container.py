# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options of podman_container become whose values are written otherwise here.

The others are only renamed, as the table in ``peer_differences`` says.
"""

from __future__ import annotations

import re
from typing import Any

from .conversions import (
    ByHand,
    Conversion,
    Depends,
    Given,
    Impossible,
    Written,
    as_list,
    boolean,
    by_pairs,
    dropped,
    flag,
    json_list,
    known,
    scalar,
    split_pairs,
    truth,
)
from .values import Leaf, Value, leaf, texts, unquoted

ENV_FILE = (
    "Here the file is one of the controller, there of the target: move it to the controller, or give its variables "
    "in env."
)
USER_MODES = ("slirp4netns", "pasta")  # network modes with options of their own
_DEFAULT_NETWORK = "podman"  # what Podman takes where a task names none


def _platform(given: Given) -> Written:
    parts = [scalar(given[name], name).value for name in ("arch", "variant") if name in given]
    system = scalar(given["os"], "os").value if "os" in given else "linux"
    if "arch" not in given:
        raise ByHand("The architecture is a part of platform here.", [f"platform: {system}/ARCH"])
    return {"platform": leaf("/".join([system, *parts]))}


def _entrypoint(given: Given) -> Written:
    value = given["entrypoint"]
    if isinstance(value, list):
        return {"entrypoint": value}
    text = scalar(known(value, "entrypoint is a list here; a template may give a text or JSON."), "entrypoint")
    return {"entrypoint": json_list(text.value) or [text]}


def _env_file(given: Given) -> Written:
    files = texts(given["env_file"])
    if len(files) != 1:
        raise Impossible("One file, of the controller. Give the variables of several in env.")
    raise ByHand(ENV_FILE, [f"env_file: {files[0].raw}"])


def _gpus(given: Given) -> Written:
    value = scalar(given["gpus"], "gpus")
    wanted = [leaf(f"nvidia.com/gpu={one.strip()}") for one in value.value.split(",")]
    return {"device_requests": [{"driver": leaf("cdi"), "device_ids": wanted}]}


_CHECK = ("interval", "retries", "start_period", "timeout")


def _healthcheck(given: Given) -> Written:
    if "no_healthcheck" in given:
        if not flag(given["no_healthcheck"], "no_healthcheck: true is healthcheck.test NONE here."):
            given = {name: value for name, value in given.items() if name != "no_healthcheck"}
        else:
            return {"healthcheck": {"test": [leaf("NONE")]}}
    check: dict[str, Value] = {}
    if isinstance(given.get("healthcheck"), dict):
        raise Impossible("healthcheck is a text in podman_container.")
    if "healthcheck" in given:
        text = scalar(given["healthcheck"], "healthcheck")
        check["test"] = json_list(text.value) or ([leaf("NONE")] if text.value == "none" else text)
    check |= {name: given[f"healthcheck_{name}"] for name in _CHECK if f"healthcheck_{name}" in given}
    if isinstance(check.get("interval"), Leaf) and scalar(check["interval"], "interval").value == "disable":
        raise Impossible("An interval cannot be switched off here. Leave the health check out, and run it in a task.")
    return {"healthcheck": check} if check else {}


_STARTUP = {"cmd": "test", "interval": "interval", "retries": "retries", "success": "successes", "timeout": "timeout"}


def _startup_healthcheck(given: Given) -> Written:
    if "health_startup_cmd" not in given:
        raise Impossible("Without health_startup_cmd, nothing is checked.")
    check = {
        ours: given[f"health_startup_{name}"] for name, ours in _STARTUP.items() if f"health_startup_{name}" in given
    }
    text = scalar(given["health_startup_cmd"], "health_startup_cmd")
    return {"startup_healthcheck": {**check, "test": json_list(text.value) or text}}


def _pod(given: Given) -> Written:
    value = scalar(given["pod"], "pod")
    if value.value.startswith("new:"):
        raise Impossible(
            f"A pod is made by remote_pod: pod: {value.value.removeprefix('new:')} takes one that is there."
        )
    return {"pod": given["pod"]}


def _image_volumes(given: Given) -> Written:
    value = scalar(given["image_volume"], "image_volume")
    return {"image_volumes": leaf("anonymous") if value.value == "bind" else given["image_volume"]}


def _one_of(option: str, *choices: str) -> Conversion:
    def write(given: Given) -> Written:
        value = scalar(given[option], option)
        if not value.templated and value.value.lower() not in choices:
            raise Impossible(f"It is one of {', '.join(choices)}.")
        return {option: given[option]}

    return Conversion((option,), write)


def _image_strict(given: Given) -> Written:
    strict = flag(given["image_strict"], "true is the default here, false is image_name_mismatch: ignore.")
    return {} if strict else {"image_name_mismatch": leaf("ignore")}


_ADDRESSES = {"ip": "ipv4_address", "ip6": "ipv6_address", "mac_address": "mac_address"}
_IN_NETWORK = {"ip": "ipv4_address", "ip6": "ipv6_address", "mac": "mac_address"}


def _networks(given: Given) -> Written:
    extras: dict[str, Value] = {ours: given[name] for name, ours in _ADDRESSES.items() if name in given}
    if "network_aliases" in given:
        aliases = given["network_aliases"]
        extras["aliases"] = aliases if isinstance(aliases, list) else [aliases]
    value = given.get("network")
    if isinstance(value, Leaf) and value.templated:
        raise Depends("network_mode takes one text, networks a list of dictionaries; the template may be either.")
    wanted = [leaf(_DEFAULT_NETWORK)] if value is None else texts(value)
    mode = wanted[0].value.partition(":")[0]
    plain = len(wanted) == 1 and not extras and (mode in USER_MODES or not re.search(r":\w+=", wanted[0].value))
    if plain:
        return {"network_mode": value if isinstance(value, Leaf) else wanted[0]}
    entries: list[Any] = [_network(one) for one in wanted]
    if entries:
        entries[0] |= extras
    return {"networks": entries}


def _network(one: Leaf) -> dict[str, Value]:
    name, _colon, options = one.value.partition(":")
    if "{{" in name and _colon and "}}" not in name:
        return {"name": one}
    entry: dict[str, Value] = {"name": leaf(name)}
    for key, value in split_pairs(options).items():
        if key == "alias":
            aliases = entry.setdefault("aliases", [])
            if isinstance(aliases, list):
                aliases.append(leaf(value))
        elif key in _IN_NETWORK:
            entry[_IN_NETWORK[key]] = leaf(value)
        else:
            raise Impossible(f"A network has no {key} here.")
    return entry


def _groups(given: Given) -> Written:
    value = given["group_add"]
    wanted = value if isinstance(value, list) else [value]
    if any(isinstance(one, Leaf) and one.value == "keep-groups" for one in wanted):
        raise ByHand(
            "keep-groups is an annotation, of which Podman's command line makes a group.",
            ["annotations:", "  run.oci.keep_original_groups: '1'"],
        )
    return {"groups": value}


def _personality(given: Given) -> Written:
    value = scalar(given["personality"], "personality")
    if not value.templated and value.value.upper() not in ("LINUX", "LINUX32"):
        raise Impossible("It is LINUX or LINUX32.")
    return {"personality": value if value.templated else leaf(value.value.upper())}


def _restart_policy(given: Given) -> Written:
    value = scalar(given["restart_policy"], "restart_policy")
    policy, colon, retries = value.value.partition(":")
    if not colon or "{{" in policy:
        return {"restart_policy": value}
    return {"restart_policy": leaf(policy), "restart_retries": leaf(retries) if "{{" in retries else unquoted(retries)}


def _keep_volumes(given: Given) -> Written:
    value = flag(given["delete_volumes"], 'keep_volumes is the opposite: keep_volumes: "{{ not (…) }}".')
    return {"keep_volumes": boolean(not value)}


def _state(given: Given) -> Written:
    value = scalar(given["state"], "state")
    if value.value == "quadlet":
        raise Impossible("remote_quadlet writes quadlets: give it the options of the container in container.")
    return {"state": leaf("present") if value.value == "created" else value}


def _stop_timeout(given: Given) -> Written:
    values = {scalar(value, name).value: value for name, value in given.items()}
    if len(values) > 1:
        raise ByHand("Here all of these are one option.", [f"stop_timeout: {next(iter(values))}"])
    return {"stop_timeout": next(iter(values.values()))}


def _tmpfs(given: Given) -> Written:
    value = given["tmpfs"]
    if isinstance(value, list):
        return {"tmpfs": value}
    if isinstance(value, Leaf):
        raise Depends("tmpfs is a list of PATH:OPTIONS here, and the value is a template or a text.")
    return {"tmpfs": [leaf(":".join(filter(None, (path, scalar(one, path).value)))) for path, one in value.items()]}


def _rates(option: str) -> Conversion:
    def write(given: Given) -> Written:
        found = []
        for item in texts(given[option]):
            path, colon, rate = item.value.rpartition(":")
            if not colon or ("{{" in rate and "}}" not in rate):
                raise Depends(f"{option} is a list of path and rate here; {item.value} can't be taken apart.")
            found.append({"path": leaf(path), "rate": leaf(rate)})
        return {option: [*found]}

    return Conversion((option,), write)


_MOUNT = {
    "type": "type", "source": "source", "src": "source", "target": "target", "destination": "target", "dst": "target",
    "bind-propagation": "propagation", "tmpfs-size": "tmpfs_size", "tmpfs-mode": "tmpfs_mode", "subpath": "subpath",
    "volume-subpath": "subpath", "consistency": "consistency",
}  # fmt: skip


_MOUNT_TYPES = ("bind", "volume", "tmpfs", "image")


def _mounts(given: Given) -> Written:
    if isinstance(given["mount"], Leaf) and given["mount"].templated:
        raise Depends("mounts is a list of dictionaries here, and the value is a template.")
    return {"mounts": [_mount(item.value) for item in texts(given["mount"])]}


def _mount(text: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in split_pairs(text).items():
        if key in ("ro", "readonly", "rw"):
            found["read_only"] = boolean((value or "true") == "true" and key != "rw")
        elif key in _MOUNT:
            found[_MOUNT[key]] = leaf(value)
        elif "{{" in key:
            raise Depends(f"mounts is a list of dictionaries here, and {text} a template.")
        else:
            raise Impossible(f"A mount has no {key} here.")
    kind = found.get("type")
    if isinstance(kind, Leaf) and not kind.templated and kind.value not in _MOUNT_TYPES:
        raise Impossible(f"There are no mounts of the type {kind.value} here.")
    return found


def _log_opt(given: Given) -> Written:
    value = given["log_opt"]
    if isinstance(value, Leaf):
        raise Depends("Keys are those of podman run --log-opt, such as max-size, and the value is a template.")
    pairs = value if isinstance(value, dict) else dict(by_pairs(value, "log_opt"))
    written = {name.replace("_", "-"): one for name, one in pairs.items()}
    if "log_driver" not in given:
        raise ByHand("log_options are refused without log_driver.", ["log_driver: k8s-file"])
    return {"log_options": value if written == value else written}


def _pull(given: Given) -> Written:
    if scalar(given["pull"], "pull").value == "newer":
        raise Impossible("There is no newer; pull: always recreates only when another image came.")
    return {"pull": given["pull"]}


CONVERSIONS: tuple[Conversion, ...] = (
    dropped("debug", "executable", "log_level", "sig_proxy", "conmon_pidfile"),
    truth("force_delete", True, "A container that does not stop in time is killed and removed here in any case."),
    truth("tls_verify", True, "There are no settings for registries here."),
    truth("http_proxy", False, "None of the controller's proxies is passed on. Give them in env."),
    truth("generate_systemd", False, "No files are written on the target. restart_policy starts it after a boot."),
    Conversion(("arch", "os", "variant"), _platform),
    as_list("chrootdirs", "chrootdirs"),
    as_list("device_cgroup_rule", "device_cgroup_rules"),
    Conversion(("group_add",), _groups),
    *(_rates(f"device_{way}") for way in ("read_bps", "read_iops", "write_bps", "write_iops")),
    as_list("dns_option", "dns_opts"),
    Conversion(("entrypoint",), _entrypoint),
    Conversion(("env_file",), _env_file),
    Conversion(("gpus",), _gpus),
    Conversion(("healthcheck", "no_healthcheck", *(f"healthcheck_{name}" for name in _CHECK)), _healthcheck),
    Conversion(tuple(f"health_startup_{name}" for name in _STARTUP), _startup_healthcheck),
    Conversion(("pod",), _pod),
    _one_of("systemd", "true", "false", "always"),
    _one_of("sdnotify", "conmon", "container", "healthy", "ignore"),
    _one_of("seccomp_policy", "default", "image"),
    Conversion(("personality",), _personality),
    _one_of("cgroups", "disabled", "enabled", "no-conmon", "split"),
    Conversion(("image_volume",), _image_volumes),
    Conversion(("image_strict",), _image_strict),
    Conversion(("network", *_ADDRESSES, "network_aliases"), _networks),
    Conversion(("restart_policy",), _restart_policy),
    Conversion(("delete_volumes",), _keep_volumes),
    Conversion(("state",), _state),
    Conversion(("stop_timeout", "stop_time", "delete_time", "restart_time"), _stop_timeout),
    Conversion(("tmpfs",), _tmpfs),
    Conversion(("mount",), _mounts),
    Conversion(("log_opt",), _log_opt, also=("log_driver",)),
    Conversion(("pull",), _pull),
)
