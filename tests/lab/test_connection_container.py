# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection plugin through Ansible: modules, files and become in containers, and those that can't be reached."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shlex
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE
from lab_hosts import Lab
from python_image import MAKE_PYTHON_IMAGE, PASSWORD, PYTHON_IMAGE, USER
from tasks import keeping

pytestmark = pytest.mark.pairs("both")

PLUGIN = "sshfleet.containers.container"
NO_SHELL = "localhost/no-shell:latest"
# Containers by the end of their name: their image, what "run" gets beside it, and what follows.
CONTAINERS = {
    "app": (PYTHON_IMAGE, "", ""),
    "ro": (PYTHON_IMAGE, "--read-only --tmpfs /tmp:mode=1777", ""),
    "bare": (IMAGE, "", ""),
    "remade": (IMAGE, "", ""),
    "killed": (IMAGE, "", ""),
    "cut": (IMAGE, "", ""),
    "noshell": (NO_SHELL, "", ""),
    "stopped": (IMAGE, "", "$engine stop -t 0 conn-stopped"),
    "paused": (IMAGE, "", "$engine pause conn-paused"),
}
SOME = ENGINES[::3]  # one of each engine and of each host, for what takes long and depends on neither
UNREACHED = ("stopped", "paused", "missing", "nohost")
MAKE = f"""
set -eu
folder=$(mktemp -d); cp /bin/busybox "$folder/sleep"
for engine in podman docker; do
  $engine image inspect {NO_SHELL} >/dev/null 2>&1 || tar -C "$folder" -c . | $engine import - {NO_SHELL}
  {{}}
done
rm -r "$folder"
"""
RUN = "$engine run -d --stop-timeout 0 --name {name} {more} {image} {sleep} 9999; {then}"


def script(remove: bool = False) -> str:
    """Make all containers on both engines of a host, or remove them."""
    names = {f"conn-{name}": said for name, said in CONTAINERS.items()}
    lines = [f"$engine unpause conn-paused || :; $engine rm -f {' '.join(names)} || :"]
    if not remove:
        for name, (image, more, then) in names.items():
            sleep = "/sleep" if image == NO_SHELL else "sleep"
            lines.append(RUN.format(name=name, more=more, image=image, sleep=sleep, then=then))
    return MAKE.format("\n  ".join(lines))


@pytest.fixture(scope="module", autouse=True)
def containers(session_lab: Lab) -> Iterator[None]:
    hosts = sorted({host for host, _engine in ENGINES})
    for host in hosts:
        session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE + MAKE_PYTHON_IMAGE)
        session_lab.ssh(host, "sh", "-s", input=script())
    yield
    for host in hosts:
        session_lab.ssh(host, "sh", "-s", input=script(remove=True))


def inventory(directory: Path, engines: Sequence[tuple[str, str]] = tuple(ENGINES)) -> str:
    """An inventory file with a group for each container, which has it on each engine."""
    groups: dict[str, Any] = {}
    for name in (*CONTAINERS, "missing", "nohost"):
        entries = {
            f"{name}-{host}-{engine}": {
                "sshfleet_container": f"conn-{name}", "sshfleet_container_host": host, "sshfleet_engine": engine,
            }
            for host, engine in engines
        }  # fmt: skip
        groups[name] = {"hosts": entries}
    for entry in groups["nohost"]["hosts"].values():
        entry["sshfleet_container_host"] = "nobody"
    shared = {"ansible_connection": PLUGIN, "ansible_python_interpreter": "/usr/bin/python3"}
    path = directory / "containers.json"
    path.write_text(json.dumps({"all": {"children": {"inside": {"children": groups, "vars": shared}}}}))
    return str(path)


def play(directory: Path, hosts: str, tasks: Sequence[Mapping[str, Any]], **words: Any) -> dict[str, Any]:
    """A play whose results are kept in a file for each host."""
    steps = keeping(tasks, f"{directory}/{{{{ inventory_hostname }}}}.results")
    return {"hosts": hosts, "gather_facts": False, "ignore_unreachable": True, **words, "tasks": steps}


