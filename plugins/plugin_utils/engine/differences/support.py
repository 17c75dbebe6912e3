# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engines can do with an option of a container: one table, for the code and for the documentation.

An option is *reported* by an engine (compared with its inspect) unless a row here says that it is *applied*, but not
reported (compared with a digest that is kept in a label since the creation), or *refused*: not supported. Whether it is
asked for in Docker's words or in Podman's own, ``own_api`` says; without it, it is in Docker's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from .engine import Engine
from .rows import DOCKER, PODMAN, Row

REPORTED, APPLIED, REFUSED = "reported", "applied", "refused"


@dataclass(frozen=True)
class OptionRow(Row):
    """One fact. ``option`` is an option, option.suboption, or either with =value; ``instead`` is the remedy; ``usual``
    is Docker's name for what there is anyway, which is no reason to refuse; ``own_api`` says that only Podman's own API
    can say it, by which the container is then created.
    """

    option: str
    engine: str
    level: str
    instead: str = ""
    usual: str = ""
    own_api: bool = False


_P, _D = PODMAN, DOCKER
_MAC = "Give it in networks, as mac_address."
_VOLUME = "Create the volume beforehand, as it should be."
_ONLY_PODMAN = "Only Podman has it: name a Podman's socket in engine_socket, or set engine to podman."
# Podman's own, of which its description of a container tells, and of which it does not.
_TOLD = ("annotations", "chrootdirs", "gidmap", "healthcheck_failure_action", "pod", "run_timeout", "sdnotify",
         "secrets", "timezone", "uidmap", "umask")  # fmt: skip
_UNTOLD = (
    "cgroup_conf",
    "cgroups",
    "hostusers",
    "image_volumes",
    "init_path",
    "no_hosts",
    "passwd",
    "passwd_entry",
    "personality",
    "read_only_tmpfs",
    "requires",
    "seccomp_policy",
    "systemd",
    "unsetenv",
    "unsetenv_all",
)
# Of these, the version that first has them, by its source, and whether its description tells of them.
_SINCE = {
    "group_entry": ((4, 5), APPLIED), "shm_size_systemd": ((4, 5), APPLIED), "startup_healthcheck": ((4, 4), APPLIED),
    "health_log_destination": ((5, 3), REPORTED), "health_max_log_count": ((5, 3), REPORTED),
    "health_max_log_size": ((5, 3), REPORTED), "hosts_file": ((5, 4), REPORTED), "no_hostname": ((5, 4), REPORTED),
}  # fmt: skip
# Found by trying on ``rows.TRIED``; what both of an engine's versions do is said of all.
# Whatever an engine refuses by itself with words of its own is not here.
SUPPORT: tuple[OptionRow, ...] = (
    OptionRow("cgroupns_mode", _P, APPLIED, own_api=True, before=(5, 6)),
    OptionRow("devices", _P, APPLIED, rootless=True),
    OptionRow("device_cgroup_rules", _P, APPLIED, own_api=True, before=(5, 0)),
    OptionRow("device_cgroup_rules", _P, APPLIED, since=(5, 0)),
    OptionRow("device_requests", _P, REFUSED, before=(5, 0)),
    OptionRow("device_requests", _P, APPLIED, since=(5, 0)),
    OptionRow("domainname", _P, REFUSED, "Put the domain into hostname."),
    OptionRow(
        "etc_hosts=host-gateway", _P, REFUSED, "Use an IP address, or the name host.containers.internal.", before=(5, 0)
    ),
    OptionRow("healthcheck.start_interval", _P, REFUSED),
    OptionRow("healthcheck.start_interval", _D, REFUSED, before=(25, 0)),
    OptionRow("ipc_mode", _P, APPLIED, before=(5, 0)),
    OptionRow("kernel_memory", _P, REFUSED, "Use memory."),
    OptionRow("kernel_memory", _D, REFUSED, "Use memory.", since=(23, 0)),
    OptionRow("links", _P, REFUSED, "Use networks, and the aliases in them."),
    OptionRow("log_driver=local", _P, REFUSED, "Use json-file, journald, none or passthrough."),
    OptionRow("log_options", _P, APPLIED),
    # Without root, the usual network is none of Podman's, and has no address to choose.
    OptionRow("mac_address", _P, REFUSED, _MAC, rootless=True),
    OptionRow("mac_address", _P, APPLIED),
    OptionRow("memory_swap=-1", _P, REPORTED, own_api=True),
    OptionRow("mounts", _P, APPLIED),
    OptionRow("mounts.labels", _P, REFUSED, _VOLUME),
    OptionRow("mounts.read_only_force_recursive", _P, REFUSED),
    OptionRow("mounts.read_only_force_recursive", _D, REFUSED, before=(25, 0)),
    OptionRow("mounts.read_only_non_recursive", _P, REFUSED),
    OptionRow("mounts.read_only_non_recursive", _D, REFUSED, before=(25, 0)),
    OptionRow("mounts.create_mountpoint", _D, REFUSED, "Use volumes, which creates it.", before=(23, 0)),
    OptionRow("mounts.subpath", _P, REFUSED),
    OptionRow("mounts.subpath", _D, REFUSED, before=(26, 0)),
    OptionRow("mounts.tmpfs_options", _D, REFUSED, "Use tmpfs.", before=(27, 0)),
    OptionRow("mounts.volume_driver", _P, REFUSED, _VOLUME, usual="local"),
    OptionRow("mounts.volume_options", _P, REFUSED, _VOLUME),
    OptionRow("networks.driver_opts", _P, REFUSED),
    OptionRow("networks.gw_priority", _P, REFUSED),
    OptionRow("networks.gw_priority", _D, REFUSED, before=(28, 0)),
    OptionRow("networks.links", _P, REFUSED, "Use aliases."),
    OptionRow("networks.mac_address", _D, REFUSED, "Use mac_address of the container.", before=(25, 0)),
    OptionRow("oom_score_adj", _P, APPLIED, rootless=True),
    OptionRow("oom_score_adj", _D, APPLIED, rootless=True),
    OptionRow("publish_all_ports", _P, APPLIED, before=(5, 0)),
    # Its own API has a name for it, and does nothing about it (4.3, 5.4, 5.8).
    OptionRow("runtime", _P, REFUSED, "Set the runtime in containers.conf on the host.", usual="runc"),
    OptionRow("sdnotify=healthy", _P, REFUSED, "Use container or conmon.", before=(4, 7)),
    OptionRow("storage_opts", _P, APPLIED),
    OptionRow("sysctls", _P, APPLIED),
    # Without root, Podman drops them where they are in Docker's words.
    OptionRow("ulimits", _P, REPORTED, own_api=True, rootless=True),
    OptionRow("userns_mode", _P, APPLIED),
    OptionRow("volume_driver", _P, REFUSED, _VOLUME, usual="local"),
    *(OptionRow(name, _P, REPORTED, own_api=True) for name in _TOLD),
    *(OptionRow(name, _P, APPLIED, own_api=True) for name in _UNTOLD),
    *(OptionRow(name, _P, REFUSED, before=version) for name, (version, _how) in _SINCE.items()),
    *(OptionRow(name, _P, how, own_api=True, since=version) for name, (version, how) in _SINCE.items()),
    *(OptionRow(name, _D, REFUSED, _ONLY_PODMAN) for name in (*_TOLD, *_UNTOLD, *_SINCE)),
)

