# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where commands run: the container, and as whom and in which directory and environment there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..execution.options import environment
from ..shared import parsers
from ..shared.secrets import MASK

ROOT = ("", "0", "root", "0:0", "root:root")
# Capabilities with which a container mounts what its engine doesn't know of.
_MOUNTING = {"ALL", "SYS_ADMIN", "CAP_SYS_ADMIN"}
# What is a file system of its own in every container.
_ALWAYS_MOUNTED = ("/dev", "/proc", "/sys")
# Podman drops what a command has written that ends while its input is still on its way: so all of it is read.
_REST = "cat >/dev/null 2>&1"
_WRITE = f'cat > "$1" || {{ {_REST}; exit 1; }}'


@dataclass(frozen=True)
class Place:
    """One container as a connection sees it. ``user`` and ``working_dir`` are the image's where they are None."""

    container: str
    user: str | None = None
    working_dir: str | None = None
    env: tuple[tuple[str, str], ...] = ()

    def request(self, argv: Sequence[str], *, stdin: bool) -> dict[str, Any]:
        """The body of the engine's request for a command."""
        more = {"User": self.user, "WorkingDir": self.working_dir}
        return {
            "Cmd": list(argv), "Env": [f"{key}={value}" for key, value in self.env], "Tty": False,
            "AttachStdin": stdin, "AttachStdout": True, "AttachStderr": True,
        } | {key: value for key, value in more.items() if value is not None}  # fmt: skip

    def archive_reaches(self, inspect: Mapping[str, Any], path: str, *, reaches_tmpfs: bool) -> bool:
        """Whether the engine's archive of a path is what this user's own commands would read and write there.

        The engine reads and writes as root, and some see only what lies on disks: whatever the container mounts by
        itself is hidden from them.

        :param inspect: the engine's description of the container.
        :param reaches_tmpfs: whether this engine sees what the container sees.
        """
        host = inspect.get("HostConfig") or {}
        own = str((inspect.get("Config") or {}).get("User") or "")
        if (own if self.user is None else self.user) not in ROOT or not path.startswith("/"):
            return False
        if host.get("ReadonlyRootfs") or any(path.startswith(f"{mounted}/") for mounted in _ALWAYS_MOUNTED):
            return False
        if reaches_tmpfs:
            return True
        mounts = inspect.get("Mounts") or ()
        hides = host.get("Tmpfs") or any(mount.get("Type") == "tmpfs" for mount in mounts) or host.get("Privileged")
        return not hides and not _MOUNTING & {str(name).upper() for name in host.get("CapAdd") or ()}


def place(options: Mapping[str, Any]) -> Place:
    """The place that a connection's options name: {container, remote_user, working_dir, env}.

    :raises InvalidOption: for the first value that can't be used.
    """
    user, directory = options["remote_user"], options["working_dir"]
    return Place(
        parsers.name("container", options["container"]),
        None if not user else parsers.text("remote_user", user),
        None if not directory else parsers.directory("working_dir", directory),
        tuple(_env(options["env"])),
    )


def _env(given: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if given is not None and not isinstance(given, Mapping):
        raise InvalidOption("env", MASK, "this is no dictionary.", "Write a dictionary of names and texts.")
    return list(environment(given).items())


def reading_all(command: str) -> str:
    """A shell's command that has read all of its input when it ends."""
    return f"{command}\nsshfleet_rc=$?; {_REST}; exit $sshfleet_rc"


def writing(path: str) -> list[str]:
    """A command that writes its input into a file."""
    return ["/bin/sh", "-c", _WRITE, "sh", path]


def reading(path: str) -> list[str]:
    """A command that prints a file."""
    return ["cat", "--", path]
