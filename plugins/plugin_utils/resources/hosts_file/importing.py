# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that stand somewhere else → hosts of a hosts.json, and what of them no hosts.json can say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any

from ...dataclass import dataclass
from ...errors import HostsFileError, InvalidOption
from ...hosts import edit, rules
from ...hosts.check import HOST_KEYS
from ...hosts.entry import HostEntry
from ..shared.plan import Plan, Resource
from .plan import checked, differs, found_by_name

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "source": {"type": "str", "choices": ["inventory", "ssh_config"], "required": True},
    "ssh_config": {"type": "path", "default": "~/.ssh/config"},
    "name": {"type": "list", "elements": "str", "aliases": ["names"]},
    "groups": {"type": "list", "elements": "str"},
    "overwrite": {"type": "bool", "default": False},
    "backup": {"type": "bool", "default": True},
}
# Ansible's variables of an ssh connection, by the keys that they become; the first that is there counts.
VARIABLES: Mapping[str, Sequence[str]] = {
    "hostname": ("ansible_host", "ansible_ssh_host"),
    "user": ("ansible_user", "ansible_ssh_user"),
    "port": ("ansible_port", "ansible_ssh_port"),
    "identity_file": ("ansible_ssh_private_key_file", "ansible_private_key_file"),
    "description": ("sshfleet_description",),
}
ARGUMENTS = ("ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args")
# What else is about the connection, and a hosts.json has no key for.
OTHERS = (
    "ansible_password",
    "ansible_ssh_pass",
    "ansible_ssh_password",
    "ansible_private_key",
    "ansible_private_key_passphrase",
    "ansible_ssh_private_key_passphrase",
    "ansible_ssh_executable",
    "ansible_ssh_pkcs11_provider",
    "ansible_ssh_timeout",
    "ansible_ssh_host_key_checking",
    "ansible_host_key_checking",
    "ansible_timeout",
    "ansible_become",
    "ansible_become_user",
    "ansible_become_method",
    "ansible_become_password",
    "ansible_become_pass",
    "sshfleet_jump_keys",
)
_SSH = ("ssh", "ansible.builtin.ssh", "smart")
_NOT_GROUPS = ("all", "ungrouped")

JumpHost = Callable[[str], tuple[str | None, tuple[str, ...]]]


@dataclass(frozen=True)
class Wanted:
    """What a task takes over: hosts whose names fit a pattern (None for all), with these groups beside their own.
    ``overwrite`` is whether a host that the file has already becomes as it is elsewhere.
    """

    names: tuple[str, ...] | None
    groups: tuple[str, ...]
    overwrite: bool

    def takes(self, name: str) -> bool:
        return self.names is None or any(fnmatchcase(name, pattern) for pattern in self.names)


@dataclass(frozen=True)
class Elsewhere:
    """A host as it stands elsewhere. ``values`` has keys of a hosts.json, ``unsaid`` names what none of them can say,
    ``refused`` is why it can be no host of a hosts.json, '' where it can.
    """

    name: str
    values: Mapping[str, Any]
    unsaid: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Imported:
    """What is to be done to the file; ``told`` is what becomes of each host: {name, action, reason, unsaid}."""

    plan: Plan
    before: str | None
    after: str
    told: list[dict[str, Any]]


def parse(params: Mapping[str, Any]) -> Wanted:
    """
    :raises InvalidOption: a group that no hosts.json can have.
    """
    groups = tuple(params["groups"] or ())
    for group in groups:
        if complaint := rules.group(group):
            raise InvalidOption("groups", group, f"it {complaint.problem}.", complaint.remedy)
    return Wanted(None if params["name"] is None else tuple(params["name"]), groups, params["overwrite"])


def of_inventory(
    name: str, variables: Mapping[str, Any], groups: Iterable[str], directory: str, jump_host: JumpHost
) -> Elsewhere:
    """A host of an inventory.

    :param directory: from which its relative paths start, and those of a hosts.json don't.
    :param jump_host: reads ssh arguments; see ``session/ssh_settings.py``.
    """
    connection = variables.get("ansible_connection") or "ssh"
    if connection not in _SSH:
        return Elsewhere(name, {}, refused=f"its ansible_connection is {connection!r}, not ssh")
    values: dict[str, Any] = {"hostname": name}
    for key, known in VARIABLES.items():
        given = next((variables[one] for one in known if variables.get(one) not in (None, "")), None)
        if given is not None:
            values[key] = given if key == "port" else str(given)
    if (key_file := values.get("identity_file", "~")) and not key_file.startswith("~"):
        values["identity_file"] = str(PurePath(directory, key_file))
    values["groups"] = tuple(sorted(group for group in groups if group not in _NOT_GROUPS))
    unsaid = [one for one in OTHERS if variables.get(one) not in (None, "")]
    for variable in ARGUMENTS:
        try:
            jumps, others = jump_host(str(variables.get(variable) or ""))
        except InvalidOption as error:
            return Elsewhere(name, values, refused=f"its {variable} can't be read: {error.words}")
        if jumps is not None:
            values.setdefault("jump_host", jumps)
        unsaid += [f"{variable}: {other}" for other in others]
    return judged(name, values, tuple(unsaid))


