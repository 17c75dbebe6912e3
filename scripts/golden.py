# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Root file systems with both engines set up and the test image in them, one per Debian release, for hosts of labs.

They are made by the roles themselves on hosts of their own, once, and kept beside the bare ones of the role lxc_host
under a key: what the roles, and what this makes of them, is. A host that starts from one is ready when it has booted.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import lab_parts
from common import CHECKOUT, headline, run
from lab_parts import LAB_CACHE, entries, rootfs_of

RELEASES = ("bookworm", "trixie", "forky")
SOURCES = ("roles/lxc_host", "roles/server_setup", "playbooks/lab.yml", "playbooks/setup-server.yml")
MAKERS = ("scripts/golden.py", "scripts/lab_parts.py")
WORKSHOP = LAB_CACHE / "golden-lab"  # the folder of the lab that is turned into golden ones
MARK = Path("etc/sshfleet-golden")  # in the root file system: its key
UNUSED = 7 * 24 * 3600.0  # seconds after which one that no lab has copied is removed
# What must not be shared, or would only be copied along. Docker's identity, keys of the lab that it was made in.
LEFT_OUT = (
    "root/.ssh",
    "etc/docker/key.json",
    "var/lib/docker/engine-id",
    "var/cache/apt/archives/*.deb",
    "var/log/journal/*",
    "tmp/*",
)


def key() -> str:
    """What all golden root file systems of this checkout are made by, as 10 hexadecimal digits."""
    digest = hashlib.sha1(usedforsecurity=False)
    for source in (*SOURCES, *MAKERS):
        path = CHECKOUT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.name != "README.md" and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(CHECKOUT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:10]


def kept(release: str) -> Path:
    return LAB_CACHE / f"golden-{release}-{key()}"


def set_up(hosts: Iterable[Mapping[str, str]]) -> bool:
    """Whether all these hosts (entries of a hosts.json) have started from a golden one as it would be made now."""
    marks = [rootfs_of(entry) / MARK for entry in hosts]
    return bool(marks) and all(mark.is_file() and mark.read_text() == key() for mark in marks)


def templates() -> dict[str, Path]:
    """The root file system of each release, made if it is not there; who comes meanwhile waits for it."""
    found = {release: kept(release) for release in RELEASES}
    with locked():
        if not all(path.is_dir() for path in found.values()):
            make()
        for path in found.values():
            os.utime(path)
        tidy_up()
    return found


@contextmanager
def locked() -> Iterator[None]:
    LAB_CACHE.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (LAB_CACHE / "golden.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make() -> None:
    """Set a host of each release up, shut it down, and keep its root file system."""
    headline("Making root file systems with both engines, once per Debian release and version of the roles")
    wanted = {release: {"suite": release, "groups": ["golden"]} for release in RELEASES}
    if WORKSHOP.exists():  # what a killed run left
        lab_parts.hosts(WORKSHOP, wanted, state="absent")
    try:
        lab_parts.hosts(WORKSHOP, wanted)
        lab_parts.setup(WORKSHOP)
        lab_parts.image(WORKSHOP)
        made = {release: rootfs_of(entry) for release, entry in entries(WORKSHOP).items()}
        lab_parts.hosts(WORKSHOP, wanted, state="stopped")
        for release, rootfs in made.items():
            keep(rootfs, kept(release))
    finally:
        lab_parts.hosts(WORKSHOP, wanted, state="absent")


def keep(rootfs: Path, target: Path) -> None:
    """Make the root file system of a host that is shut down one that others can start from."""
    for pattern in LEFT_OUT:
        for path in rootfs.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (rootfs / MARK).write_text(key())
    if not target.is_dir():  # as after a run that was killed when it had kept one of two
        moved = LAB_CACHE / f"build-{target.name}"  # which the role removes, if this ends here
        run(["mv", "--no-target-directory", "--", rootfs, moved])  # on another file system, perhaps
        moved.rename(target)


def tidy_up() -> None:
    for path in LAB_CACHE.glob("golden-*-*"):
        if path.stat().st_mtime < time.time() - UNUSED:
            remove(path)


def remove(tree: Path) -> None:
    run(["rm", "--recursive", "--force", "--one-file-system", "--", tree])
