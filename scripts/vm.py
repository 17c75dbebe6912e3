# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual machine beside the lab's hosts: the newest engines on a kernel of their own, with all of cgroup v2.

python3 scripts/vm.py up       makes the host vm1 in the lab (.lab, or the folder that SSHFLEET_LAB names), as root
python3 scripts/vm.py test     runs the tests of engines there that need no more than one host
python3 scripts/vm.py down     removes it

It is emulated, so that it needs nothing of the machine's processor, and is some ten times slower than an LXC host: for
a run by hand or at night. Its disk is made of the golden root file system, with a kernel installed into it.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import os
import shutil
import signal
import sys
import time
import uuid
from pathlib import Path

import bootstrap
import golden
import lab
import lab_parts
from common import StepError, answer, environment, exit_code, headline, relative, run, say

NAME, RELEASE = "vm1", "forky"
PACKAGES = {"qemu-system-x86": "/usr/bin/qemu-system-x86_64", "e2fsprogs": "/sbin/mke2fs"}
MEMORY, CPUS, DISK = 3072, 2, "8G"
PATIENCE = 900  # seconds until sshd answers; emulated, on a busy machine
LAST_PART = 200  # of its address; the lab's hosts have the first ones of their network
# What the golden one has because it is for an LXC host without controllers.
OF_LXC = ("etc/containers/containers.conf.d/50-sshfleet-no-pids.conf",)
NETWORK = "[Match]\nName=en* eth*\n\n[Network]\nAddress={address}/{prefix}\nGateway={gateway}\n"
INSTALL = """
set -eu
mount -t proc proc /proc; mount -t sysfs sys /sys
apt-get -qq update
apt-get -qq -y --no-install-recommends install linux-image-cloud-amd64 dracut udev kmod
dracut --force --no-hostonly --add-drivers 'virtio_blk virtio_pci virtio_net ext4' \\
  /boot/initrd.img "$(ls /usr/lib/modules)"
systemctl enable systemd-networkd
"""
TESTS = (
    "tests/lab/engine_client/test_engine_containers.py", "tests/lab/engine_client/test_engine_differences.py",
    "tests/lab/engine_client/test_engine_observations.py", "tests/lab/test_remote_container_behaviour.py",
    "tests/lab/test_remote_container_options.py", "tests/lab/test_remote_network.py", "tests/lab/test_drift.py",
)  # fmt: skip


def folder(where: Path) -> Path:
    return where / "vm"


def config_of_bridge(where: Path) -> str:
    """The bridge of the lab, by the configuration of its first host."""
    first = next(iter(lab_parts.entries(where).values()))
    for line in (lab_parts.rootfs_of(first).parent / "config").read_text().splitlines():
        if line.startswith("lxc.net.0.link"):
            return line.partition("=")[2].strip()
    raise StepError("The lab's first host has no bridge.")


def network(where: Path) -> ipaddress.IPv4Interface:
    """The address of the virtual machine in the lab's network."""
    first = ipaddress.IPv4Network(f"{next(iter(lab_parts.entries(where).values()))['hostname']}/24", strict=False)
    return ipaddress.IPv4Interface(f"{first.network_address + LAST_PART}/{first.prefixlen}")


def system(where: Path) -> Path:
    """A root file system with a kernel, kept for each golden one."""
    kept = lab_parts.LAB_CACHE / f"vm-{RELEASE}-{golden.key()}"
    if not kept.is_dir():
        headline("Installing a kernel beside the engines, once per version of the roles")
        source, made = golden.templates()[RELEASE], lab_parts.LAB_CACHE / f"build-vm-{uuid.uuid4().hex[:8]}"
        run(["cp", "--archive", "--reflink=auto", "--", source, made])
        try:
            shutil.copyfile("/etc/resolv.conf", made / "etc/resolv.conf")
            policy = made / "usr/sbin/policy-rc.d"
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
            quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
            run(["unshare", "--mount", "chroot", made, "sh", "-c", INSTALL], env={**os.environ, **quiet}, show=False)
            policy.unlink()
            made.rename(kept)
        finally:
            if made.is_dir():
                golden.remove(made)
    os.utime(kept)
    for path in lab_parts.LAB_CACHE.glob(f"vm-{RELEASE}-*"):
        if path.stat().st_mtime < time.time() - golden.UNUSED:
            golden.remove(path)
    return kept