_BY_OPTION: dict[str, tuple[OptionRow, ...]] = {
    row.option: tuple(other for other in SUPPORT if other.option == row.option) for row in SUPPORT
}


def find(option: str, engine: Engine) -> OptionRow | None:
    """The exception that holds for an option on an engine, if there is one."""
    return next((row for row in _BY_OPTION.get(option, ()) if row.holds_for(engine)), None)


def level(option: str, engine: Engine) -> str:
    row = find(option, engine)
    return row.level if row else REPORTED


def asks_own_api(values: Mapping[str, Any], engine: Engine) -> bool:
    """Whether one of the options of a container can be said in Podman's own API only; what asks for nothing can't."""
    return any(
        bool(part) and row.own_api
        for option, value in values.items()
        for name, part in _parts(option, value)
        if (row := find(name, engine)) is not None
    )


def require(option: str, value: Any, engine: Engine) -> None:
    """Refuse a value, or a part of it, that the engine cannot do; what asks for nothing passes.

    :raises InvalidOption: naming the option, the engine and its version.
    """
    for name, part in _parts(option, value):
        row = find(name, engine)
        if row is not None and row.level == REFUSED and part and part != row.usual:
            raise InvalidOption(
                name.partition("=")[0], part, f"{engine.title} does not support it.",
                row.instead or "Leave it out on this host, or use another engine there.",
            )  # fmt: skip


def without_usual(values: Mapping[str, Any], engine: Engine) -> dict[str, Any]:
    """The options of a container without those that the engine refuses, where they ask for what there is anyway."""
    return {name: value for name, value in values.items() if not _is_usual(name, value, engine)}


def _is_usual(option: str, value: Any, engine: Engine) -> bool:
    row = find(option, engine)
    return row is not None and row.level == REFUSED and row.usual == value != ""


def _parts(option: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value, and the parts of it that the table may know: (option[.suboption][=value], value)."""
    yield option, value
    if isinstance(value, (str, int)):
        yield f"{option}={value}", value
    entries = [value] if isinstance(value, Mapping) else []
    entries += [entry for entry in _items(value) if isinstance(entry, Mapping)]
    for entry in entries:
        for key, part in entry.items():
            yield f"{option}.{key}", part
            if isinstance(part, str):
                yield f"{option}.{key}={part}", part
                yield f"{option}={part}", part


def _items(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []


def sentences(option: str) -> list[str]:
    """What the documentation of an option says about the engines, in the order of the table."""
    return [
        _SENTENCE[row.level].format(versions=row.versions()) + (f" V({row.usual}) is taken." if row.usual else "")
        for row in SUPPORT
        if row.option == option and row.level != REPORTED
    ]


_SENTENCE = {
    APPLIED: "{versions} does not report it: what was asked for at creation is compared.",
    REFUSED: "{versions} does not support it.",
}