def run(lab: Lab, directory: Path, plays: Sequence[Mapping[str, Any]], *options: str) -> tuple[dict[str, Any], str]:
    """Run plays: {name of a group: [results of its hosts]}, and what Ansible said."""
    done = lab.playbook(plays, directory, "-i", inventory(directory), *options)
    said = done.stdout + done.stderr
    found: dict[str, Any] = {}
    for file in sorted(directory.glob("*.results")):
        found.setdefault(file.stem.partition("-")[0], {})[file.stem] = json.loads(file.read_text())
    return found, said


def begun(name: str, engines: Iterable[str]) -> str:
    """Shell commands for a host that wait, a minute at most, until ``SLOW`` runs in its containers of this name."""
    wait = "for one in $(seq 120); do {engine} exec conn-{name} ls /begun >/dev/null 2>&1 && break; sleep 0.5; done"
    return "; ".join(wait.format(engine=engine, name=name) for engine in engines)


SLOW = {"ansible.builtin.raw": "touch /begun; sleep 60"}
AS_USER = {"ansible_user": USER}
WITH_PASSWORD = {**AS_USER, "ansible_become_password": PASSWORD}
MIB = 1024 * 1024


def in_app(directory: Path) -> list[dict[str, Any]]:
    command, copy, kept = "ansible.builtin.command", "ansible.builtin.copy", str(directory / "kept")
    begin = {"become": True}
    return [
        {"ansible.builtin.setup": {"gather_subset": ["!all", "platform"]}},
        {"ansible.builtin.template": {"src": str(directory / "note.j2"), "dest": "/srv.txt", "mode": "0640"}},
        {"ansible.builtin.slurp": {"src": "/srv.txt"}},
        {"ansible.builtin.fetch": {"src": "/big", "dest": kept}},
        {"ansible.builtin.shell": "echo slept", "async": 30, "poll": 1},
        {"ansible.builtin.raw": "id -un", **begin, "become_method": "su", "become_user": USER},
        {command: "id -un", **begin, "vars": WITH_PASSWORD},
        {"ansible.builtin.raw": "id -un", **begin, "vars": {**WITH_PASSWORD, "ansible_become_password": "wrong"}},
        {"ansible.builtin.raw": "id -un", **begin, "vars": AS_USER},
        {copy: {"content": "mine\n", "dest": "~/mine"}, "vars": AS_USER},
        {"ansible.builtin.raw": "stat -c %U /home/deploy/mine; pwd; echo $WHO; cat; exit 3",
         "vars": {"sshfleet_container_working_dir": "/tmp", "sshfleet_container_env": {"WHO": "me"}}},
        {"ansible.builtin.raw": "id -un", "vars": {"ansible_user": "nobody-of-this-name"}},
        {"ansible.builtin.raw": "pwd", "vars": {"sshfleet_container_env": {"N": 1}}},
        {"ansible.builtin.raw": "hostname", "delegate_to": "bare-{{ inventory_hostname[4:] }}"},
    ]  # fmt: skip


def verify_app(results: list[dict[str, Any]], name: str) -> None:
    facts, template, slurped, _fetched, later, su, sudo, wrong, missing, mine, around, nobody, number, other = results
    assert facts["ansible_facts"]["ansible_system"] == "Linux"
    assert template["changed"] and template["mode"] == "0640" and slurped["content"] == "bm90ZSBvZiAxCg=="
    assert later["stdout"] == "slept", later
    assert su["stdout"].strip() == USER and sudo["stdout"] == "root", (su, sudo)
    assert "Incorrect sudo password" in wrong["msg"] and "Missing sudo password" in missing["msg"]
    assert mine["changed"] and mine["owner"] == USER
    assert (around["rc"], around["stdout_lines"]) == (3, [USER, "/tmp", "me"])
    assert nobody["failed"] and "nobody-of-this-name" in nobody["msg"], nobody
    assert number["failed"] and "env.N" in number["msg"] and number["error"]["kind"] == "invalid_option"
    assert other["stdout"].strip() and other["rc"] == 0, (name, other)


