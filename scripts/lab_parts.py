# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a lab is made of: its LXC hosts, their engines, and the test image in them. A lab is named by its folder."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from common import CHECKOUT, answer, environment, headline, relative, run, say

IMAGE = "localhost/busybox:latest"
ENGINES = ("podman", "docker")
LAB_CACHE = Path("/var/cache/sshfleet-lxc")  # the role lxc_host keeps its own there, too
ARCHIVES = LAB_CACHE / "archives"  # .deb files of earlier labs, one folder per Debian release
QUIET = {"ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0", "ANSIBLE_PIPELINING": "1"}
QUIET |= {"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "0"}
CHANGES_ONLY = {"ANSIBLE_DISPLAY_OK_HOSTS": "0"}


def playbook(name: str, *args: str, settings: Mapping[str, str] | None = None) -> None:
    env = environment({"ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"), **QUIET, **(settings or {})})
    run(["ansible-playbook", *args, f"playbooks/{name}.yml"], env=env)


def entries(lab: Path) -> dict[str, dict[str, str]]:
    path = lab / "hosts.json"
    return json.loads(path.read_text())["hosts"] if path.is_file() else {}


def hosts(
    lab: Path,
    wanted: Mapping[str, object] | None = None,
    templates: Mapping[str, Path] | None = None,
    state: str = "",
    newest: bool = True,
) -> None:
    """Make the LXC hosts, the key, known_hosts and hosts.json.

    :param wanted: ``{name: {"suite": release, "groups": [...]}}``, or the hosts of every lab.
    :param newest: whether the one with the newest engines, of Debian testing, is among those of every lab.
    :param templates: root file systems to copy instead of bare ones, by Debian release.
    :param state: what becomes of the hosts (``started``, ``stopped``, ``absent``).
    """
    given: dict[str, object] = {"lab_dir": str(lab), "lab_archives": "" if templates else str(ARCHIVES)}
    given["lab_newest"] = newest
    given |= {"lab_templates": {release: str(path) for release, path in templates.items()}} if templates else {}
    given |= {"lab_hosts": wanted} if wanted else {}
    given |= {"lab_state": state} if state else {}
    playbook("lab", "-e", json.dumps(given), settings=CHANGES_ONLY)


def setup(lab: Path) -> None:
    """Install both engines on the lab's hosts and keep the packages for the next lab."""
    headline("Setting the hosts up with Podman and Docker (role server_setup)")
    wanted = json.dumps({"server_setup_engines": list(ENGINES)})
    playbook("setup-server", "-i", relative(lab / "hosts.json"), "-e", wanted)
    for name, entry in entries(lab).items():
        keep_archives(name, entry)


def rootfs_of(entry: Mapping[str, str]) -> Path:
    """Where the root file system of a lab's host is on this machine, by its entry in hosts.json."""
    container = entry["description"].removeprefix("LXC host ").partition(",")[0]
    return Path(answer(["lxc-config", "lxc.lxcpath"]), container, "rootfs")


def keep_archives(name: str, entry: dict[str, str]) -> None:
    """The lab's hosts are on this machine: take what apt has downloaded on them."""
    suite = entry["description"].rpartition(", Debian ")[2]
    rootfs = rootfs_of(entry)
    target = ARCHIVES / suite
    target.mkdir(parents=True, exist_ok=True)
    for package in rootfs.glob("var/cache/apt/archives/*.deb"):
        if package.is_file() and not package.is_symlink() and not (target / package.name).exists():
            shutil.copyfile(package, target / package.name)


def ssh(lab: Path, host: str, argv: Sequence[str]) -> list[str]:
    return ["ssh", "-F", str(lab / "ssh_config"), host, "--", shlex.join(argv)]


def image(lab: Path) -> None:
    """Import the test image into every engine that lacks it."""
    headline(f"Importing {IMAGE}, made of Debian's busybox-static")
    archive = busybox_archive()
    for host in entries(lab):
        for engine in ENGINES:
            if not answer(ssh(lab, host, [engine, "image", "inspect", "--format", "{{.Id}}", IMAGE])):
                say(f"{host}: {engine} import - {IMAGE}")
                run(ssh(lab, host, [engine, "import", "-", IMAGE]), stdin=archive, show=False)


def busybox_archive() -> bytes:
    """A tar of a root file system that is busybox, a link per applet, and the few files that programs ask for."""
    busybox = Path(shutil.which("busybox") or "/bin/busybox").read_bytes()
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name in ("bin", "etc", "root", "tmp"):
            member = tarfile.TarInfo(name)
            member.type, member.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            tar.addfile(member)
        add_file(tar, "bin/busybox", busybox, 0o755)
        add_file(tar, "etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n", 0o644)
        add_file(tar, "etc/group", b"root:x:0:\nnogroup:x:65534:\n", 0o644)
        for applet in answer(["busybox", "--list"]).splitlines():
            if applet != "busybox":
                member = tarfile.TarInfo(f"bin/{applet}")
                member.type, member.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(member)
    return written.getvalue()


def add_file(tar: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), mode
    tar.addfile(member, io.BytesIO(content))
