# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One platform of a molecule.yml becomes the options of a container, and what it needs of networks and volumes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..container.options import networks as container_networks
from ..container.options.parsing import ARGUMENT_SPEC as CONTAINER_SPEC
from ..network.options import ARGUMENT_SPEC as NETWORK_SPEC
from .scenario import PLATFORM_LABEL, Scenario
from .systemd import systemd

ENGINES = ("docker", "podman")
# What Molecule itself reads.
_MOLECULES = ("name", "groups", "children")
_OWN = ("host", "engine", "systemd", "override_command", "pre_build_image")
_OPTIONS = {
    given: name
    for name, rule in CONTAINER_SPEC.items()
    if name not in _OWN  # a platform's own systemd is more than Podman's option
    for given in (name, *rule.get("aliases", ()))
}
_OPTIONS["environment"] = "env"
# Options of a container that a platform can't have, and of other drivers' platforms: why, and what to do.
_SCENARIO_DECIDES = ("the scenario decides that.", "Leave it out.")
_NO_BUILD = ("no image is built here.", "Build it with remote_image beforehand, and name it in image.")
_HOSTS_OWN = ("how a host is reached stands in its own entry in the inventory.", "Leave it out, and name the host.")
_REFUSED = {
    "state": _SCENARIO_DECIDES, "recreate": _SCENARIO_DECIDES, "restart": _SCENARIO_DECIDES,
    "keep_volumes": _SCENARIO_DECIDES, "auto_remove": ("a container that ends would be gone.", "Leave it out."),
    "dockerfile": _NO_BUILD, "buildargs": _NO_BUILD,
    "registry": ("a host logs in to registries by itself.", "Log in there, and leave it out."),
    "docker_host": _HOSTS_OWN, "cacert_path": _HOSTS_OWN, "cert_path": _HOSTS_OWN, "key_path": _HOSTS_OWN,
}  # fmt: skip
_OF_NETWORKS = frozenset(NETWORK_SPEC) - {"name", "state", "connected", "labels", "appends", "force"}
_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NO_NAME_OF_ITS_OWN = ("host", "container:")
_STOP_TIMEOUT = 5  # seconds; nobody misses what a test's container had still to do

# Does nothing, ends at once when it is stopped, and takes in what processes leave behind.
_IDLE = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"
_IDLING = {"entrypoint": ["/bin/sh", "-c"], "command": [_IDLE]}


@dataclass(frozen=True)
class Platform:
    """One platform, checked as far as its own entry goes.

    :param host: the inventory's name of the host that it runs on.
    :param engine: of the host's; '' for the one that the host's own settings lead to.
    :param options: of ``remote_container``.
    :param networks: {name: options of ``remote_network``, with ``external``} of those that it is in.
    :param volumes: the names of the scenario's own volumes that it uses.
    :param systemd: whether that is its first process.
    """

    name: str
    host: str
    engine: str
    options: Mapping[str, Any]
    networks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    volumes: tuple[str, ...] = ()
    systemd: bool = False

    @property
    def container(self) -> str:
        return str(self.options["name"])

    def options_on(self, engine: str) -> Mapping[str, Any]:
        """The options of its container on an engine."""
        return systemd(self.options, engine) if self.systemd else self.options


def platform(given: Mapping[str, Any], scenario: Scenario, host: str) -> Platform:
    """
    :param given: the entry in ``platforms`` of molecule.yml, which has a name.
    :param host: the one for platforms that name none; '' for none.
    :raises InvalidOption: a key or value that can't be used.
    """
    _require_known(given)
    host, engine = place_of(given, host)
    options = {_OPTIONS[key]: value for key, value in given.items() if key in _OPTIONS and key not in _MOLECULES}
    if not isinstance(options.get("image"), str) or not options["image"]:
        raise InvalidOption("image", options.get("image"), "a container is made of an image.", "Name one.")
    options["name"] = scenario.own("name", given["name"])
    options["labels"] = {**_dict("labels", options), **scenario.labels, PLATFORM_LABEL: given["name"]}
    options["keep_volumes"] = False
    options.setdefault("stop_timeout", _STOP_TIMEOUT)
    _name_itself(options, given["name"])
    _set_process(options, given)
    volumes = _take_volumes(options, scenario)
    networks = _take_networks(options, given["name"], scenario)
    return Platform(given["name"], host, engine, options, networks, volumes, bool(given.get("systemd")))


