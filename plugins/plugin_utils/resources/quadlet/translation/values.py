# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalised values of a container's options → the values that podman run takes for the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from ....errors import InvalidOption
from ...container.options import health, port_ranges
from ...shared.parsers import NANO

Values = list[str]
_AS_DEFAULT = ("bridge", "default")
DEFAULT_NETWORK = "podman"
_DURATIONS = ((NANO, "s"), (10**6, "ms"), (10**3, "us"))
# Suboptions of a mount -> podman's.
_MOUNT = {
    "propagation": "bind-propagation", "tmpfs_size": "tmpfs-size", "tmpfs_mode": "tmpfs-mode", "subpath": "subpath",
}  # fmt: skip
_MOUNT_SWITCHES = {"read_only": "ro", "non_recursive": "bind-nonrecursive", "no_copy": "nocopy"}
_ENDPOINT = {"ipv4_address": "ip", "ipv6_address": "ip6", "mac_address": "mac"}
_TEST_WORDS = ("CMD", "CMD-SHELL", "NONE")
_CDI = "cdi"


def one(value: Any) -> Values:
    return [str(value)]


def switch(value: bool) -> Values:
    return ["true" if value else "false"]


def each(values: list[Any]) -> Values:
    return [str(value) for value in values]


def pairs(values: Mapping[str, Any]) -> Values:
    """In an order of their own, so that the file is the same however the task has them."""
    return [f"{key}={values[key]}" for key in sorted(values)]


def with_colon(values: Mapping[str, Any]) -> Values:
    return [f"{key}:{value}" if value != "" else key for key, value in values.items()]


def cpus(value: int) -> Values:
    return [f"{value / NANO:.9f}".rstrip("0").rstrip(".") or "0"]


def words(value: list[str]) -> Values:
    """A command in one text, as podman takes an entrypoint."""
    return [json.dumps(value, ensure_ascii=False)]


def ports(bindings: Mapping[str, list[str]]) -> Values:
    """
    :raises InvalidOption: a port that is to be chosen when the container is made.
    """
    if port_ranges.asks(bindings):
        raise InvalidOption(
            "container.published_ports", "auto", "a quadlet is a file, in which a port has a number.",
            "Give the port of the host.",
        )  # fmt: skip
    return [f"{end}:{port}" if end else port for port, ends in bindings.items() for end in ends]


def volumes(value: Mapping[str, Mapping[str, Any]]) -> Values:
    return [_volume(target, volume) for target, volume in value.items()]


def _volume(target: str, volume: Mapping[str, Any]) -> str:
    if not volume["source"]:
        return target
    modes = ["ro"] if volume["mode"] == "ro" else []
    modes += [volume["propagation"]] if "propagation" in volume else []
    modes += [flag for flag in volume.get("flags", ()) if flag not in ("consistent", "delegated", "cached")]
    return ":".join([volume["source"], target, *([",".join(modes)] if modes else [])])


def mounts(value: Mapping[str, Mapping[str, Any]]) -> Values:
    """
    :raises InvalidOption: a kind of mount, or a suboption, that podman run does not have.
    """
    return [_mount(target, mount) for target, mount in value.items()]


def _mount(target: str, mount: Mapping[str, Any]) -> str:
    kind = mount["type"]
    if kind not in ("bind", "volume", "tmpfs", "image"):
        raise InvalidOption("container.mounts.type", kind, "Podman does not support it.", "Use bind, volume or tmpfs.")
    parts = [f"type={kind}", *([f"source={mount['source']}"] if mount["source"] else []), f"destination={target}"]
    for name, item in mount.items():
        if name in _MOUNT_SWITCHES and not (kind == "image" and name == "read_only"):
            parts.append(f"{_MOUNT_SWITCHES[name]}={'true' if item else 'false'}" if name != "no_copy" else "nocopy")
        elif name in _MOUNT:
            parts.append(f"{_MOUNT[name]}={item:o}" if name == "tmpfs_mode" else f"{_MOUNT[name]}={item}")
        elif name == "tmpfs_options":
            parts += ["=".join(option) for option in item]
        elif name not in ("type", "source", "consistency", "read_only") and item:
            raise InvalidOption(f"container.mounts.{name}", item, "podman run has nothing for it.", "Leave it out.")
    return comma_separated(parts)


