# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab: three LXC hosts with Podman and Docker on this machine, described by the files of one folder.

python3 scripts/lab.py up       makes it in .lab, or in the folder that SSHFLEET_LAB names (as root)
python3 scripts/lab.py image    imports the test image localhost/busybox:latest into its engines again
python3 scripts/lab.py down     removes it
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shlex
import shutil
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import bootstrap
from common import CHECKOUT, VENV, StepError, answer, environment, headline, is_root, relative, run, say

IMAGE = "localhost/busybox:latest"
ENGINES = ("podman", "docker")
ARCHIVES = Path("/var/cache/sshfleet-lxc/archives")  # .deb files of earlier labs, one folder per Debian release
QUIET = {"ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0", "ANSIBLE_PIPELINING": "1"}
QUIET |= {"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "0"}
CHANGES_ONLY = {"ANSIBLE_DISPLAY_OK_HOSTS": "0"}


def folder() -> Path:
    return Path(os.environ.get("SSHFLEET_LAB") or CHECKOUT / ".lab").absolute()


def refuse_without_root() -> None:
    if not is_root():
        raise StepError("The lab makes LXC containers, a bridge and NAT: run this as root.")


def playbook(name: str, *args: str, settings: Mapping[str, str] | None = None) -> None:
    env = environment({"ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"), **QUIET, **(settings or {})})
    run(["ansible-playbook", *args, f"playbooks/{name}.yml"], env=env)


def entries(lab: Path) -> dict[str, dict[str, str]]:
    path = lab / "hosts.json"
    return json.loads(path.read_text())["hosts"] if path.is_file() else {}


def hosts(lab: Path) -> None:
    """Make the LXC hosts, the key, known_hosts and hosts.json."""
    headline(f"Making the LXC hosts of {relative(lab)} (role lxc_host; a minute or two the first time)")
    playbook("lab", "-e", json.dumps({"lab_dir": str(lab), "lab_archives": str(ARCHIVES)}), settings=CHANGES_ONLY)


def setup(lab: Path) -> None:
    """Install both engines on the lab's hosts and keep the packages for the next lab."""
    headline("Setting the hosts up with Podman and Docker (role server_setup)")
    wanted = json.dumps({"server_setup_engines": list(ENGINES)})
    playbook("setup-server", "-i", relative(lab / "hosts.json"), "-e", wanted)
    for name, entry in entries(lab).items():
        keep_archives(name, entry)


def keep_archives(name: str, entry: dict[str, str]) -> None:
    """The lab's hosts are on this machine: take what apt has downloaded on them."""
    container, suite = entry["description"].removeprefix("LXC host ").split(", Debian ")
    rootfs = Path(answer(["lxc-config", "lxc.lxcpath"]), container, "rootfs")
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


def prepare() -> None:
    """All that a lab needs from this machine."""
    refuse_without_root()
    bootstrap.packages(bootstrap.LAB_PACKAGES)
    if not (VENV / "bin" / "ansible-playbook").is_file():
        bootstrap.prepare("run")


def up(lab: Path) -> None:
    prepare()
    hosts(lab)
    setup(lab)
    image(lab)
    say(f"\nThe lab is up: {relative(lab)}/hosts.json. Log in with: ssh -F {relative(lab)}/ssh_config bookworm1")


def down(lab: Path) -> None:
    refuse_without_root()
    if not (VENV / "bin" / "ansible-playbook").is_file():
        bootstrap.prepare("run")
    headline(f"Removing the lab {relative(lab)}")
    if entries(lab):  # tunnels to hosts that are gone would linger until they time out
        answer(
            ["ansible", "all", "-i", lab / "hosts.json", "-m", "remote_tunnel", "-a", "state=absent"], env=environment()
        )
    playbook("lab", "-e", json.dumps({"lab_dir": str(lab), "lab_state": "absent"}), settings=CHANGES_ONLY)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["up", "image", "down"])
    command = parser.parse_args().command
    try:
        {"up": up, "image": image, "down": down}[command](folder())
    except StepError as error:
        say(f"ERROR: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