def place_of(given: Mapping[str, Any], host: str) -> tuple[str, str]:
    """(host, engine) of a platform.

    :raises InvalidOption: they can't be used.
    """
    found, engine = given.get("host") or host, given.get("engine") or ""
    if not isinstance(found, str) or not found:
        remedy = "Give the platform a host, or set SSHFLEET_MOLECULE_HOST."
        raise InvalidOption("host", given.get("host"), "nothing says on which host the container is to run.", remedy)
    if engine not in ("", *ENGINES):
        raise InvalidOption("engine", engine, "there is no such engine.", f"Use {' or '.join(ENGINES)}.")
    return found, str(engine)


def _require_known(given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        if key in _REFUSED:
            raise InvalidOption(key, value, *_REFUSED[key])
        if key not in (*_MOLECULES, *_OWN, *_OPTIONS):
            near = difflib.get_close_matches(str(key), [*_OWN, *_OPTIONS], 1)
            remedy = f"Write {near[0]}." if near else "Leave it out, or use an option of remote_container."
            raise InvalidOption(str(key), value, "neither a platform nor remote_container has this option.", remedy)
    for key in ("systemd", "override_command", "pre_build_image"):
        if not isinstance(given.get(key, True), bool):
            raise InvalidOption(key, given[key], "this is neither true nor false.", "Use true or false.")
    if given.get("pre_build_image") is False:
        raise InvalidOption("pre_build_image", False, *_NO_BUILD)


def _name_itself(options: dict[str, Any], name: str) -> None:
    mode = str(options.get("network_mode") or "")
    if isinstance(options.get("hostname", True), bool):
        wanted = options.pop("hostname", True)
        if wanted and _HOSTNAME.fullmatch(name) and not mode.startswith(_NO_NAME_OF_ITS_OWN):
            options["hostname"] = name


def _set_process(options: dict[str, Any], given: Mapping[str, Any]) -> None:
    """What runs in the container, where the platform does not say it."""
    if options.get("command") == "":  # as Molecule's container drivers have it: the image's own
        del options["command"]
    elif not given.get("systemd") and given.get("override_command", True) and not options.keys() & _IDLING.keys():
        options |= _IDLING


def _take_volumes(options: dict[str, Any], scenario: Scenario) -> tuple[str, ...]:
    """Give the named volumes the scenario's own names: (names)."""
    names, entries = [], []
    for entry in _list("volumes", options):
        source, colon, rest = entry.partition(":")
        if colon and source and not source.startswith(("/", ".", "~")):
            source = scenario.own("volumes", source)
            names.append(source)
        entries.append(f"{source}{colon}{rest}")
    if entries:
        options["volumes"] = entries
    return tuple(dict.fromkeys(names))


def _take_networks(options: dict[str, Any], name: str, scenario: Scenario) -> dict[str, Mapping[str, Any]]:
    """Give the networks the scenario's own names, and take the networks' own options out of the container's."""
    networks: dict[str, Mapping[str, Any]] = {}
    entries = []
    for entry in options.get("networks") or ():
        if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
            raise InvalidOption("networks", entry, "this names no network.", "Write {name: NAME} for each.")
        for key in set(entry) - {*_OF_NETWORKS, *container_networks.SUBOPTIONS, "external"}:
            remedy = "Use options of a container's networks, or of remote_network."
            raise InvalidOption(f"networks.{key}", entry[key], "no network has this option.", remedy)
        external = bool(entry.get("external"))
        called = entry["name"] if external else scenario.own("networks.name", entry["name"])
        networks[called] = {key: value for key, value in entry.items() if key in {*_OF_NETWORKS, "external"}}
        own = {key: value for key, value in entry.items() if key in container_networks.SUBOPTIONS}
        aliases = [name] if _HOSTNAME.fullmatch(name) else []
        entries.append({"aliases": aliases, **own, "name": called})
    if entries:
        options["networks"] = entries
    return networks


def _list(option: str, options: Mapping[str, Any]) -> list[str]:
    value = options.get(option) or []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise InvalidOption(option, value, "this is no list of texts.", "Write a list.")
    return value


def _dict(option: str, options: Mapping[str, Any]) -> Mapping[str, Any]:
    value = options.get(option) or {}
    if not isinstance(value, Mapping):
        raise InvalidOption(option, value, "this is no dictionary.", "Write {key: value}.")
    return value