def comma_separated(parts: Values) -> str:
    """One line of comma-separated values, of which one may hold a comma."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(parts)
    return line.getvalue()


def networks(mode: str | None, wanted: Mapping[str, Mapping[str, Any]] | None) -> Values:
    """
    :raises InvalidOption: something about a network that podman run does not have.
    """
    found = [_network(name, endpoint) for name, endpoint in (wanted or {}).items()]
    plain = None if mode == "default" else mode
    if wanted and plain in _AS_DEFAULT:
        plain = DEFAULT_NETWORK
    return found if plain is None or plain in (wanted or {}) else [plain, *found]


def _network(name: str, endpoint: Mapping[str, Any]) -> str:
    told = []
    for key, item in endpoint.items():
        if key in _ENDPOINT:
            told.append(f"{_ENDPOINT[key]}={item}")
        elif key == "aliases":
            told += [f"alias={alias}" for alias in item]
        elif item:
            raise InvalidOption(f"container.networks.{key}", item, "podman run has nothing for it.", "Leave it out.")
    return f"{DEFAULT_NETWORK if name in _AS_DEFAULT else name}{':' if told else ''}{','.join(told)}"


def health_test(check: Mapping[str, Any]) -> Values:
    """The test in one text, as Podman 5.4 and 5.8 understand it: 5.4 takes a list that begins with CMD apart.

    :raises InvalidOption: a program's name that 5.4 takes apart.
    """
    test = check.get("test")
    if test is None:
        return []
    if test == health.DISABLED:
        return ["none"]
    kind, *rest = test
    if kind == "CMD-SHELL":
        text = " ".join(rest)
        return words([kind, text]) if text.startswith("[") or text.partition(" ")[0].upper() in _TEST_WORDS else [text]
    if len(rest) > 1:
        return words(rest)
    if not rest or " " in rest[0]:
        raise InvalidOption(
            "container.healthcheck.test", test, "Podman takes its program's name apart.", "Give a text for the shell."
        )
    return [f"{kind} {rest[0]}"]


def health_value(name: str) -> Any:
    """The values of a suboption that is a duration or a number."""

    def values(check: Mapping[str, Any]) -> Values:
        if name not in check:
            return []
        return [str(check[name]) if name in ("retries", "successes") else duration(check[name])]

    return values


def no_start_interval(check: Mapping[str, Any]) -> Values:
    """
    :raises InvalidOption: it is given.
    """
    if check.get("start_interval"):
        raise InvalidOption(
            "container.healthcheck.start_interval", check["start_interval"], "podman run has nothing for it.",
            "Leave it out.",
        )  # fmt: skip
    return []


def notify(mode: str) -> Values:
    """Whether the container tells systemd itself that it is up, or Podman does.

    :raises InvalidOption: a mode of which the keys of Podman 4.9 know nothing, or one that leaves the unit waiting.
    """
    known = {"container": ["true"], "conmon": ["false"]}
    if mode not in known:
        remedy = "On Podman 5 and newer, write sections: {Container: {Notify: healthy}}."
        raise InvalidOption(
            "container.sdnotify", mode, "a quadlet's unit waits to be told that it is up, by the container or Podman.",
            remedy if mode == "healthy" else "Use container or conmon.",
        )  # fmt: skip
    return known[mode]


def duration(nanoseconds: int) -> str:
    return next(
        (f"{nanoseconds // unit}{name}" for unit, name in _DURATIONS if nanoseconds % unit == 0), f"{nanoseconds}ns"
    )


def security(options: list[str]) -> Values:
    return [option for option in options if not is_no_new_privileges(option)]


def no_new_privileges(options: list[str]) -> Values:
    return ["true"] if any(map(is_no_new_privileges, options)) else []


def is_no_new_privileges(option: str) -> bool:
    return option.replace("=", ":", 1) in ("no-new-privileges", "no-new-privileges:true")


def requests(values: list[str]) -> Values:
    """
    :raises InvalidOption: a request for other devices than those of the Container Device Interface.
    """
    found = [json.loads(value) for value in values]
    for request in found:
        if request["driver"] != _CDI or not request["device_ids"]:
            raise InvalidOption(
                "container.device_requests", request["driver"], "Podman takes devices of the driver cdi, by their IDs.",
                "Use the driver cdi with device_ids, such as nvidia.com/gpu=all.",
            )  # fmt: skip
    return [device for request in found for device in request["device_ids"]]


def devices(values: Mapping[str, Mapping[str, str]]) -> Values:
    return [f"{device['source']}:{target}:{device['permissions']}" for target, device in values.items()]
