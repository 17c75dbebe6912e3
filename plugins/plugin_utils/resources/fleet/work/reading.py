# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads one engine of one host: all that a task wants to know of it, with as few requests as that takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.protocol import Descriptions
from ....session.session import Session
from ...container.result.result import container_result
from ...container.work.usage import observe
from ...engine.work import remote_engine_info
from ...network.work import remote_network_info
from ...shared.work.module import Reader
from ...volume.work import remote_volume_info
from .. import summary
from ..options import CONTAINERS, DISK, ENGINE, IMAGES, NETWORKS, READS, STATS, VOLUMES, Wanted

Entry = dict[str, Any]
ALL: dict[str, Any] = {"name": None, "labels": {}}


class Reading:
    """What is read of one engine; ``entry`` has what was read so far, also where the rest fails."""

    def __init__(self, task: Reader, session: Session, wanted: Wanted) -> None:
        self._task = task
        self._session = session
        self._client = session.client
        self._wanted = wanted
        self._list: Descriptions | None = None
        self.entry: Entry = {"engine": session.engine()}

    def read(self) -> Entry:
        """Read it all.

        :raises EngineError: the first that could not be read.
        """
        readers: Mapping[str, Callable[[], None]] = {
            CONTAINERS: self._read_containers, STATS: self._read_containers, ENGINE: self._read_engine,
            DISK: self._read_engine, IMAGES: self._read_images, VOLUMES: self._read_volumes,
            NETWORKS: self._read_networks,
        }  # fmt: skip
        wanted = dict.fromkeys(readers[one] for one in READS if one in self._wanted.read and one in readers)
        if not wanted:  # whether it can be reached, and so whether its engine answers
            self._client.system.ping()
        for read in wanted:
            read()
        return self.entry

    def _listed(self) -> Descriptions:
        if self._list is None:
            self._list = self._client.containers.list(all=True)
        return self._list

    def _read_containers(self) -> None:
        listed = self._listed()
        healths = self._client.containers.healths() if listed else {}
        summaries = (summary.container(one, healths) for one in listed)
        chosen = [one for one in summaries if summary.fits(one, self._wanted.containers)]
        chosen.sort(key=lambda one: str(one["name"]))
        if self._wanted.inspect or STATS in self._wanted.read:
            chosen = self._inspected(chosen)
        self.entry["containers"] = chosen

    def _inspected(self, chosen: list[Entry]) -> list[Entry]:
        """The containers that are still there, with what was asked for."""
        found = {one["id"]: self._client.containers.inspect(one["id"]) for one in chosen}
        there = [one for one in found.values() if one is not None]
        looks = ("stats",) if STATS in self._wanted.read else ()
        more = observe(self._client, there, {"looks": looks, "mask_env": True})
        return [
            {**one, **self._whole(inspect), **more[one["id"]]}
            for one in chosen
            if (inspect := found[one["id"]]) is not None
        ]

    def _whole(self, inspect: Mapping[str, Any]) -> Entry:
        return container_result(inspect, self._client.engine) if self._wanted.inspect else {}

    def _read_engine(self) -> None:
        usage = {"disk_usage": DISK in self._wanted.read}
        facts = remote_engine_info.perform(self._task, self._session, usage)["engine"]
        if DISK in self._wanted.read:
            self.entry["disk"] = facts.pop("disk_usage")
        if ENGINE in self._wanted.read:
            self.entry["facts"] = facts

    def _read_images(self) -> None:
        used = summary.uses(self._listed())
        images = [summary.image(one, used) for one in self._client.images.list()]
        self.entry["images"] = sorted(images, key=lambda one: (one["tags"] or ["~"], one["id"]))

    def _read_volumes(self) -> None:
        self.entry["volumes"] = remote_volume_info.perform(self._task, self._session, ALL)["volumes"]

    def _read_networks(self) -> None:
        self.entry["networks"] = remote_network_info.perform(self._task, self._session, ALL)["networks"]