def of_ssh_config(name: str, found: Mapping[str, Any], more: Sequence[str], own_user: str | None) -> Elsewhere:
    """An alias of an ssh configuration.

    :param found: what it says, as keys of a hosts.json; an alias that must stay one has no hostname there.
    :param more: the keywords that no key expresses; a host whose hostname is the alias keeps them.
    :param own_user: the user who runs Ansible, whom a hosts.json need not name.
    """
    values = {key: value for key, value in found.items() if (key, value) != ("user", own_user)}
    values.setdefault("hostname", name)
    unsaid = () if values["hostname"] == name else tuple(more)
    return judged(name, values, unsaid)


def judged(name: str, values: Mapping[str, Any], unsaid: tuple[str, ...]) -> Elsewhere:
    """The host, held to the rules of a hosts.json."""
    complaints = {"name": rules.host_name(name)}
    for key, value in values.items():
        if key == "groups":
            complaints |= {f"group {group}": rules.group(group) for group in value}
        elif (rule := HOST_KEYS[key].rule) is not None:
            complaints[key] = rule(_number(value) if key == "port" else value)
    told = [f"its {key} {complaint.problem}" for key, complaint in complaints.items() if complaint]
    if told:
        return Elsewhere(name, {}, unsaid, "; ".join(told))
    return Elsewhere(name, {key: _number(value) if key == "port" else value for key, value in values.items()}, unsaid)


def _number(value: Any) -> Any:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else -1


def planned(there: bytes | None, wanted: Wanted, found: Sequence[Elsewhere], path: str) -> Imported:
    """What a task does to a file.

    :param there: the file's bytes, None where there is none.
    :raises HostsFileError: the file breaks a rule, or would after this.
    """
    data = edit.EMPTY.encode() if there is None else there
    hosts = checked(data, path, "It was left as it is. Mend it first.")
    text, told = data.decode(), []
    for one in found:
        action, reason, values = _becomes(one, found_by_name(hosts).get(one.name), wanted)
        if values:
            after, problem = _written(text, one.name, values, path)
            if problem:
                action, reason = "refused", problem
            else:
                text = after
        told.append({"name": one.name, "action": action, "reason": reason, "unsaid": list(one.unsaid)})
    return Imported(_plan(path, told), None if there is None else data.decode(), text, told)


def _becomes(one: Elsewhere, actual: HostEntry | None, wanted: Wanted) -> tuple[str, str, dict[str, Any]]:
    """(action, reason, the keys that are to be written)."""
    if one.refused:
        return "refused", one.refused, {}
    values = dict(one.values)
    groups = tuple(dict.fromkeys((*values.get("groups", ()), *wanted.groups)))
    if groups:
        values["groups"] = groups
    else:
        values.pop("groups", None)
    if actual is None:
        return "add", "the file has no such host", values
    changed = {key: value for key, value in values.items() if differs(actual, key, value)}
    if not changed:
        return "unchanged", "the file says the same", {}
    names = " and ".join(changed)
    if not wanted.overwrite:
        return "kept", f"the file has another {names}, and overwrite is off", {}
    return "change", f"{names} differ{'s' if len(changed) == 1 else ''}", changed


def _written(text: str, name: str, values: Mapping[str, Any], path: str) -> tuple[str, str]:
    """(the text with the host, why it can't be so)."""
    after = edit.with_host(text, name, values)
    try:
        checked(after.encode(), path, "")
    except HostsFileError as error:
        return text, error.words
    return after, ""


def _plan(path: str, told: Sequence[Mapping[str, Any]]) -> Plan:
    """The file is written once, for all hosts together, so that is one step."""
    added, changed = ([one["name"] for one in told if one["action"] == action] for action in ("add", "change"))
    if not added and not changed:
        return Plan()
    counts = [f"{len(names)} {words}" for names, words in ((added, "to add"), (changed, "to change")) if names]
    return Plan((Resource("path", path).step("import", " and ".join(counts), shown={"hosts": [*added, *changed]}),))


def result(seen: Imported, path: str, backup: str | None) -> dict[str, Any]:
    """The result of remote_host_import.

    :param path: the file that is written, behind all links.
    """
    unsaid = [f"{one['name']}: {', '.join(one['unsaid'])}" for one in seen.told if one["unsaid"]]
    refused = [f"{one['name']}: {one['reason']}" for one in seen.told if one["action"] == "refused"]
    warnings = [f"Not taken over: {'; '.join(refused)}."] if refused else []
    warnings += [f"What no hosts.json can say was left out: {'; '.join(unsaid)}."] if unsaid else []
    before = seen.before or ""
    return {
        "changed": seen.plan.changed,
        "path": path,
        "hosts": seen.told,
        "backup_file": backup,
        "actions": seen.plan.actions(),
        "diff": {"before": before, "after": seen.after if seen.plan.changed else before, "before_header": path,
                 "after_header": path},
        **({"warnings": warnings} if warnings else {}),
    }  # fmt: skip
