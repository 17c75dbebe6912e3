# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetch docker compose 2.40.3, which tests compare with: one static program of Debian, pinned by its hash.

    python3 scripts/compose_reference.py       fetch it unless it is there, and print its path

It is neither installed nor part of anything; it only resolves files. apt's own mirror and proxy are used. It is kept
outside of the checkout where one may write there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path

from common import CACHE, StepError, answer, exit_code, is_root, run, say

VERSION = "2.40.3"
PACKAGE = "2.40.3-3"  # in Debian forky
POOL = "pool/main/d/docker-compose"
# SHA-256 of the package, by Debian's name of the architecture; from the signed index of Debian forky.
HASHES = {
    "amd64": "e7603d5e6df0f8404f7b03da478022b87d7b50644cffe68884b071e5cfc17fd3",
    "arm64": "a7c33f38d80c4fad61d426fd47e0b7f1e81ad4a643e4e4cee3401e6f8638d359",
}
INSIDE = "usr/libexec/docker/cli-plugins/docker-compose"
HELPER = Path("/usr/lib/apt/apt-helper")
MIRROR = "http://deb.debian.org/debian/"


def folder() -> Path:
    """Where it is kept: for all checkouts of this machine, or of this user, or else in this one."""
    if is_root():
        return Path("/var/cache/sshfleet-compose")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "sshfleet-compose" if os.access(Path(home).parent, os.W_OK) else CACHE / "compose"


def mirrors() -> list[str]:
    """The Debian mirrors that apt uses here, and then the one for everybody."""
    listing = answer(["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"])
    used = [line.split()[0] for line in listing.splitlines() if line.endswith(" Debian")]
    return list(dict.fromkeys([*used, MIRROR]))


def program() -> Path:
    """The program, fetched if it is not there yet.

    :raises StepError: it can't be had on this machine; why.
    """
    kept = folder()
    found = kept / f"docker-compose-{PACKAGE}"
    if found.is_file():
        return found
    architecture = answer(["dpkg", "--print-architecture"])
    if architecture not in HASHES or not HELPER.is_file():
        raise StepError("docker compose for comparison is fetched on Debian and Ubuntu only, for amd64 and arm64.")
    kept.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.is_file():
            fetch(found, architecture)
    return found


def fetch(target: Path, architecture: str) -> None:
    name = f"docker-compose_{PACKAGE}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        package, unpacked = Path(made) / name, Path(made) / "unpacked"
        for mirror in mirrors():
            url = f"{mirror.rstrip('/')}/{POOL}/{name}"
            argv: list[str | Path] = [HELPER, "-q", "download-file", url, package, f"SHA256:{HASHES[architecture]}"]
            if run(argv, check=False, env={**os.environ, "LC_ALL": "C"}) == 0:
                break
        else:
            raise StepError(
                f"docker compose for comparison is not to be had: none of {', '.join(mirrors())} has {name}."
            )
        run(["dpkg-deb", "-x", package, unpacked])
        shutil.copyfile(unpacked / INSIDE, Path(made) / "program")
        (Path(made) / "program").chmod(0o755)
        (Path(made) / "program").rename(target)


def main() -> int:
    return exit_code(lambda: say(str(program())))


if __name__ == "__main__":
    sys.exit(main())
