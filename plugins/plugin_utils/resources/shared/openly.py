# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks and containers show openly, so that a password which is the same word hides nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Names,, networks, paths and the like. What is not here, such as env, labels, commands and the options of
# drivers, may hold secrets, and so may an option that somebody adds.
_OPEN = (
    "aliases archive_path cgroup_parent chdir config_from connected container container_path containers devices "
    "dockerfile domainname driver engine engine_socket env_file exposed_ports groups hostname image images ipc_mode "
    "links load_path log_driver mounts name names network network_mode networks path pid_mode platform "
    "published_ports registry repository restart_policy runtime source source_engine source_socket state subpath "
    "tag target targets tmpfs user userns_mode uts volume_driver volume_name volumes volumes_from working_dir"
)
OPEN_OPTIONS = frozenset(_OPEN.split())


def of_options(params: Mapping[str, Any]) -> Iterator[str]:
    """The texts in a task's open options, and in those of their suboptions that are open too."""
    for option, value in params.items():
        if option in OPEN_OPTIONS:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from of_options(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str) and "://" not in value:  # a URL may hold a password
        yield value


def of_container(inspect: Mapping[str, Any]) -> Iterator[str]:
    """What the result tells of a container as it is."""
    config, host = inspect.get("Config") or {}, inspect.get("HostConfig") or {}
    told = [inspect.get("Name"), host.get("NetworkMode"), *map(config.get, ("Image", "Hostname", "User"))]
    for mount in inspect.get("Mounts") or ():
        told += [mount.get("Name"), mount.get("Source"), mount.get("Destination")]
    for name, endpoint in ((inspect.get("NetworkSettings") or {}).get("Networks") or {}).items():
        told += [name, *((endpoint or {}).get("Aliases") or ())]
    yield from _texts([str(text).lstrip("/") for text in told if text])
