# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody's role, tested by Molecule in containers of remote hosts, as the page on Molecule says it."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from checkout import CHECKOUT
from lab_hosts import Lab
from python_image import MAKE_PYTHON_IMAGE
from systemd_image import MAKE_SYSTEMD_IMAGE, SYSTEMD_IMAGE

PAGE = (CHECKOUT / "docs" / "docsite" / "rst" / "molecule.rst").read_text()
MOLECULE_YML, CREATE, DESTROY = (
    textwrap.dedent(found) for found in re.findall(r"code-block:: yaml\n\n((?:    .*\n|\n)+)", PAGE)[:3]
)
# The page's platforms are on web1, with whatever engine that leads to, and on web2 with Podman.
PLACES = {"debian": ("bookworm1", "docker"), "rocky": ("trixie1", "podman")}
BIN = Path(sys.executable).parent
LABEL = "label=sshfleet.molecule.scenario"
LIST = f"""
for engine in podman docker; do
  $engine ps -a -q -f {LABEL}; $engine network ls -q -f {LABEL}; $engine volume ls -q -f {LABEL}
done
"""
REMOVE = f"""
for engine in podman docker; do
  $engine ps -a -q -f {LABEL} | xargs -r $engine rm -f -v
  for kind in network volume; do $engine $kind ls -q -f {LABEL} | xargs -r $engine $kind rm; done
done
"""
PATIENCE = 120  # seconds

CONVERGE = """
- name: Converge
  hosts: all
  gather_facts: false
  roles:
    - role: somebody
"""
TASKS = """
- name: Write the configuration
  ansible.builtin.template:
    src: some.conf.j2
    dest: /etc/some.conf
    mode: "0640"
  notify: Restart
- name: Write the unit
  ansible.builtin.copy:
    content: "[Service]\\nExecStart=/bin/sleep 9999\\n"
    dest: /etc/systemd/system/some.service
    mode: "0644"
- name: Start it
  ansible.builtin.systemd_service:
    name: some
    state: started
    daemon_reload: true
- name: Take long
  ansible.builtin.raw: "touch /begun; sleep {{ lookup('env', 'TAKES') or 0 }}"
  changed_when: false
"""
HANDLERS = """
- name: Restart
  ansible.builtin.systemd_service:
    name: some
    state: restarted
"""
TEMPLATE = "{{ inventory_hostname }} of {{ groups['all'] | sort | join(' ') }}\n"
VERIFY = """
- name: Verify
  hosts: all
  gather_facts: false
  tasks:
    - name: Look
      ansible.builtin.command: sh -c 'cat /etc/some.conf; systemctl is-active some'
      changed_when: false
      register: looked
    - name: Say
      ansible.builtin.assert:
        that: looked.stdout_lines == [inventory_hostname ~ ' of debian rocky', 'active']
"""


