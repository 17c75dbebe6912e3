# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at an engine, for the plans of many things: what they ask is read at once, and no more than once."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ....engine.protocol import REQUESTS, Client, Description, Descriptions, Fields
from ...shared.states import container_name

# Requests whose answers are kept, by the name that they ask for: {group: its requests}.
_KEPT = {"containers": {"inspect"}, "images": {"inspect"}, "networks": {"inspect", "inspect_native"}}


class View:
    """A client that keeps what it has read, until something of the kind is changed through it."""

    def __init__(self, client: Client, parallel: int) -> None:
        self._client = client
        self._parallel = parallel
        self._kept: dict[tuple[str, str, str], Description | None] = {}
        self._listed: Descriptions | None = None
        self._named: Descriptions | None = None
        self._ids: dict[str, str] = {}  # of each container's name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name == "containers":
            return _Containers(self, found, name)
        return _Requests(self, found, name) if name in REQUESTS else found

    def read(self, containers: Iterable[str], images: Iterable[str], networks: Iterable[str]) -> None:
        """Read all these beside each other: containers that are there, by name, with the images that they are of."""
        self.named()
        wanted = [("containers", "inspect", name) for name in containers if name in self._ids]
        wanted += [("images", "inspect", image) for image in dict.fromkeys(images)]
        wanted += [("networks", "inspect_native", network) for network in networks]
        self._all([one for one in wanted if self._key(*one) not in self._kept])

    def _all(self, wanted: list[tuple[str, str, str]]) -> None:
        if len(wanted) < 2 or self._parallel == 1:
            for one in wanted:
                self.kept(*one)
            return
        with ThreadPoolExecutor(min(self._parallel, len(wanted))) as pool:
            list(pool.map(lambda one: self.kept(*one), wanted))

    def list(self) -> Descriptions:
        """All containers, as the engine lists them."""
        if self._listed is None:
            self._listed = self._client.containers.list(all=True)
        return self._listed

    def named(self) -> Descriptions:
        """All containers with ID, names and labels, which costs less."""
        if self._named is None:
            self._named = self._client.containers.named()
            self._ids = {name.lstrip("/"): one["Id"] for one in self._named for name in one.get("Names") or ()}
        return self._named

    def kept(self, group: str, request: str, name: str) -> Description | None:
        """The answer to a request about one thing."""
        key = self._key(group, request, name)
        if key not in self._kept:
            self._kept[key] = getattr(getattr(self._client, group), request)(name)
        return self._kept[key]

    def container(self, name: str) -> Description | None:
        """A container by name, ID or the beginning of one."""
        named = self.named()
        if name not in self._ids:
            name = next((one["Id"] for one in named if one["Id"].startswith(name)), "")
        return self.kept("containers", "inspect", name) if name else None

    def forget(self, group: str = "", names: Container[str] = ()) -> None:
        """Read anew what is asked for next: all of a group; of containers, only these and the list."""
        if group == "containers" and names:
            gone = {one for name, one in self._ids.items() if name in names}
            self._kept = {key: one for key, one in self._kept.items() if key[0] != group or key[2] not in gone}
        else:
            self._kept = {key: one for key, one in self._kept.items() if group and key[0] != group}
        if group in ("", "containers"):
            self._listed = self._named = None

    def _key(self, group: str, request: str, name: str) -> tuple[str, str, str]:
        return group, request, self._ids.get(name, name) if group == "containers" else name


class _Requests:
    """A group of the client's requests."""

    def __init__(self, view: View, requests: Any, group: str) -> None:
        self._view = view
        self._requests = requests
        self._group = group

    def __getattr__(self, name: str) -> Any:
        if REQUESTS[self._group][name]:
            self._view.forget(self._group)
        if name in _KEPT.get(self._group, ()):
            return self._kept(name)
        return getattr(self._requests, name)

    def _kept(self, request: str) -> Callable[[str], Description | None]:
        return lambda name: self._view.kept(self._group, request, name)


class _Containers(_Requests):
    """Containers, which are in the list or not there."""

    def inspect(self, name: str) -> Description | None:
        """A container's inspect."""
        return self._view.container(name)

    def list(self, *, all: bool = True, filters: Fields | None = None) -> Descriptions:
        """All containers; where they are filtered by name only, of those that were read, with ID, names and labels."""
        if all and not filters:
            return self._view.list()
        if all and filters is not None and set(filters) == {"name"}:
            return [one for one in self._view.named() if _named(one, filters["name"])]
        found: Descriptions = self._requests.list(all=all, filters=filters)
        return found


def _named(listed: Mapping[str, Any], patterns: Iterable[str]) -> bool:
    names = [container_name({"Name": name}) for name in listed.get("Names") or ()]
    return any(re.search(pattern, name) for pattern in patterns for name in names)
