# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_container: the argument spec, and the check of everything that a spec cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption
from ...shared import parsers
from ...shared.secrets import MASK, looks_secret
from ..plan import waiting
from ..plan.rollout import Rollout
from . import behaviour, mounts, networks, podman_rare, ports, preset
from .behaviour import Behaviour
from .put_file import PutFile
from .table import BY_NAME, CONTAINER_OPTIONS, SPEC

NAME_PATTERN = parsers.NAME_PATTERN

STATES = ("absent", "present", "stopped", "started", "healthy", "restarted", "paused", "unpaused")
_COMPARISONS = ("strict", "ignore", "allow_more_present")
_PULL = {True: "always", False: "missing"}
IMAGE = "image"
ANY = "*"
# Compared, and no rows of the table. (That a container was started by a waiting task cannot be seen later.)
_OTHERS = (IMAGE, "platform", "detach")

# What a task says about the how, not about the container; names, types and defaults are community.docker's.
CONTROL_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": list(STATES), "default": "started"},
    "adopt": {"type": "bool", "default": True},
    "healthy_wait_timeout": {"type": "float", "default": 300},
    "wait_for": {"type": "dict", "options": waiting.SUBOPTIONS},
    "image": {"type": "str"},
    "comparisons": {"type": "dict"},
    "image_comparison": {"type": "str", "choices": ["desired-image", "current-image"], "default": "desired-image"},
    "image_name_mismatch": {"type": "str", "choices": ["recreate", "ignore"], "default": "recreate"},
    "keep_volumes": {"type": "bool", "default": True},
    "pull": {"type": "raw", "choices": ["never", "missing", "always", True, False], "default": "missing"},
    "pull_check_mode_behavior": {
        "type": "str", "choices": ["image_not_present", "always"], "default": "image_not_present",
    },
    "recreate": {"type": "bool", "default": False},
    "restart": {"type": "bool", "default": False},
}  # fmt: skip

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**CONTROL_SPEC, **behaviour.SPEC, **preset.SPEC, **SPEC}


# Templates give empty texts for what they have no value for. For these options that is as if they were not given; where
# an empty text has a meaning, as for pid_mode, it is the usual value.
_EMPTY_IS_NOTHING = frozenset(
    {
        "group_entry",
        "health_log_destination",
        "hostname",
        "hosts_file",
        "init_path",
        "ipc_mode",
        "kernel_memory",
        "log_driver",
        "memory",
        "memory_reservation",
        "memory_swap",
    }
    | {"network_mode", "passwd_entry", "runtime", "shm_size", "shm_size_systemd", "timezone", "umask"}
)


@dataclass(frozen=True)
class Options:
    """The checked options of one task. ``values`` holds the container options it gives, normalised."""

    name: str
    state: str
    image: str | None
    values: Mapping[str, Any]
    comparisons: Mapping[str, str]
    image_comparison: str = "desired-image"
    image_name_mismatch: str = "recreate"
    keep_volumes: bool = True
    pull: str = "missing"
    pull_check_mode_behavior: str = "image_not_present"
    recreate: bool = False
    restart: bool = False
    adopt: bool = True
    healthy_wait_timeout: float = 300
    wait_for: waiting.WaitFor | None = None
    warnings: tuple[str, ...] = ()
    behaviour: Behaviour = field(default_factory=Behaviour)
    written_labels: Mapping[str, str] = field(default_factory=dict)  # at creation, and never compared
    files: tuple[PutFile, ...] = ()  # put into it at creation
    rollout: Rollout | None = None  # None for the old one to be stopped first
    words: Mapping[str, Any] = field(default_factory=dict)  # a task's own, of options that engines keep as they stand


