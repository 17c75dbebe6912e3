# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of lists that are one and the same: the last one counts, in the place of the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model.short_volume import BadVolume, parse_volume
from ..problems import Path
from ..reading.scalars import go_text
from ..tables import Table, items_mapped, mapped


def _by_key(entry: Any) -> str:
    return entry.partition("=")[0] if isinstance(entry, str) else go_text(entry)


def _by_target(entry: Any) -> str:
    if isinstance(entry, dict):
        return str(entry.get("target", id(entry)))
    try:
        return str(parse_volume(str(entry))["target"])
    except BadVolume:
        return str(entry)


def _device(entry: Any) -> str:
    if isinstance(entry, dict):
        return str(entry.get("target", id(entry)))
    parts = str(entry).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _port(entry: Any) -> str:
    if not isinstance(entry, dict):
        return go_text(entry)
    host, published = entry.get("host_ip", "0.0.0.0"), entry.get("published")  # noqa: S104 - compose's word for none
    kind = "text" if isinstance(published, str) else "number"
    return f"{host}:{kind}{published}:{entry.get('target')}/{entry.get('protocol', 'tcp')}"


def _mount(folder: str) -> Callable[[Any], str]:
    def key(entry: Any) -> str:
        if isinstance(entry, dict):
            return str(entry["target"]) if "target" in entry else f"{folder}/{entry.get('source')}"
        return f"{folder}/{entry}"

    return key


def _env_file(entry: Any) -> str:
    return str(entry.get("path", id(entry))) if isinstance(entry, dict) else str(entry)


_KEYED = (
    "networks.*.labels networks.*.ipam.options services.*.annotations services.*.build.args "
    "services.*.build.additional_contexts services.*.build.platform services.*.build.tags services.*.build.labels "
    "services.*.cap_add services.*.cap_drop services.*.deploy.labels services.*.dns services.*.dns_opt "
    "services.*.dns_search services.*.environment services.*.labels services.*.links services.*.networks.*.aliases "
    "services.*.networks.*.link_local_ips services.*.profiles services.*.sysctls services.*.tmpfs"
)
_INDEX: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(_KEYED.split(), _by_key),
    "services.*.devices": _device,
    "services.*.configs": _mount(""),
    "services.*.env_file": _env_file,
    "services.*.expose": go_text,
    "services.*.ports": _port,
    "services.*.secrets": _mount("/run/secrets"),
    "services.*.volumes": _by_target,
}


def _single(index: Callable[[Any], str]) -> Callable[[Any, Path], Any]:
    def work(value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return items_mapped(value, path, _RULES)
        entries: dict[str, Any] = {}
        for entry in value:
            entries[index(entry)] = entry
        return list(entries.values())

    return work


_RULES = Table({pattern: _single(index) for pattern, index in _INDEX.items()})


def without_repeats(model: Any) -> Any:
    """A model whose lists name each thing once."""
    return mapped(model, (), _RULES)