@dataclass(frozen=True)
class Role:
    """A checkout of somebody's role, and who tests it."""

    lab: Lab
    directory: Path
    ephemeral: Path
    owner: str = "me@here"

    def write(self, molecule_yml: str, **files: str) -> None:
        scenario = {"molecule": molecule_yml, "create": CREATE, "destroy": DESTROY, "converge": CONVERGE, **files}
        role = {"tasks/main": TASKS, "handlers/main": HANDLERS}
        for name, text in {**{f"molecule/default/{name}": text for name, text in scenario.items()}, **role}.items():
            path = self.directory / f"{name}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\n{text}")
        (self.directory / "templates").mkdir(exist_ok=True)
        (self.directory / "templates" / "some.conf.j2").write_text(TEMPLATE)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in self.lab.environment().items() if not key.startswith("ANSIBLE_")}
        return {
            **kept,
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".dev"),
            "ANSIBLE_ROLES_PATH": str(self.directory.parent),
            "MOLECULE_EPHEMERAL_DIRECTORY": str(self.ephemeral),
            "SSHFLEET_MOLECULE_INVENTORY": self.lab.inventory,
            "SSHFLEET_MOLECULE_HOST": "bookworm1",
            "SSHFLEET_MOLECULE_OWNER": self.owner,
            "SSHFLEET_ENGINE": "docker",  # of platforms that name none
            "NO_COLOR": "1",
            **more,
        }

    def start(self, command: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [BIN / "molecule", *command.split()], cwd=self.directory, env=self.environment(**more), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def run(self, command: str, rc: int = 0, **more: str) -> str:
        return said(self.start(command, **more), rc)


def said(process: subprocess.Popen[str], rc: int) -> str:
    """What Molecule has said at its end, without colours, borders and the ends of lines."""
    output = process.communicate(timeout=PATIENCE)[0]
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    words = " ".join(line.removeprefix("  │").strip() for line in plain.splitlines())
    assert process.returncode == rc, plain
    return re.sub(r"\s+", " ", words)


def left(lab: Lab) -> list[str]:
    """The containers, networks and volumes of scenarios on the hosts of the tests."""
    return [f"{host} {line}" for host, _engine in PLACES.values() for line in lab.ssh(host, LIST).splitlines()]


@pytest.fixture(scope="module", autouse=True)
def images(session_lab: Lab) -> Iterator[None]:
    def make(host: str) -> None:
        session_lab.ssh(host, "sh", "-s", input=MAKE_PYTHON_IMAGE + MAKE_SYSTEMD_IMAGE)

    hosts = [host for host, _engine in PLACES.values()]
    with ThreadPoolExecutor() as pool:
        list(pool.map(make, hosts))
    yield
    for host in hosts:  # of a test that has failed
        session_lab.ssh(host, REMOVE)


@pytest.fixture
def role(lab: Lab, tmp_path: Path) -> Role:
    """The page's scenario, with what else it takes: images that are there, and no roles from elsewhere."""
    text = re.sub(r"docker\.io/\S+", SYSTEMD_IMAGE, MOLECULE_YML).replace("web2", "trixie1")
    text += "prerun: false\ndependency: {name: galaxy, enabled: false}\n"
    more = '    volumes: ["data:/data"]\n    networks: [{name: back}]\n'
    text = text.replace("    systemd: true\n", f"    systemd: true\n{more}")
    made = Role(lab, tmp_path / "somebody", tmp_path / "one")
    made.write(text, verify=VERIFY)
    return made


@pytest.mark.pairs("both")
def test_two_users_test_a_role_at_once_on_docker_and_podman(role: Role, tmp_path: Path) -> None:
    other = replace(role, directory=tmp_path / "theirs" / "somebody", ephemeral=tmp_path / "two", owner="you@there")
    text = (role.directory / "molecule/default/molecule.yml").read_text().removeprefix("---\n")
    other.write(f"{text}scenario: {{test_sequence: [create, converge, verify, destroy]}}\n", verify=VERIFY)
    runs = [one.start("test") for one in (role, other)]
    words, theirs = (said(run, 0) for run in runs)
    for said_of in (words, theirs):
        assert all(f"{name} : ok=5 changed=4" in said_of for name in PLACES)  # converge, with the handler
        assert all(f"{name} : ok=2 changed=0" in said_of for name in PLACES)  # verify
    assert all(f"{name} : ok=4 changed=0" in words for name in PLACES)  # idempotence
    assert words.count("bookworm1 : ok=2 changed=1") == words.count("trixie1 : ok=1 changed=1") == 2
    assert left(role.lab) == []


def typed(role: Role, command: str, prompt: bytes, line: bytes) -> str:
    """What a terminal shows of a command when a line is typed at the first prompt."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(role.directory)
        os.execve(  # noqa: S606
            BIN / "molecule",
            ["molecule", *command.split()],
            role.environment(),
        )
    shown, wrote, deadline = b"", False, time.monotonic() + PATIENCE
    with suppress(OSError):  # how a terminal ends
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            shown += os.read(terminal, 4096)
            if prompt in shown and not wrote:
                wrote = bool(os.write(terminal, line))
    os.close(terminal)
    os.waitpid(pid, 0)
    return shown.decode(errors="replace")


def begun(lab: Lab, places: Mapping[str, tuple[str, str]]) -> None:
    """Wait until the long task runs in all containers."""
    for name, (host, engine) in places.items():
        find = f"{engine} exec $({engine} ps -q -f label=sshfleet.molecule.platform={name}) ls /begun"
        wait = f"for one in $(seq {PATIENCE * 2}); do {find} >/dev/null 2>&1 && exit; sleep 0.5; done; exit 1"
        lab.ssh(host, wait)


def sweep(lab: Lab, *words: str) -> str:
    hosts = ",".join(host for host, _engine in PLACES.values())
    done = lab.run("ansible-playbook", "sshfleet.containers.molecule_sweep", "-e", f"sweep_hosts={hosts}", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_cut_can_be_looked_at_used_again_and_swept(role: Role) -> None:
    cut = role.start("converge", TAKES="9999")
    begun(role.lab, PLACES)
    os.killpg(cut.pid, signal.SIGINT)  # as a terminal does
    cut.communicate(timeout=PATIENCE)
    assert cut.returncode != 0
    there = left(role.lab)
    assert len(there) == 6
    shown = typed(role, "login --host rocky", b"# ", b"hostname; cat /etc/some.conf; exit\n")
    assert "rocky of debian rocky" in shown
    again = role.run("converge")
    assert "instances already created" in again and again.count("changed=0") == 2
    assert "changed=1" not in sweep(role.lab, "-e", "older_than=0s", "-e", "owner=nobody@there")
    assert left(role.lab) == there
    swept = sweep(role.lab, "-e", "older_than=0s", "-e", "owner=me@here")
    assert swept.count("changed=1") == 2 and "scenario default of me@here in" in swept
    assert left(role.lab) == []
    role.run("destroy")
    assert not list(role.ephemeral.glob("*.json")) and not list(role.ephemeral.glob("inventory/sshfleet*"))


def test_what_is_wrong_is_told_before_a_host_is_touched(role: Role) -> None:
    image = {"image": SYSTEMD_IMAGE}
    wrong = [{"name": "a", **image, "memory": "3potatoes"}, {"name": "b", **image, "host": "trixie1"}]
    scenario = {"driver": {"name": "default"}, "prerun": False, "platforms": wrong}
    role.write(json.dumps(scenario))
    words = role.run("create", 2)
    assert "Platform a: Option 'memory' has the value '3potatoes'" in words and "Write a number" in words
    scenario["provisioner"] = {"name": "ansible", "inventory": {"hosts": {"all": {"hosts": {"trixie1": None}}}}}
    scenario["platforms"] = [{"name": "a", **image}, wrong[1]]
    role.write(json.dumps(scenario))
    words = role.run("create", 2)
    assert "Platform b: Option 'host' has the value 'trixie1': it is in the scenario's own inventory" in words
    assert left(role.lab) == []
