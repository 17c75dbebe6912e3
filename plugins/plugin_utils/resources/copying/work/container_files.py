# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The container's side of a copy: what is there, and the few commands in it that spare a transfer or make it whole."""

from __future__ import annotations

import itertools
import posixpath
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from .... import run_mark
from ....engine.protocol import Client
from ....errors import EngineError, InvalidOption
from ...execution.work import asking
from ...execution.work.run import End
from ...shared.work.runner import Runner
from .. import archive, listing, placing
from ..entries import DIRECTORY, FILE, LINK, Entry
from ..owner import container_owner

# What is a file system of its own in every container.
_ALWAYS_MOUNTED = ("/dev", "/proc", "/sys")
_ELSEWHERE = "Give the container a volume there, or feed a command (stdin of remote_container_exec)."
LONGEST_CHAIN = 40  # links that lead to links, as the kernel allows them
READ_WHOLE = 1024 * 1024  # bytes of /etc/passwd that are looked at
QUOTED = 300  # characters of a name that is refused


class ContainerFiles:
    """The files of one container.

    :param inspect: the engine's description of it.
    :param end: ends a command in it that does not end by itself.
    """

    def __init__(self, client: Client, inspect: Mapping[str, Any], end: End | None = None) -> None:
        self._client = client
        self._id = str(inspect["Id"])
        self.name = str(inspect.get("Name") or self._id).lstrip("/")
        silence = client.timeout
        self._asking = asking.Asking(client, self._id, self.name, end, silence, asking.PATIENCE * silence)
        state = inspect.get("State") or {}
        self.running = bool(state.get("Running")) and not state.get("Paused")
        self.archives_tell_owners = bool(client.engine.archives_tell_owners)
        self._reached = dict.fromkeys(_ALWAYS_MOUNTED, False) | _mounts(inspect)
        self._all_reached = bool(client.engine.archives_reach_tmpfs)
        self._user = str((inspect.get("Config") or {}).get("User") or "")

    def runner(self) -> Runner:
        """A runner that tells nobody, and keeps nobody off."""
        return Runner(self._client, lambda _line: None)

    def require_reachable(self, path: str) -> None:
        """Refuse a path that the engine would look for, and write, beneath what the container sees there.

        :raises InvalidOption: it is on a tmpfs, and the engine can't reach those.
        """
        above = [mounted for mounted in self._reached if path == mounted or path.startswith(f"{mounted}/")]
        mounted = max(above, key=len, default="")
        if not self._all_reached and not self._reached.get(mounted, True):
            raise InvalidOption(
                "container_path", path, f"{mounted} is on no disk, and this engine can't copy to or from there.",
                _ELSEWHERE,
            )  # fmt: skip

    def stat(self, path: str) -> Entry | None:
        """What is at a path; its owner is not known."""
        found = self._client.archives.stat(self._id, path)
        if found is None:
            return None
        size = found.size if found.kind == FILE else 0
        return Entry(found.kind, found.mode, size=size, target=found.target if found.kind == LINK else "")

    def followed(self, path: str) -> str:
        """Where a path leads to in the end.

        :raises InvalidOption: its links lead in a circle.
        """
        for _hop in range(LONGEST_CHAIN):
            found = self.stat(path)
            if found is None or found.kind != LINK:
                return path
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), found.target))
        raise InvalidOption("container_path", path, "its links lead in a circle.", "Name where the file really is.")

    def owner(self) -> tuple[int, int]:
        """The user and group as which the container runs.

        :raises InvalidOption: the container does not know its own user.
        """
        found = container_owner(self._user, self._text)
        if found is None:
            raise InvalidOption(
                "owner_id", None, f"the container's user is {self._user!r}, whom its own /etc/passwd does not know.",
                "Set owner_id and group_id.",
            )  # fmt: skip
        return found

    def _text(self, path: str) -> str:
        path = self.followed(path)
        found = self.stat(path)
        if found is None or found.kind != FILE or found.size > READ_WHOLE:
            return ""
        return self.content(path, READ_WHOLE).decode(errors="replace")

    def packed(self, path: str) -> AbstractContextManager[Iterator[bytes]]:
        """A tar archive of what is at a path."""
        pieces: AbstractContextManager[Iterator[bytes]] = self._client.archives.get(self._id, path)
        return pieces

    def content(self, path: str, most: int) -> bytes:
        """A file that is said to be small; of one that is not, its first ``most`` bytes."""
        data = bytearray()
        with self.packed(path) as pieces:
            for found in archive.entries(pieces):
                for chunk in found.chunks:
                    data += chunk
                    if len(data) >= most:
                        break
                break
        return bytes(data[:most])

    def told(self, about: str, sizes: Mapping[str, int]) -> dict[str, Entry] | None:
        """What the container's own shell tells about these paths, by path; None where it can't.

        :param sizes: a file is read only where it has this size.
        :raises EngineError: kind ``container_answer``.
        """
        found: dict[str, Entry] = {}
        for argv in listing.commands_for(sizes):
            printed = self._printed(argv, about, sum(sizes.values()))
            try:
                told = None if printed is None else listing.read(printed)
            except ValueError:
                told = None
            if told is None:
                return None
            found |= {path: entry for path, entry in told.items() if path in sizes}
        return found

    def told_below(self, root: str) -> dict[str, Entry] | None:
        """The same about a directory and all that is in it, by its path below it.

        :raises EngineError: kind ``container_answer``, also where it names something else.
        """
        printed = self._printed(listing.below(root), root)
        try:
            return None if printed is None else listing.read_below(root, printed)
        except listing.Outside as outside:
            raise self.refused(root, f"names what is not in it: {outside.path[:QUOTED]!r}") from None
        except ValueError:
            return None

    def refused(self, about: str, problem: str) -> EngineError:
        """The error to raise where what the container says of a path can't be used."""
        return self._asking.refused(about, problem)

    def _printed(self, argv: list[str], about: str, reads: int = 0) -> bytes | None:
        if not self.running:
            return None
        code, printed, _complaint = self._asking.run(argv, about, listing.MOST_PRINTED, reads)
        return None if code else printed

    def fetched(self, path: str, wanted: set[str] | None = None) -> dict[str, Entry]:
        """What is at a path and below it, by its path below it, with digests: all of it is fetched for that.

        Whose it is is known only where the engine's archives tell.

        :param wanted: of other files than these, the content is passed over.
        """
        found: dict[str, Entry] = {}
        with self.packed(path) as pieces:
            for one in archive.entries(pieces):
                if len(found) >= listing.MOST_ENTRIES:
                    raise self.refused(path, f"has more than {listing.MOST_ENTRIES} files there")
                entry = one.entry
                if one.is_link_to is not None:
                    entry = found.get(one.is_link_to, entry)
                elif entry.kind == FILE and (wanted is None or one.path in wanted):
                    entry = Entry(FILE, entry.mode, entry.owner, entry.size, archive.digest(one.chunks))
                found[one.path] = entry if self.archives_tell_owners else replace(entry, owner=None)
        return found

    def run(self, argv: list[str], about: str = "/") -> tuple[int, bytes, str]:
        """Run a command as root: (its exit code, what it printed, its complaint). What can't be started has 127.

        :raises EngineError: kind ``container_answer``: it says too much, or nothing for too long.
        """
        return self._asking.run(argv, about)

    def can_rename(self, directories: Set[str]) -> bool:
        """Whether a command can rename what is in these directories, which makes new files appear as a whole. What
        copies have left there that were killed is removed.
        """
        if not self.running:
            return False
        left: list[str] = []
        for argv in placing.probes(sorted(directories)):
            code, printed, _complaint = self.run(argv, min(directories))
            if code:
                return False
            left += [path for path, age in placing.temporary(printed, directories) if _is_left_over(path, age)]
        self.remove(left)
        return True

    def is_empty(self, path: str) -> bool:
        """Whether a directory has nothing in it, and is no mount point, so that something else can take its place."""
        if path in self._reached:
            return False
        with self.packed(path) as pieces:
            return len(list(itertools.islice(archive.entries(pieces), 2))) == 1

    def put(self, directory: str, members: Iterable[archive.Member], *, replaces_directories: bool = False) -> None:
        """Write into a directory.

        :param replaces_directories: other things take the place of directories, which are empty.
        :raises InvalidOption: a file of the controller has changed meanwhile.
        """
        try:
            self._client.archives.put(self._id, directory, archive.written(members), replaces_directories)
        except archive.Changed as changed:
            raise InvalidOption("path", str(changed), "it was changed while it was read.", "Try again.") from None

    def rename(self, moves: Iterable[placing.Move], size: int) -> None:
        """Give files their names.

        :param size: their bytes, which are copied where a file is a mount point.
        :raises EngineError: that failed, and what is left over.
        """
        left = list(moves)
        for argv, count in placing.commands(left):
            code, _printed, complaint = self._asking.run(argv, left[0].destination, reads=size)
            if code:
                self.remove(move.source for move in left)
                raise EngineError(
                    f"The files were written, and could not be put in their place: {complaint}.",
                    hint=f"Is it on a tmpfs? Docker can't reach those. {_ELSEWHERE}",
                )
            left = left[count:]

    def adjust(self, moves: Iterable[placing.Move]) -> None:
        """Change owners and modes of files that are there.

        :raises EngineError: that failed.
        """
        for argv in placing.adjustments(moves):
            code, _printed, complaint = self.run(argv, argv[-3])
            if code:
                raise EngineError(f"Owner and mode could not be changed: {complaint}")

    def remove(self, paths: Iterable[str]) -> None:
        """Remove what a copy that failed has written."""
        for argv in placing.removals(paths):
            self.run(argv, argv[-1])

    def is_directory(self, path: str) -> bool:
        """Whether a path leads to a directory."""
        found = self.stat(self.followed(path))
        return found is not None and found.kind == DIRECTORY


def _is_left_over(path: str, age: float | None) -> bool:
    return run_mark.is_left_over(posixpath.basename(path), age)


def _mounts(inspect: Mapping[str, Any]) -> dict[str, bool]:
    """A container's mount points, and whether each is on a disk."""
    found = {str(mount.get("Destination")): mount.get("Type") != "tmpfs" for mount in inspect.get("Mounts") or ()}
    return found | dict.fromkeys((inspect.get("HostConfig") or {}).get("Tmpfs") or {}, False)


Unreadable = (tarfile.TarError, archive.Escapes)