def make_disk(where: Path, address: ipaddress.IPv4Interface) -> None:
    """The disk of this one: with its name, keys and address, and without what keeps an LXC host from going wrong."""
    here = folder(where)
    here.mkdir(mode=0o700, exist_ok=True)
    root = here / "root"
    run(["cp", "--archive", "--reflink=auto", "--", system(where), root])
    for unit in (root / "etc/systemd/system").iterdir():
        if unit.is_symlink() and unit.readlink() == Path("/dev/null"):
            unit.unlink()
    for path in OF_LXC:
        (root / path).unlink(missing_ok=True)
    gateway = address.network.network_address + 1
    told = NETWORK.format(address=address.ip, prefix=address.network.prefixlen, gateway=gateway)
    (root / "etc/systemd/network/10-lab.network").write_text(told)
    (root / "etc/hostname").write_text(f"{NAME}\n")
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {NAME}\n")
    (root / "etc/machine-id").write_text(f"{uuid.uuid4().hex}\n")
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    keys = root / "root/.ssh"
    keys.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(where / "id_ed25519.pub", keys / "authorized_keys")
    run(["ssh-keygen", "-A", "-f", root], show=False)
    for file, name in (("vmlinuz", "vmlinuz-*"), ("initrd.img", "initrd.img")):
        shutil.copyfile(next((root / "boot").glob(name)), here / file)
    (here / "host_key.pub").write_text((root / "etc/ssh/ssh_host_ed25519_key.pub").read_text())
    run(["mke2fs", "-q", "-t", "ext4", "-d", root, here / "disk.img", DISK])
    golden.remove(root)


def start(where: Path) -> None:
    here, bridge = folder(where), config_of_bridge(where)
    tap = f"vm{bridge.removeprefix('sshfleet')}"
    (here / "tap").write_text(tap)
    run(["ip", "tuntap", "add", "dev", tap, "mode", "tap"], show=False)
    run(["ip", "link", "set", tap, "master", bridge, "up"], show=False)
    run([
        "qemu-system-x86_64", "-M", "q35", "-cpu", "max", "-accel", "tcg,thread=multi", "-smp", str(CPUS),
        "-m", str(MEMORY), "-display", "none", "-serial", f"file:{here / 'console.log'}", "-monitor", "none",
        "-kernel", here / "vmlinuz", "-initrd", here / "initrd.img", "-append", "root=/dev/vda rw console=ttyS0",
        "-drive", f"file={here / 'disk.img'},if=virtio,format=raw,cache=unsafe",
        "-netdev", f"tap,id=lab,ifname={tap},script=no,downscript=no", "-device", "virtio-net-pci,netdev=lab",
        "-pidfile", here / "pid", "-daemonize",
    ])  # fmt: skip


def add_to_lab(where: Path, address: ipaddress.IPv4Interface) -> None:
    """The lab's files name it as they name its other hosts."""
    inventory = where / "hosts.json"
    document = json.loads(inventory.read_text())
    document["hosts"][NAME] = {
        "hostname": str(address.ip), "user": "root", "identity_file": str(where / "id_ed25519"), "groups": [RELEASE],
        "description": f"Virtual machine, Debian {RELEASE}",
    }  # fmt: skip
    inventory.write_text(json.dumps(document, indent=2))
    key = " ".join((folder(where) / "host_key.pub").read_text().split()[:2])
    with (where / "known_hosts").open("a") as known:
        known.write(f"{address.ip} {key}\n")
    config = where / "ssh_config"
    config.write_text(f"Host {NAME}\n    HostName {address.ip}\n{config.read_text()}")


def wait(where: Path) -> None:
    """Until it has booted, whether all of its units have started or not."""
    booted = ["sh", "-c", "systemctl is-system-running --wait || true"]
    deadline = time.monotonic() + PATIENCE
    while not answer(lab_parts.ssh(where, NAME, booted)):
        if time.monotonic() > deadline:
            raise StepError(f"{NAME} does not answer; see {folder(where) / 'console.log'}")
        time.sleep(5)


def up(where: Path) -> None:
    if not lab_parts.entries(where):
        lab.up(where)
    bootstrap.packages(PACKAGES)
    if NAME not in lab_parts.entries(where):
        address = network(where)
        make_disk(where, address)
        headline(f"Starting {NAME}, which takes a minute or more")
        start(where)
        add_to_lab(where, address)
    wait(where)
    say(f"\n{NAME} is up. Log in with: ssh -F {relative(where)}/ssh_config {NAME}")


def test(where: Path) -> None:
    headline(f"The tests of engines on {NAME}")
    own = {"SSHFLEET_LAB": str(where), "SSHFLEET_ENGINES": "newest", "SSHFLEET_NEWEST": NAME}
    run([".venv/bin/python", "-m", "pytest", "-v", *TESTS], env=environment(own))


def down(where: Path) -> None:
    here = folder(where)
    if (here / "pid").is_file():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int((here / "pid").read_text()), signal.SIGTERM)
    if (here / "tap").is_file():
        time.sleep(1)
        run(["ip", "link", "delete", (here / "tap").read_text()], show=False, check=False)
    shutil.rmtree(here, ignore_errors=True)
    inventory = where / "hosts.json"
    if inventory.is_file():
        document = json.loads(inventory.read_text())
        document["hosts"].pop(NAME, None)
        inventory.write_text(json.dumps(document, indent=2))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["up", "test", "down"])
    command = parser.parse_args().command

    def work() -> None:
        lab.refuse_without_root()
        {"up": up, "test": test, "down": down}[command](lab.folder())

    return exit_code(work)


if __name__ == "__main__":
    sys.exit(main())
