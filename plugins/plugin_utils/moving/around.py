# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands around a module's options and matters here: where the task runs, as whom, and how the engine is found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from ..resources.shared.peer_connection import ROWS
from .calls import Call, Option
from .edits import Edit, entry_span, removed
from .tasks import Task
from .values import Leaf, Value, leaf
from .verdict import HAND, IMPOSSIBLE, OPTION, TEMPLATE, Finding

LOCALHOST = ("localhost", "127.0.0.1", "::1")
NO_LOCAL = (
    "There is no local engine here. Run the task on the host whose containers it manages; a host that is this machine "
    "needs an entry in the inventory that ssh reaches."
)
_SSH = re.compile(r"ssh://(?:(?P<user>[^@/]+)@)?(?P<host>[^:/]+)(?::(?P<port>\d+))?")
_DEFAULT_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")

Found = tuple[Finding, Sequence[Edit]]


def is_local(task: Task, call: Call) -> bool:
    """Whether the task runs on the controller."""
    if call.local or task.says("connection") == "local":
        return True
    delegated = task.says("delegate_to")
    return (delegated or task.says("hosts")) in LOCALHOST


def findings(task: Task, call: Call, given: Mapping[str, Option], text: str) -> Iterator[Found]:
    """What has to be said about a task beside its options, and the edits for it."""
    way_there = given.get("docker_host")
    if is_local(task, call) and not (way_there and isinstance(way_there.value, Leaf) and _remote(way_there.value)):
        yield Finding(IMPOSSIBLE, call.line, NO_LOCAL), ()
    yield from _async(task, text)
    user = task.says("become_user")
    if user not in ("", "root") and call.module.startswith("podman_"):
        yield Finding(
            HAND, call.line, f"become_user: {user}: rootless containers are in that user's own engine, and here become "
            "is for root's. Log in as that user, and name the engine's socket",
            (f"remote_user: {leaf(user).raw}", "engine_socket: /run/user/UID/podman/podman.sock"),
        ), ()  # fmt: skip
    if "DOCKER_" in task.says("environment") or "DOCKER_HOST" in _environment(task):
        yield (
            Finding(HAND, call.line, "environment: DOCKER_HOST and the like are not read here. The host is Ansible's."),
            (),
        )


def _environment(task: Task) -> set[str]:
    value = task.entries["environment"].value if "environment" in task.entries else None
    return {key.value for key, _value in value.value if key.value} if isinstance(value, yaml.MappingNode) else set()


def _remote(value: Leaf) -> bool:
    return value.templated or value.value.startswith(("ssh://", "tcp://", "http"))


def _async(task: Task, text: str) -> Iterator[Found]:
    if "async" not in task.entries:
        return
    entry = task.entries["async"]
    if "poll" in task.entries and task.entries["poll"].text == "0":
        yield Finding(
            HAND, entry.line, "async, poll: takes Python on the target. Hosts are worked on beside each other anyway; "
            "begin things in one task, and wait for them in a later one."
        ), ()  # fmt: skip
        return
    flow = bool(task.node.flow_style)
    parts = [task.entries[name] for name in ("async", "poll") if name in task.entries]
    spans = [entry_span(text, part.key, part.value) for part in parts]
    edits = [removed(text, *span, flow=flow) for span in spans]
    yield Finding(OPTION, entry.line, "async, poll are left out: they take Python on the target."), edits


def way(name: str, option: Option, task: Task) -> Iterator[tuple[Finding, dict[str, Value] | None]]:
    """An option with which community.docker finds the engine, and the options that stand instead; None for what is not
    written.
    """
    value = option.value
    instead = ROWS[name].instead
    if name == "debug":  # with the engine's format, it has results list what was done
        return
    if name == "timeout":
        yield (
            Finding(OPTION, option.line, option.name, (f"engine_timeout: {_raw(value)}",)),
            {"engine_timeout": value},
        )
    elif name != "docker_host" or not isinstance(value, Leaf):
        yield Finding(OPTION, option.line, f"{option.name} is left out. {instead}"), {}
    elif value.templated:
        text = f"{option.name}: the host is Ansible's here. Where it is ssh://HOST, the task runs on that host"
        yield Finding(TEMPLATE, option.line, text, ("delegate_to: HOST",)), None
    elif match := _SSH.match(value.value):
        lines = [f"delegate_to: {match['host']}", *(f"remote_user: {match['user']}" for _one in "1" if match["user"])]
        lines += [f"vars: {{ansible_port: {match['port']}}}" for _one in "1" if match["port"]]
        text = f"{option.name} is left out, and the task runs on that host instead of on the controller"
        yield Finding(HAND, option.line, text, tuple(lines)), None
    elif value.value.startswith("unix://"):
        path = value.value.removeprefix("unix://")
        written: dict[str, Value] = {} if path in _DEFAULT_SOCKETS else {"engine_socket": leaf(path)}
        shown = tuple(f"{key}: {_raw(one)}" for key, one in written.items())
        text = option.name if shown else f"{option.name} is left out: it is the default."
        yield Finding(OPTION, option.line, text, shown), written
    else:
        text = (
            f"{option.name}: an engine is reached through SSH here, as a host of the inventory, and not at its address."
        )
        yield Finding(IMPOSSIBLE, option.line, text), None


def _raw(value: Value) -> str:
    return value.raw if isinstance(value, Leaf) else ""