def test_modules_files_and_become(lab: Lab, tmp_path: Path) -> None:
    """Also where the root is read-only, and where the host's own task works in its container."""
    (tmp_path / "note.j2").write_text("note of {{ 1 }}\n")
    (tmp_path / "big").write_bytes(os.urandom(5 * MIB))
    send = {"ansible.builtin.copy": {"src": str(tmp_path / "big"), "dest": "/big"}}
    on_tmpfs = [
        {"ansible.builtin.copy": {"src": str(tmp_path / "big"), "dest": "/tmp/big"}},
        {"ansible.builtin.fetch": {"src": "/tmp/big", "dest": str(tmp_path / "kept")}},
    ]
    own = {"ansible_connection": PLUGIN, "sshfleet_container": "conn-bare", "sshfleet_engine": "docker"}
    plays = [
        {"hosts": "app", "gather_facts": False, "tasks": [send]},
        play(tmp_path, ",".join(f"app-{host}-{engine}" for host, engine in SOME), in_app(tmp_path)),
        play(tmp_path, "ro", on_tmpfs, vars={"ansible_remote_tmp": "/tmp/.ansible"}),
        play(tmp_path, "bookworm1", [{"ansible.builtin.raw": "ls /bin/busybox; uname -n", "vars": own}]),
    ]
    before = set(lab.runtime.rglob("*.ctl"))
    found, said = run(lab, tmp_path, plays)
    assert len(found["app"]) == len(SOME) and len(found["ro"]) == len(ENGINES), said
    for name, results in found["app"].items():
        verify_app(results, name)
    for copied, fetched in found["ro"].values():
        assert copied.get("changed") and fetched.get("changed"), (copied, fetched)
    ((inside,),) = found["bookworm1"].values()
    assert "/bin/busybox" in inside["stdout"] and "bookworm1" not in inside["stdout"]
    digests = {hashlib.sha256(file.read_bytes()).hexdigest() for file in tmp_path.rglob("big")}
    assert len(digests) == 1 and len(list(tmp_path.rglob("big"))) == 1 + len(SOME) + len(ENGINES)
    assert len(set(lab.runtime.rglob("*.ctl")) - before) <= len({host for host, _engine in ENGINES}), "one a host"


def test_the_page_and_the_examples(lab: Lab, tmp_path: Path) -> None:
    """Both are run as they stand there, with a host and a container of the lab under their names."""
    page = (CHECKOUT / "docs" / "docsite" / "rst" / "inside_containers.rst").read_text()
    blocks = re.findall(r"^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", page, re.MULTILINE)
    entries, *plays = [yaml.safe_load(textwrap.dedent(block)) for block in blocks]
    entries["all"]["hosts"]["web1"].update(
        ansible_host=lab.hosts["trixie1"]["hostname"], ansible_ssh_private_key_file=lab.key, sshfleet_engine="docker",
        ansible_ssh_common_args=f"-F none -o UserKnownHostsFile={lab.known_hosts}",
    )  # fmt: skip
    path = tmp_path / "inventory.yml"
    path.write_text(yaml.safe_dump(entries))
    source = ast.parse((CHECKOUT / "plugins" / "connection" / "container.py").read_text())
    examples = next(
        ast.literal_eval(node.value)
        for node in source.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES"
    )
    runs = [*(play for play in plays if isinstance(play, list)), yaml.safe_load(examples)]
    assert len(runs) == 3
    book = [play for run in runs for play in run]
    done = lab.playbook(book, tmp_path, "-e", "sshfleet_container=conn-app", inventory=str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^app +: ok=3", done.stdout, re.MULTILINE) and re.search(
        r"^web1 +: ok=2", done.stdout, re.MULTILINE
    )


