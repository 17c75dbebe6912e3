# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prunes: chooses from the engine's lists, and removes one by one exactly what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...container.plan.dependents import uses
from ...network.actual import network
from ...shared.plan import Plan, Step
from ...shared.work.runner import Runner
from .. import cache, items
from ..images import images
from ..items import Chosen, Item
from ..options import Options
from ..plan import CACHE, of_kind, plan
from ..result import result, sized, warnings

# What is not there any more.
_GONE = frozenset({"container_missing", "image_missing", "network_missing", "volume_missing"})


def run_prune(runner: Runner, options: Options, *, check_mode: bool = False) -> dict[str, Any]:
    """Prune, or in check mode tell what would be pruned; the module's result.

    :raises EngineError: the engine did not answer, or not as it should. What it won't remove is left, and told.
    """
    return _Run(runner, options, check_mode).result()


class _Run:
    """One task: what was chosen, and what has gone."""

    def __init__(self, runner: Runner, options: Options, check_mode: bool) -> None:
        self._runner = runner
        self._client = runner.engine
        self._options = options
        self._check_mode = check_mode
        self._engine = self._client.engine
        self._left: list[str] = []
        self._gone = Chosen()  # of the builder's cache

    def result(self) -> dict[str, Any]:
        usage = self._client.system.disk_usage_report() if set(self._options.kinds) - {"networks"} else {}
        chosen = sized(self._chosen(usage), usage)
        if not self._check_mode:
            planned = plan(self._options, chosen)
            for kind, found in chosen.items():
                done = self._done(kind, of_kind(planned, kind))
                if kind != CACHE:
                    chosen[kind] = replace(found, items=tuple(item for item in found.items if item in done))
                elif found.items:
                    chosen[kind] = self._gone
        return {**result(self._options, chosen), "warnings": [*warnings(self._options, chosen), *self._left]}

    def _chosen(self, usage: Mapping[str, Any]) -> dict[str, Chosen]:
        """What goes, by kind, in the order in which it goes: what a container used is unused when that has gone."""
        kinds, ours, client = self._options.kinds, self._options.ours, self._client
        now = client.system.now()
        listed = client.containers.list(all=True)
        chosen: dict[str, Chosen] = {}
        if "containers" in kinds:
            owners = self._owners(listed) if self._engine.remove_refuses_dependents else {}
            pods = {one.get("InfraId") for one in client.pods.list()} if self._engine.has_pods else set()
            free = [entry for entry in listed if entry["Id"] not in pods]  # a pod's own container goes with the pod
            chosen["containers"] = items.containers(free, kinds["containers"], ours("containers"), now, owners)
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

    def _done(self, kind: str, steps: tuple[Step, ...]) -> list[Item]:
        """Do the steps, those again that were refused, for others may have needed what they remove: what was removed.
        What has gone by itself meanwhile was not.
        """
        done: list[Step] = []
        refused: list[tuple[Step, EngineError]] = []
        while steps:
            outcome = self._runner.attempt(Plan(steps), self._do, ends=_ends)
            failed = [(step, error) for step, error in outcome.failed if isinstance(error, EngineError)]
            done += outcome.done  # Podman may have taken an image along with what was made from it
            done += [step for step, error in failed if error.kind == "image_missing"]
            refused = [one for one in failed if one[1].kind not in _GONE]
            if len(refused) == len(steps):
                break
            steps = tuple(step for step, _error in refused)
        self._left += [f"{kind}: {step.resource.name} was left: {error.message}" for step, error in refused]
        return [step.args["item"] for step in done if "item" in step.args]

    def _do(self, client: Client, step: Step) -> None:
        kind, item = step.resource.kind, step.args.get("item")
        if item is None:
            self._gone = self._prune_cache(client, step.args["predicted"])
        elif kind == "container":
            client.containers.remove(item.id)
        elif kind == "network":
            client.networks.remove(item.id)
        elif kind == "volume":
            client.volumes.remove(item.id)
        else:  # an image by all its names: the engines remove none by its ID that has more than one
            for reference in item.names or (item.id,):
                client.images.remove(reference, prune=False)

    def _prune_cache(self, client: Client, predicted: Chosen) -> Chosen:
        """All at once: the engine can't remove single records. It tells which have gone."""
        options = self._options
        asked = cache.query(options.kinds[CACHE], everything=options.cache_all, keep=options.keep_storage)
        gone = client.images.prune_builds(asked).get("CachesDeleted") or []
        known = {item.id: item for item in predicted.items}
        unknown = [Item(one, one) for one in gone if one not in known]
        return Chosen((*(item for item in predicted.items if item.id in set(gone)), *unknown))


def _ends(error: Exception) -> bool:
    """Whether nothing else is tried: the engine did not refuse, but did not answer."""
    return not isinstance(error, EngineError) or error.status is None
