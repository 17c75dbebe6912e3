# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install what the checkout needs: Debian packages and virtual environments. Says what it does, does nothing twice.

python3 scripts/bootstrap.py run     what the demo and the lab need
python3 scripts/bootstrap.py test    also what the tests and checks need, on both supported Pythons
python3 scripts/bootstrap.py peers   the peers' collections, which tests run beside this one
python3 scripts/bootstrap.py bench   the peers that the benchmarks run against, in an environment of their own
python3 scripts/bootstrap.py fuzz    what fuzzes by coverage, in an environment of its own; not every Python has it
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import compose_reference
from common import (
    CACHE,
    CHECKOUT,
    VENV,
    VENV_FUZZ,
    VENV_PEERS,
    VENV_SECOND,
    StepError,
    answer,
    exit_code,
    headline,
    is_root,
    run,
    say,
)

# Debian package to the file that shows that it is there.
VENV_PACKAGES = {"python3-venv": "/usr/lib/python3*/ensurepip/__init__.py"}
LAB_PACKAGES = {
    "lxc": "/usr/bin/lxc-start",
    "debootstrap": "/usr/sbin/debootstrap",
    "debian-archive-keyring": "/usr/share/keyrings/debian-archive-keyring.gpg",
    "openssh-client": "/usr/bin/ssh",
    "busybox-static": "/usr/share/doc/busybox-static",
    "nftables": "/usr/sbin/nft",
    "iproute2": "/bin/ip",
    "curl": "/usr/bin/curl",
}
TEST_PACKAGES = {
    "iptables": "/usr/sbin/iptables",
    "sshpass": "/usr/bin/sshpass",
    "socat": "/usr/bin/socat",
    "netcat-openbsd": "/usr/bin/nc.openbsd",
    "ncat": "/usr/bin/ncat",
}
# What the tests of the fleet report drive.
BROWSER_PACKAGES = {"chromium": "/usr/bin/chromium", "chromium-driver": "/usr/bin/chromedriver"}
REQUIREMENTS = {
    "run": ["requirements.txt"],
    "test": ["requirements.txt", "requirements-dev.txt", "requirements-lint.txt"],
    "second": ["requirements.txt", "requirements-dev.txt"],
    "bench": ["requirements-bench.txt"],
    "fuzz": ["requirements.txt", "requirements-fuzz.txt"],
}
# What tests take of the package that brings the peers: a twentieth of it.
PEERS = CACHE / "peers"
PEER_COLLECTIONS = ("community/docker", "community/library_inventory_filtering_v1", "containers/podman")
NEWEST_PYTHON = "3.13"  # older ones are offered older peers


