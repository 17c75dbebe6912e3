# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of container options: for each one row with how it is parsed, read, written, compared and updated.

What an engine can't do with an option, or does not report, stands in ``engine/differences``; its documentation is in
the doc fragments.
"""

from __future__ import annotations

from typing import Any

from ...shared import parsers
from . import (
    api_fields,
    capabilities,
    devices,
    health,
    limits,
    logs,
    mounts,
    names,
    namespaces,
    networks,
    podman,
    podman_rare,
    ports,
    process,
    volumes,
)
from .row import Option, config, host_config, in_host, into, into_host

_STR = {"type": "str"}
_BOOL = {"type": "bool"}
_STRINGS = {"type": "list", "elements": "str"}
_DICT = {"type": "dict"}

# The order is the order of parsing, of differences and of writing the create body: network_mode before networks.
CONTAINER_OPTIONS: tuple[Option, ...] = (
    Option(
        "command", {"type": "raw"}, "list",
        parse=parsers.command, read=config("Cmd", []), write=into("Cmd"), inherit=api_fields.inherit_command,
    ),
    Option(
        "entrypoint", _STRINGS, "list",
        parse=parsers.command, read=config("Entrypoint", []), write=into("Entrypoint"),
    ),
    Option(
        "env", _DICT, "dict", secret=True,
        parse=parsers.env, read=api_fields.read_env, write=api_fields.write_env,
        inherit=api_fields.inherit_env, engine_own=api_fields.engine_env,
    ),
    Option(
        "labels", _DICT, "dict", secret=True,
        parse=parsers.labels, read=config("Labels", {}), write=api_fields.write_labels,
        inherit=api_fields.inherit_labels, engine_own=api_fields.makers_labels,
    ),
    Option(
        "published_ports", {**_STRINGS, "aliases": ["ports"]}, "dict",
        parse=ports.parse, read=ports.read, write=ports.write, canonical=ports.canonical, equal=ports.equal,
    ),
    Option(
        "exposed_ports", {**_STRINGS, "aliases": ["exposed", "expose"]}, "set",
        parse=ports.parse_exposed, read=ports.read_exposed, write=ports.write_exposed,
        inherit=ports.inherit_exposed, engine_own=ports.engine_exposed,
    ),
    in_host("publish_all_ports", _BOOL, "PublishAllPorts", False, parsers.boolean),
    Option(
        "volumes", _STRINGS, "dict",
        parse=volumes.parse, read=volumes.read, write=volumes.write,
        engine_own=volumes.from_image, equal=volumes.equal, reword=volumes.reword,
    ),
    Option(
        "tmpfs", _STRINGS, "dict",
        parse=volumes.parse_tmpfs, read=volumes.read_tmpfs, write=into_host("Tmpfs"),
        engine_own=volumes.read_only_tmpfs, canonical=volumes.canonical_tmpfs,
    ),
    Option(
        "network_mode", _STR, "value",
        parse=networks.parse_mode, read=networks.read_mode, write=into_host("NetworkMode"),
        canonical=networks.canonical_mode, equal=networks.equal_mode, keeps=networks.kept_mode,
    ),
    Option(
        "networks", {"type": "list", "elements": "dict", "options": networks.SUBOPTIONS}, "dict", connects_live=True,
        parse=networks.parse, read=networks.read, write=networks.write, equal=networks.equal,
    ),
    Option(
        "restart_policy", {**_STR, "choices": ["no", "on-failure", "always", "unless-stopped"]}, "value",
        parse=parsers.text, read=api_fields.read_restart_policy, write=api_fields.write_restart_policy,
        update=api_fields.update_restart_policy,
    ),
    Option(
        "restart_retries", {"type": "int"}, "value",
        parse=parsers.count, read=api_fields.read_restart_retries, write=api_fields.write_restart_retries,
        update=api_fields.update_restart_policy,
    ),
    Option(
        "user", _STR, "value",
        parse=parsers.text, read=config("User", ""), write=into("User"), inherit=lambda image: image.get("User") or "",
    ),
    Option(
        "working_dir", _STR, "value",
        parse=parsers.directory, read=config("WorkingDir", ""), write=into("WorkingDir"),
        inherit=lambda image: image.get("WorkingDir") or "", canonical=api_fields.canonical_directory,
    ),
    Option(
        "hostname", _STR, "value",
        parse=parsers.hostname, read=config("Hostname", ""), write=into("Hostname"),
    ),
    Option(
        "memory", _STR, "value",
        parse=parsers.size, read=host_config("Memory", 0), write=into_host("Memory"), update=api_fields.update_memory,
    ),
    Option(
        "cpus", {"type": "float"}, "value",
        parse=parsers.cpus, read=host_config("NanoCpus", 0), write=into_host("NanoCpus"),
        canonical=api_fields.canonical_cpus, update=api_fields.update_cpus, show=lambda cpus: cpus / parsers.NANO,
    ),
    Option(
        "privileged", _BOOL, "value",
        parse=parsers.boolean, read=host_config("Privileged", False), write=into_host("Privileged"),
    ),
    Option(
        "capabilities", _STRINGS, "set",
        parse=capabilities.parse, read=capabilities.read_added, write=into_host("CapAdd"),
        engine_own=capabilities.engine_own_added, reword=capabilities.reword("CapAdd"),
    ),
    Option(
        "cap_drop", _STRINGS, "set",
        parse=capabilities.parse, read=capabilities.read_dropped, write=into_host("CapDrop"),
        engine_own=capabilities.engine_own_dropped, reword=capabilities.reword("CapDrop"),
    ),
    Option(
        "read_only", _BOOL, "value",
        parse=parsers.boolean, read=host_config("ReadonlyRootfs", False), write=into_host("ReadonlyRootfs"),
    ),
    Option(
        "stop_timeout", {"type": "int"}, "value", comparison="ignore",
        parse=parsers.count, read=config("StopTimeout", 0), write=into("StopTimeout"),
    ),
    *limits.ROWS, *devices.ROWS, *health.ROWS, *logs.ROWS, *mounts.ROWS, *names.ROWS, *namespaces.ROWS, *process.ROWS,
    *podman.ROWS, *podman_rare.ROWS,
)  # fmt: skip

BY_NAME: dict[str, Option] = {option.name: option for option in CONTAINER_OPTIONS}
# The dicts whose keys tell that a value is a secret.
SECRETS = tuple(option.name for option in CONTAINER_OPTIONS if option.secret)
SPEC: dict[str, dict[str, Any]] = {option.name: dict(option.spec) for option in CONTAINER_OPTIONS}
