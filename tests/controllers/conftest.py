# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two LXC hosts of the lab become controllers: ansible-core, ansible-runner, this collection, and a job directory each.

They have no network but the lab's own. What they install comes as wheels, which are fetched here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import guides
import installed
import pytest
from checkout import CHECKOUT
from lab_hosts import Lab

FOLDER = "/opt/ctl"  # short, for its runtime directory has control sockets
GUIDE = "many_controllers"
KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts"
PACKAGES = f"ansible-core\nansible-runner\n{(CHECKOUT / 'requirements.txt').read_text()}"
INSTALL = f"""
set -e
rm -rf {FOLDER}; mkdir -p {FOLDER}/home; cd {FOLDER}; tar -xf -; mv known_hosts {KNOWN_HOSTS}
python3 -m venv --without-pip venv
venv/bin/python "$(echo wheels/pip-*.whl)"/pip install -q --root-user-action=ignore \\
  --no-index --find-links wheels -r wheels/packages
HOME={FOLDER}/home venv/bin/ansible-galaxy collection install --offline sshfleet-containers-*.tar.gz
"""
REMOVE = f"""
for one in {FOLDER}/home/.ansible/sshfleet/*.ctl; do [ -S "$one" ] && ssh -F none -S "$one" -O exit x; done
rm -rf {FOLDER} {KNOWN_HOSTS}
"""


@dataclass(frozen=True)
class Controller:
    """One LXC host that runs Ansible."""

    lab: Lab
    host: str

    def argv(self, command: str) -> list[str]:
        """A command line of a shell there, in the folder of the job directory."""
        environment = f"export HOME={FOLDER}/home PATH={FOLDER}/venv/bin:$PATH"
        return self.lab.ssh_argv(self.host, f"sh -c {shlex.quote(f'{environment}; cd {FOLDER}; {command}')}")

    def run(self, command: str) -> str:
        done = subprocess.run(self.argv(command), capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, f"{self.host}: {command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(self.argv(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def all_end(processes: Sequence[subprocess.Popen[str]]) -> list[str]:
    """What they printed, each of which has to end well."""
    outputs = [process.communicate(timeout=300)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), "\n".join(outputs)
    return outputs


@pytest.fixture(scope="session")
def session_lab() -> Lab:
    directory = Path(os.environ.get("SSHFLEET_LAB", CHECKOUT / ".lab")).absolute()
    if not (directory / "hosts.json").is_file():
        pytest.exit(f"There is no lab in {directory}: run 'make lab' first (as root).", returncode=3)
    return Lab(directory, Path())  # its own Ansible takes no part


@pytest.fixture(scope="session")
def wheels() -> Path:
    """What pip finds for the Python of Debian bookworm, fetched once for each state of the requirements."""
    digest = hashlib.sha256(PACKAGES.encode()).hexdigest()[:16]
    folder = CHECKOUT / ".cache" / f"controllers-{digest}"
    if not folder.is_dir():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as name:
            made = Path(name) / "wheels"
            made.mkdir()
            (made / "packages").write_text(PACKAGES)
            chosen = ["--only-binary=:all:", "--python-version=3.11", "pip", "-r", str(made / "packages")]
            subprocess.run([*pip, "--dest", str(made), *chosen], check=True, timeout=600)
            made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def payload(session_lab: Lab, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """All that a controller gets: wheels, the collection's tarball, known hosts, and two job directories.

    One is that of the guide, which has the key for an agent. In ``keyed``, the hosts name a file.
    """
    folder = tmp_path_factory.mktemp("controller")
    built = installed.build_and_install(folder / "built").tarball
    guide = guides.files(GUIDE)
    keyed, keyless = (
        json.dumps({"hosts": {host: {**one, "identity_file": key} for host, one in session_lab.hosts.items()}})
        for key in (f"{FOLDER}/key", None)
    )
    key = Path(session_lab.key).read_text()
    job = {
        "key": key,
        "fleet/env/ssh_key": key,
        "fleet/inventory/hosts.json": keyless,
        "keyed/inventory/hosts.json": keyed,
        "keyed/env/envvars": guide["env/envvars"],
        **{f"fleet/{name}" if "/" in name else f"fleet/project/{name}": text for name, text in guide.items()},
    }
    for name, text in job.items():
        (path := folder / name).parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text(text)
    (folder / "known_hosts").write_bytes(Path(session_lab.known_hosts).read_bytes())
    tar = ["tar", "-C", str(folder), "-cf", "-", "fleet", "keyed", "key", "known_hosts"]
    tar += ["-C", str(built.parent), built.name, "-C", str(wheels.parent), f"--transform=s,^{wheels.name},wheels,"]
    return subprocess.run([*tar, wheels.name], check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def controllers(session_lab: Lab, payload: bytes) -> Iterator[dict[str, Controller]]:
    """The two by the names of the guide."""
    made = {"controller1": Controller(session_lab, "bookworm1"), "controller2": Controller(session_lab, "bookworm2")}
    try:
        installing = [
            subprocess.Popen(
                session_lab.ssh_argv(one.host, f"sh -c {shlex.quote(INSTALL)}"),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            )
            for one in made.values()
        ]
        for process in installing:
            assert process.stdin
            process.stdin.write(payload)
            process.stdin.close()
        assert [process.wait(600) for process in installing] == [0, 0]
        yield made
    finally:
        for one in made.values():
            session_lab.ssh(one.host, "sh", "-s", input=REMOVE, check=False)