@pytest.mark.provokes("no_shell")
def test_what_can_not_be_reached_or_run(lab: Lab, tmp_path: Path) -> None:
    engine = "{{ sshfleet_engine }}"
    remake = f"{engine} rm -f conn-remade; {engine} run -d --stop-timeout 0 --name conn-remade {IMAGE} sleep 9999"
    raw = {"ansible.builtin.raw": "echo here"}
    kill = f"{begun('killed', ('podman', 'docker'))}; podman kill conn-killed; docker kill conn-killed"
    plays = [
        play(tmp_path, ":".join((*UNREACHED, "noshell")), [raw]),
        play(tmp_path, "bare", [raw, {"ansible.builtin.command": "id"}]),
        play(tmp_path, "remade", [
            {"ansible.builtin.raw": "touch /old; echo here"},
            {"ansible.builtin.raw": remake,
             "delegate_to": "{{ sshfleet_container_host }}", "vars": {"ansible_connection": "ssh"}},
            {"ansible.builtin.raw": "test ! -e /old && echo new"},
        ]),
        {"hosts": "killed:bookworm1:trixie1", "gather_facts": False, "strategy": "free", "ignore_unreachable": True,
         "tasks": keeping([
             {**SLOW, "when": "'killed' in group_names"},
             {"ansible.builtin.raw": kill, "when": "'killed' not in group_names"},
         ], f"{tmp_path}/{{{{ inventory_hostname }}}}.results")},
    ]  # fmt: skip
    found, said = run(lab, tmp_path, plays)
    for name in UNREACHED:
        assert len(found[name]) == len(ENGINES), said
    for (result,) in found["stopped"].values():
        assert result["unreachable"] and result["error"]["kind"] == "container_stopped", result
        assert "conn-stopped does not run" in result["msg"] and "state=started" in result["msg"]
    for (result,) in found["paused"].values():
        assert result["unreachable"] and "conn-paused is paused" in result["msg"], result
    for (result,) in found["missing"].values():
        assert result["unreachable"] and result["error"]["kind"] == "container_missing", result
    for (result,) in found["nohost"].values():
        assert result["failed"] and result["error"]["kind"] == "invalid_option", result
        assert "'nobody'" in result["msg"] and "sshfleet_container_host" in result["msg"]
    for (result,) in found["noshell"].values():
        assert result["failed"] and result["error"]["kind"] == "no_shell" and "remote_container_exec" in result["msg"]
    for said_raw, module in found["bare"].values():
        assert said_raw["stdout"].strip() == "here" and module["failed"], module
        assert "/usr/bin/python3" in module["msg"] and "ansible.builtin.raw" in module["module_stderr"], module
    for before, made, after in found["remade"].values():
        assert before["rc"] == made["rc"] == 0 and after["stdout"].strip() == "new", (before, made, after)
    for killed, _skipped in found["killed"].values():
        assert killed.get("unreachable") and "while a command ran in it" in killed["msg"], killed


@pytest.mark.fault("The connection into a container is cut", on="every engine")
def test_a_connection_that_is_cut(lab: Lab, tmp_path: Path) -> None:
    """UNREACHABLE, and the next task connects anew."""
    waits = [
        shlex.join(lab.ssh_argv(host, begun("cut", [engine for its, engine in ENGINES if its == host])))
        for host in sorted({host for host, _engine in ENGINES})
    ]
    cut = "; ".join([*waits, f"for one in $(find {lab.runtime} -name '*.ctl'); do ssh -F none -S $one -O exit x; done"])
    tasks = keeping(
        [
            {**SLOW, "when": "'cut' in group_names"},
            {"ansible.builtin.raw": "echo again", "when": "'cut' in group_names"},
            {"ansible.builtin.shell": cut, "when": "inventory_hostname == 'here'"},
        ],
        f"{tmp_path}/{{{{ inventory_hostname }}}}.results",
    )
    vars_ = {
        "name": "here",
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    plays = [
        {"hosts": "bookworm1", "gather_facts": False, "tasks": [{"ansible.builtin.add_host": vars_}]},
        {"hosts": "cut:here", "gather_facts": False, "strategy": "free", "ignore_unreachable": True, "tasks": tasks},
    ]
    found, said = run(lab, tmp_path, plays)
    assert len(found["cut"]) == len(ENGINES), said
    for lost, again, _skipped in found["cut"].values():
        assert lost["unreachable"] and lost["error"]["kind"] == "unreachable", lost
        assert again["stdout"].strip() == "again", again
