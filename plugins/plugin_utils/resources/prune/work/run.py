# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prunes: chooses from the engine's lists, and removes one by one exactly what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...container.plan.dependents import uses
from ...network.actual import network
from .. import cache, items
from ..images import images
from ..items import Chosen, Item
from ..options import Options
from ..result import result, sized, warnings

_MISSING = frozenset({"container_missing", "network_missing", "volume_missing"})


class Pruning:
    """One run of remote_prune."""

    def __init__(self, client: Client, options: Options, check_mode: bool, log: Callable[[str], None]) -> None:
        self._client = client
        self._options = options
        self._check_mode = check_mode
        self._log = log
        self._engine = client.engine
        self._left: list[str] = []
        self._remove: dict[str, Callable[[Item], None]] = {
            "containers": lambda item: client.containers.remove(item.id),
            "images": self._remove_image,
            "networks": lambda item: client.networks.remove(item.id),
            "volumes": lambda item: client.volumes.remove(item.id),
        }

    def run(self) -> dict[str, Any]:
        """Do it, or in check mode tell what would be done; the module's result.

        :raises EngineError: the engine did not answer, or not as it should. What it won't remove is left, and told.
        """
        usage = self._client.system.disk_usage_report() if set(self._options.kinds) - {"networks"} else {}
        chosen = sized(self._chosen(usage), usage)
        if not self._check_mode:
            for kind, found in chosen.items():
                if kind == "builder_cache":
                    chosen[kind] = self._prune_cache(found)
                else:
                    chosen[kind] = replace(found, items=self._removed(kind, found.items))
        return {**result(self._options, chosen), "warnings": [*warnings(self._options, chosen), *self._left]}

    def _chosen(self, usage: Mapping[str, Any]) -> dict[str, Chosen]:
        """What goes, by kind, in the order in which it goes: what a container used is unused when that has gone."""
        kinds, ours, client = self._options.kinds, self._options.ours, self._client
        now = client.system.now()
        listed = client.containers.list(all=True)
        chosen: dict[str, Chosen] = {}
        if "containers" in kinds:
            owners = self._owners(listed) if self._engine.remove_refuses_dependents else {}
            chosen["containers"] = items.containers(listed, kinds["containers"], ours("containers"), now, owners)
        left = items.without(listed, chosen["containers"].items if chosen else ())
        gone = [entry for entry in listed if entry not in left]
        if "images" in kinds:
            along = self._engine.image_removal_takes_parents
            everything = client.images.list(all=True)
            chosen["images"] = images(everything, left, gone, kinds["images"], now, parents_go_along=along)
        if "networks" in kinds:
            known = [network(one, self._engine) for one in client.networks.list_native()]
            chosen["networks"] = items.networks(known, left, kinds["networks"], ours("networks"), now, self._engine)
        if "volumes" in kinds:
            chosen["volumes"] = items.volumes(client.volumes.list(), left, kinds["volumes"], ours("volumes"), now)
        if "builder_cache" in kinds:
            records = usage.get("BuildCache") or []
            every, keep = self._options.cache_all, self._options.keep_storage
            found = cache.cache(records, kinds["builder_cache"], now, everything=every, keep=keep)
            chosen["builder_cache"] = Chosen(found)
        return chosen

    def _owners(self, listed: list[dict[str, Any]]) -> dict[str, set[str]]:
        """{container: those whose namespaces or volumes it uses}, by ID."""
        inspects = [found for entry in listed if (found := self._client.containers.inspect(entry["Id"]))]
        return {
            one["Id"]: {other["Id"] for other in inspects if one is not other and uses(one, other)} for one in inspects
        }

    def _removed(self, kind: str, wanted: tuple[Item, ...]) -> tuple[Item, ...]:
        """Remove them, those that others need after these; what has gone by itself meanwhile was not removed."""
        done: list[Item] = []
        todo = list(wanted)
        refused: dict[Item, EngineError] = {}
        while todo:
            refused = {}
            for item in todo:
                try:
                    self._log(f"prune {kind}: {item.name}")
                    self._remove[kind](item)
                    done.append(item)
                except EngineError as error:
                    if error.status is None:
                        raise
                    if error.kind == "image_missing":
                        done.append(item)  # Podman has taken it along with what was made from it
                    elif error.kind not in _MISSING:
                        refused[item] = error
            if len(refused) == len(todo):
                break
            todo = list(refused)
        self._left += [f"{kind}: {item.name} was left: {error.message}" for item, error in refused.items()]
        return tuple(item for item in wanted if item in done)

    def _remove_image(self, item: Item) -> None:
        """By all its names: the engines remove no image by its ID that has more than one."""
        for reference in item.names or (item.id,):
            self._client.images.remove(reference, prune=False)

    def _prune_cache(self, predicted: Chosen) -> Chosen:
        """All at once: the engine can't remove single records. It tells which have gone."""
        if not predicted.items:
            return predicted
        options = self._options
        asked = cache.query(options.kinds["builder_cache"], everything=options.cache_all, keep=options.keep_storage)
        gone = self._client.images.prune_builds(asked).get("CachesDeleted") or []
        known = {item.id: item for item in predicted.items}
        unknown = [Item(one, one) for one in gone if one not in known]
        return Chosen((*(item for item in predicted.items if item.id in set(gone)), *unknown))