def parse(params: Mapping[str, Any]) -> Options:
    """Check the options of a task, all of them before anything is touched.

    :param params: as Ansible's argument spec validation leaves them; an option that is not given is None.
    :raises InvalidOption: for the first that can't be used.
    """
    params, loosened = preset.applied(behaviour.prepared(params))
    given = {
        option.name: option.parse(option.name, params[option.name])
        for option in CONTAINER_OPTIONS
        if params.get(option.name) is not None and (params[option.name] != "" or option.name not in _EMPTY_IS_NOTHING)
    }
    comparisons = _comparisons(params.get("comparisons") or {})
    _relate(given, params, comparisons)
    if (params.get("comparisons") or {}).get("networks") == "strict":
        given.setdefault("networks", {})  # asked to be in no other network than those named, of which there are none
    if given.get("restart_retries") and given.get("restart_policy") != "on-failure":
        raise InvalidOption(
            "restart_retries", given["restart_retries"], "it is for restart_policy=on-failure only.",
            "Set restart_policy to on-failure, or leave it out.",
        )  # fmt: skip
    networks.require_connectable(given.get("network_mode"), given.get("networks"))
    mounts.require_apart(given)
    pull = params.get("pull", "missing")
    control = {key: params[key] for key in CONTROL_SPEC if key in params and key not in ("comparisons", "pull")}
    control["name"] = parsers.name("name", params["name"])
    control["image"] = parsers.image(IMAGE, params["image"]) if params.get("image") else None
    control.setdefault("state", "started")
    control["wait_for"] = waiting.parse("wait_for", params.get("wait_for"), control["state"])
    words = {name: params[name] for name in given if BY_NAME[name].reword}
    return Options(
        values=given, words=words, comparisons=comparisons, pull=_PULL.get(pull, pull),
        behaviour=behaviour.parse(params), warnings=(*_conversions(params), *loosened), **control,
    )  # fmt: skip


def _conversions(params: Mapping[str, Any]) -> Iterator[str]:
    """Warnings about numbers and booleans that became texts; YAML may have read another one than was written."""
    for option in ("env", "log_options"):
        for key, value in (params.get(option) or {}).items():
            if not isinstance(value, str):
                shown = MASK if looks_secret(str(key)) else repr(parsers.plain_text(value))
                yield (
                    f"Non-string value found for {option} option '{key}'. The value is automatically converted to "
                    f"{shown}. If this is not correct, or you want to avoid such warnings, please quote the value, or "
                    "explicitly convert the values to strings when templating them."
                )


def _relate(given: dict[str, Any], params: Mapping[str, Any], comparisons: dict[str, str]) -> None:
    """What options say about other options."""
    if "published_ports" in given:
        address = behaviour.with_default_host_ip(params)
        published = ports.with_address("default_host_ip", given["published_ports"], address)
        given["published_ports"] = ports.with_ranges("published_ports", published, params.get("auto_ports_range"))
    if "log_options" in given and "log_driver" not in given:
        raise InvalidOption(
            "log_options", sorted(given["log_options"]), "they are options of a driver.", "Name it in log_driver."
        )
    podman_rare.related(given)
    also_default = not params.get("networks_cli_compatible", True) and given.get("networks")
    if also_default and "network_mode" not in given and comparisons["networks"] != "strict":
        given["network_mode"] = "default"
        comparisons["network_mode"] = "ignore"


def _comparisons(asked: Mapping[str, Any]) -> dict[str, str]:
    """The comparison of every option, after the task's wishes."""
    everything = asked.get(ANY)
    if everything not in (None, "strict", "ignore"):
        raise InvalidOption(f"comparisons.{ANY}", everything, "this holds for no option.", "Use strict or ignore.")
    resolved = {option.name: everything or option.default_comparison for option in CONTAINER_OPTIONS}
    resolved |= dict.fromkeys(_OTHERS, everything or "strict")
    names = {alias: option.name for option in CONTAINER_OPTIONS for alias in (option.name, *option.aliases)}
    names |= {name: name for name in _OTHERS}
    seen: dict[str, str] = {}
    for key, comparison in asked.items():
        if key == ANY:
            continue
        name = _compared_name(key, names)
        if name in seen:
            raise InvalidOption("comparisons", key, f"it means the same as {seen[name]!r}.", "Name the option once.")
        seen[name] = key
        resolved[name] = _comparison(key, name, comparison)
    return resolved


def _compared_name(key: Any, names: Mapping[str, str]) -> str:
    if key in names:
        return names[key]
    if key in CONTROL_SPEC or key in behaviour.SPEC:
        problem = "this option says nothing about the container, so there is nothing to compare."
    else:
        problem = "there is no such option."
    raise InvalidOption("comparisons", key, problem, f"Use * or one of {', '.join(sorted(names))}.")


def _comparison(key: str, name: str, comparison: Any) -> str:
    option = f"comparisons.{key}"
    if comparison not in _COMPARISONS:
        raise InvalidOption(option, comparison, "there is no such comparison.", f"Use {', '.join(_COMPARISONS)}.")
    if comparison == "allow_more_present" and (name in _OTHERS or BY_NAME[name].kind == "value"):
        raise InvalidOption(
            option, comparison, "the option is one value, of which there can't be more.", "Use strict or ignore."
        )
    return str(comparison)
