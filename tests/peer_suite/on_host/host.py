# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done on the host under test, by the host's own Python, as root: host.py prepare|registry|sweep|facts|clean.

The second argument is the engine. Everything is in the folder of this file, but for lines in /etc/hosts and the
certificate where engines look for it; ``clean`` takes all of it away, with the images.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
UNIT = "peer-suite-registry"
MARK = "# peer-suite"
SOCKETS = {"docker": "/var/run/docker.sock", "podman": "/run/podman/podman.sock"}
REGISTRIES = Path("/etc/containers/registries.conf.d/peer-suite.conf")
PUSHED_TO = ("localhost:5500", "localhost:5501", "localhost:5502")
MADE_BY_TESTS = ("ansible-docker-test-", "ansible-container-", "ansible-network-", "ansible-volume-")
KINDS = (
    (["ps", "-aq", "--no-trunc"], ["rm", "-f"]),
    (["volume", "ls", "-q"], ["volume", "rm"]),
    (["network", "ls", "-q"], ["network", "rm"]),
)


def run(*argv: str) -> str:
    """What a command prints, or '' when it fails."""
    env = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "1"}
    done = subprocess.run(argv, check=False, capture_output=True, text=True, env=env)
    return done.stdout if done.returncode == 0 else ""


def prepare(engine: str) -> None:
    index = json.loads((HERE / "index.json").read_text())
    requests()
    forget_names()
    with Path("/etc/hosts").open("a") as file:
        file.writelines(f"127.0.0.1 {name} {MARK}\n" for name in index["hosts"])
    for folder in trusted(index["hosts"]):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "cert.pem", folder / "ca.crt")
    REGISTRIES.parent.mkdir(parents=True, exist_ok=True)
    REGISTRIES.write_text("".join(f'[[registry]]\nlocation = "{place}"\ninsecure = true\n' for place in PUSHED_TO))
    registry(engine)
    for name in json.loads((HERE / "pull.json").read_text()):
        if not run(engine, "pull", "-q", name):
            sys.exit(f"cannot pull {name}")


def requests() -> None:
    """The peer's own modules, which the tests use beside those under test, need this library on the host."""
    install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-requests")
    for _attempt in range(2):
        if run("python3", "-c", "import requests; print(1)"):
            return
        run(*install) or run("apt-get", "update", "-qq")
    if not run("python3", "-c", "import requests; print(1)"):
        sys.exit("python3-requests cannot be installed")


def registry(_engine: str) -> None:
    """Start it anew: what earlier tests pushed is gone."""
    run("systemctl", "stop", UNIT)
    run("systemctl", "reset-failed", UNIT)
    run("systemd-run", "-q", f"--unit={UNIT}", "--collect", "python3", str(HERE / "registry.py"), str(HERE))
    for _attempt in range(100):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", 5502), 1).close()
            return
        time.sleep(0.1)
    sys.exit("the registry does not start: journalctl -u " + UNIT)


def sweep(engine: str) -> None:
    """Remove what tests left."""
    for listing, remove in KINDS:
        for name in MADE_BY_TESTS:
            if left := run(engine, *listing, "--filter", f"name={name}").split():
                run(engine, *remove, *left)
    images = run(engine, "images", "--format", "{{.Repository}}:{{.Tag}}").split()
    if left := [one for one in images if re.search(r"(^|/)ansible-docker-test-|^localhost:550", one)]:
        run(engine, "rmi", "-f", *left)


def facts(engine: str) -> None:
    """Print what the tests ask for: versions, and whether there is buildx."""
    connection = http.client.HTTPConnection("engine")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(SOCKETS[engine])
    connection.request("GET", "/version")
    said = json.load(connection.getresponse())
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    told = {
        "api": said["ApiVersion"],
        "version": said["Version"],
        "cli": run("docker", "version", "-f", "{{.Client.Version}}").strip() or "0.0",
        "buildx": bool(run("docker", "buildx", "version")),
        "system": release["PRETTY_NAME"].strip('"'),
        "limits": limits(),
    }
    print(json.dumps(told))


def limits() -> bool:
    """Whether the kernel limits what containers use; a guest with cgroup v2 may have been given no controllers."""
    controllers = Path("/sys/fs/cgroup/cgroup.controllers")
    return not controllers.is_file() or "memory" in controllers.read_text().split()


def clean(engine: str) -> None:
    sweep(engine)
    for name in json.loads((HERE / "pull.json").read_text()):
        run(engine, "rmi", "-f", name)
    run("systemctl", "stop", UNIT)
    forget_names()
    REGISTRIES.unlink(missing_ok=True)
    for folder in trusted(json.loads((HERE / "index.json").read_text())["hosts"]):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(HERE)


def trusted(names: list[str]) -> list[Path]:
    return [Path(f"/etc/{engine}/certs.d/{name}") for engine in ("docker", "containers") for name in names]


def forget_names() -> None:
    hosts = Path("/etc/hosts")
    hosts.write_text("".join(line for line in hosts.read_text().splitlines(True) if MARK not in line))


if __name__ == "__main__":
    {"prepare": prepare, "registry": registry, "sweep": sweep, "facts": facts, "clean": clean}[sys.argv[1]](sys.argv[2])