def packages(wanted: dict[str, str]) -> None:
    """Install the Debian packages that are not there; refuses when that needs root and one is not root."""
    lacking = [name for name, proof in wanted.items() if not any(Path("/").glob(proof.lstrip("/")))]
    if not lacking:
        return
    if not is_root() or not shutil.which("apt-get"):
        raise StepError(f"Missing: {' '.join(lacking)}. Install them on Debian or Ubuntu, or run this as root there.")
    headline(f"Installing Debian packages: {' '.join(lacking)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *lacking]
    if run(install, env=env, check=False):
        run(["apt-get", "update", "--quiet=2"], env=env, check=False)
        run(install, env=env)


def version(python: Path | str) -> tuple[int, ...]:
    """(3, 11) of an interpreter that really runs (a pyenv shim may not), () of one that doesn't."""
    text = answer([python, "-c", "import sys; print(*sys.version_info[:2])"])
    return tuple(int(part) for part in text.split())


def find_python(wanted: tuple[int, int]) -> str:
    """The interpreter of this version: on PATH, or under pyenv; '' when there is none."""
    name = "python{}.{}".format(*wanted)
    return next((str(found) for found in interpreters(name, wanted) if version(found) == wanted), "")


def interpreters(name: str, wanted: tuple[int, int]) -> Iterator[Path | str]:
    if on_path := shutil.which(name):
        yield answer([on_path, "-c", "import sys; print(sys.executable)"]) or on_path
    yield from sorted((Path.home() / ".pyenv" / "versions").glob("{}.{}*/bin/{}".format(*wanted, name)), reverse=True)


def first_python() -> str:
    """The Python of .venv: 3.11, the oldest supported one, or else this one if it is newer."""
    if found := find_python((3, 11)):
        return found
    if sys.version_info[:2] < (3, 12):
        raise StepError("Python 3.11 or newer is needed, and this is {}.{}.".format(*sys.version_info[:2]))
    return sys.executable


def venv(folder: Path, python: str, purpose: str) -> None:
    """Make the virtual environment, or bring it up to its requirements files; a mark in it makes that once only."""
    files = [CHECKOUT / name for name in REQUIREMENTS[purpose]]
    text = "ansible-core\n" + "".join(file.read_text() for file in files)
    mark = folder / f"sshfleet-{purpose}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if mark.is_file() and version(folder / "bin" / "python"):
        return
    if not version(folder / "bin" / "python"):
        packages(VENV_PACKAGES if python.startswith("/usr/bin/") else {})
        headline(f"Making {folder.name} with {python}")
        run([python, "-m", "venv", "--clear", folder])
    headline(f"Installing ansible-core and {', '.join(file.name for file in files)} into {folder.name}")
    wanted = [word for file in files for word in ("-r", file.name)]
    run([folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "ansible-core", *wanted])
    mark.touch()


def second_venv() -> str:
    """Make .venv-3.13; the reason why it is left out, or ''."""
    python = find_python((3, 13))
    if not python:
        return "no Python 3.13 on PATH or under ~/.pyenv/versions"
    if version(VENV / "bin" / "python") == (3, 13):
        return ".venv is Python 3.13 already"
    venv(VENV_SECOND, python, "second")
    return ""


def peers() -> None:
    """Unpack the collections of the peers, the newest ones, unless they are there."""
    if (PEERS / "ansible_collections").is_dir():
        return
    headline(f"Unpacking {', '.join(PEER_COLLECTIONS)} from the package ansible")
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        download = ["download", "--quiet", "--no-deps", "--only-binary=:all:", f"--python-version={NEWEST_PYTHON}"]
        run([VENV / "bin" / "pip", *download, "--disable-pip-version-check", "--dest", name, "ansible"])
        (wheel,) = Path(name).glob("ansible-*.whl")
        prefixes = tuple(f"ansible_collections/{collection}/" for collection in PEER_COLLECTIONS)
        with zipfile.ZipFile(wheel) as archive:
            wanted = [member for member in archive.namelist() if member.startswith(prefixes)]
            archive.extractall(Path(name) / "unpacked", wanted)
        (Path(name) / "unpacked").rename(PEERS)


def prepare(purpose: str) -> None:
    venv(VENV, first_python(), purpose)


def fetch_reference() -> None:
    """docker compose, for comparison. Where it can't be had, the tests say so, and fail on a CI machine."""
    try:
        compose_reference.program()
    except StepError as error:
        say(f"Left out: {error}")


def make(purpose: str) -> None:
    if purpose == "bench":
        venv(VENV_PEERS, find_python((3, 13)) or sys.executable, purpose)
    elif purpose == "fuzz":
        venv(VENV_FUZZ, first_python(), purpose)
    elif purpose == "peers":
        peers()
    else:
        prepare(purpose)
    if purpose == "test":
        if reason := second_venv():
            say(f"Left out: .venv-3.13, because there is {reason}.")
        fetch_reference()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("purpose", choices=["run", "test", "peers", "bench", "fuzz"])
    purpose = parser.parse_args().purpose
    return exit_code(lambda: make(purpose))


if __name__ == "__main__":
    sys.exit(main())
