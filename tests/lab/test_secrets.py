# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are nowhere: one run of many tasks at ``-vvvvv --diff``, and a search for every secret in all that it left.

The run goes through what tasks do (create, recreate, check mode) and through what goes wrong; the search, through its
output, the files it made on the controller and on the hosts, and the command lines of processes meanwhile.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE, MAKE_IMAGE
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")

PLACES = {"bookworm1": "docker", "trixie1": "podman"}
NAME, OTHER = "lab-secrets", "lab-secrets-2"
PORT = 18741
# Whatever has this in it is a secret; the word behind it tells which. That of COMMAND stands in a command line: the
# container's own, which the host's processes show.
MARK = "mk7Q"
SECRET = re.compile(rf"{MARK}-\w+")
COMMAND, HEALTH = f"{MARK}-command", f"{MARK}-health"
PEM = f'-----BEGIN KEY-----\n{MARK}-pem1 "quoted"\n{MARK}-pem2/+=\n-----END KEY-----'
# What the engines keep of containers, and the hosts' logs of the engines, are theirs.
ENGINES_OWN = r"/(containers|docker|containerd|libpod|crun|runc|journal|netns|netavark|buildah)/|/proc/|/sys/"

ENV = {
    "DB_PASSWORD": f"{MARK}-env", "CMD_TOKEN": COMMAND, "TLS_KEY": PEM, "JAVA_OPTS": f"-Ddb.password={MARK}-java",
    "DATABASE_URL": f"postgres://app:{MARK}-url@db/shop", "HTTPS_PROXY": f"http://{MARK}-user:{MARK}-proxy@proxy:3128",
    "SHORT_TOKEN": "1", "FLAG_SECRET": "true", "NAME_PASSWORD": NAME,
}  # fmt: skip
# What a container says to a terminal, and what looks like Ansible's own lines.
TITLE, SPOOFED = "\x1b]0;mine\x07", f"ok: [{next(iter(PLACES))}] => spoofed"
SAYS = (
    f'echo "$DB_PASSWORD, $FILE_TOKEN and $TLS_KEY at $DATABASE_URL" {COMMAND}; '
    f"printf '\\033]0;mine\\007\\n'; echo '{SPOOFED}'"
)
BASE: dict[str, Any] = {
    "name": NAME, "image": IMAGE, "env": ENV, "stop_timeout": 0, "log_driver": "json-file",
    "command": ["sh", "-c", f"{SAYS}; sleep 1000; true"],
    "labels": {"app.token": f"{MARK}-label", "source": f"https://{MARK}-source@git.example.com/x", "level": "1"},
    "healthcheck": {"test": f"check --password={HEALTH}", "interval": "1h"},
}  # fmt: skip


def changed(**params: Any) -> dict[str, Any]:
    return {**BASE, **params}


FAILS = {"ignore_errors": True}
JOB = changed(name=OTHER, detach=False, command=["sh", "-c", f"{SAYS}; exit 3"], healthcheck=None)
HIDDEN = {"name": OTHER, "image": IMAGE, "env": {"COLOUR": f"{MARK}-hidden"}, "log_driver": "json-file"}
# (what is expected: an action, or the kind of an error; the options; what else the task has)
TASKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("create", changed(), {"check_mode": True}),
    ("create", changed(), {}),
    ("", changed(), {}),
    ("recreate", changed(env={**ENV, "DB_PASSWORD": f"{MARK}-new"}, labels={"app.token": f"{MARK}-label2"}), {}),
    ("recreate", changed(env_file=None, command=["sh", "-c", f"run --token={MARK}-other"]), {"check_mode": True}),
    # It does not start, with the engine's words about its command; it ends at once, and says what it knows.
    ("engine_error", changed(command=[COMMAND]), FAILS),
    ("ended", changed(command=["sh", "-c", f"{SAYS}; exit 3"]), FAILS),
    ("late", changed(state="healthy", healthy_wait_timeout=1, restart_policy="always"), FAILS),
    ("ended", JOB, FAILS),
    ("recreate", changed(name=OTHER, published_ports=[f"{PORT}:80"], recreate=True), {}),
    ("taken", changed(published_ports=[f"{PORT}:80"]), FAILS),
    ("engine_error", changed(image="127.0.0.1:1/none:1"), FAILS),
    ("invalid", changed(command=f"echo '{COMMAND}"), FAILS),
    ("invalid", changed(env={f"DB_PASSWORD={MARK}-key": ""}), FAILS),
    ("invalid", changed(env={"DB_PASSWORD": [f"{MARK}-list"]}), FAILS),
    ("invalid", changed(env=f"DB_PASSWORD={MARK}-text OTHER"), FAILS),
    ("invalid", changed(working_dir=f"ftp://u:{MARK}-ftp@host/x"), FAILS),
    ("invalid", changed(docker_host=f"tcp://u:{MARK}-host@host"), FAILS),
    ("invalid", changed(mounts=[{"target": "/x", "tmpfs_mode": f"password={MARK}-mode", "type": "tmpfs"}]), FAILS),
    ("ended", {**HIDDEN, "command": ["sh", "-c", "echo $COLOUR; exit 3"], "recreate": True}, {**FAILS, "no_log": True}),
    ("recreate", {**HIDDEN, "command": ["sh", "-c", "echo $COLOUR"], "recreate": True}, {"no_log": True}),
    ("remove", {"name": OTHER, "state": "absent"}, {}),
]  # fmt: skip


@dataclass
class Left:
    """What a run left: its output, its results by host, and what was seen while it ran."""

    output: str = ""
    results: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    processes: set[str] = field(default_factory=set)  # secrets in command lines, of controller and hosts
    files: set[str] = field(default_factory=set)  # files with secrets, of controller and hosts


def playbook(folder: Path) -> list[dict[str, Any]]:
    """The tasks. Their options come from a file of variables, as Ansible shows the source of a task that fails."""
    (folder / "job.env").write_text(f"FILE_TOKEN={MARK}-file\nPLAIN=1\n")
    given = [{"env_file": str(folder / "job.env"), **options} for _expected, options, _more in TASKS]
    (folder / "given.json").write_text(json.dumps({"given": given, "engines": PLACES}))
    tasks: list[dict[str, Any]] = []
    for index, (_expected, _options, more) in enumerate(TASKS):
        params = {key: f"{{{{ given[{index}][{key!r}] }}}}" for key in given[index]}
        params |= {"engine": "{{ engines[inventory_hostname] }}", "keep_volumes": False}
        tasks.append({"sshfleet.containers.remote_container": params, "register": f"r{index}", **more})
    tasks.append({"sshfleet.containers.remote_container_info": {"engine": params["engine"]}})
    names = ", ".join(f"r{index}" for index in range(len(TASKS)))
    copy = {"content": f"{{{{ [{names}] | to_json }}}}", "dest": f"{folder}/{{{{ inventory_hostname }}}}.json"}
    local = {"delegate_to": "localhost", "vars": {"ansible_connection": "local"}}
    tasks.append({"ansible.builtin.copy": copy, "no_log": True, **local})
    variables = [str(folder / "given.json")]
    return [{"hosts": list(PLACES), "gather_facts": False, "vars_files": variables, "tasks": tasks}]


STAMP = "/run/lab-secrets-stamp"
FIND = f"""
find / /run /tmp -xdev -type f -newer {STAMP} 2>/dev/null | grep -vE '{ENGINES_OWN}' | sort -u | tr '\\n' '\\0' |
  xargs -0r grep -laE '{MARK}-[a-z]'
rm -f {STAMP}
"""


@contextmanager
def watched(lab: Lab, left: Left) -> Iterator[None]:
    """Look at the command lines and at the runtime directory, all the time.

    The hosts are LXC containers of this machine, which sees their processes as well.
    """
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            left.processes.update(SECRET.findall(command_lines()))
            left.files.update(files_with_secrets(lab.runtime))

    for host in PLACES:
        lab.ssh(host, "touch", STAMP)
    with ThreadPoolExecutor(1) as executor:
        looking = executor.submit(look)
        try:
            yield
        finally:
            ended.set()
            looking.result()
        for host in PLACES:
            left.files.update(lab.ssh(host, "sh", "-s", input=FIND, check=False).split())


def command_lines() -> str:
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - pathlib fails when one ends meanwhile
        try:
            found.append(Path("/proc", process, "cmdline").read_text(errors="replace"))
        except OSError:
            continue
    return "\n".join(found)


def files_with_secrets(folder: Path) -> set[str]:
    found = set()
    for directory, _directories, names in os.walk(folder):  # as above
        for path in (Path(directory, name) for name in names):
            try:
                if path.is_file() and SECRET.search(path.read_text(errors="replace")):
                    found.add(str(path))
            except OSError:
                continue
    return found


@pytest.fixture(scope="module")
def left(session_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder, left = tmp_path_factory.mktemp("secrets"), Left()
    for host in PLACES:
        session_lab.ssh(host, "sh", input=MAKE_IMAGE)
    log = folder / "ansible.log"
    try:
        with watched(session_lab, left):
            done = session_lab.playbook(
                playbook(folder), folder, "-vvvvv", "--diff", env={"ANSIBLE_LOG_PATH": str(log)}
            )
        left.output = done.stdout + done.stderr + log.read_text()
        for host in PLACES:
            path = folder / f"{host}.json"
            assert path.is_file(), left.output
            left.results[host] = json.loads(path.read_text())
        yield left
    finally:
        for host, engine in PLACES.items():
            session_lab.ssh(host, engine, "rm", "-f", "-v", NAME, OTHER, check=False)


def expected(result: Mapping[str, Any]) -> str:
    """What became of a task, in the words of TASKS."""
    if result.get("failed"):
        kinds = {"invalid_option": "invalid", "container_ended": "ended", "not_in_time": "late", "port_in_use": "taken"}
        return kinds.get(result["error"]["kind"], result["error"]["kind"])
    return str(result["actions"][0]["action"]) if result["changed"] else ""


@pytest.mark.parametrize("host", PLACES)
def test_the_tasks_went_as_they_should(left: Left, host: str) -> None:
    """Otherwise the others prove nothing."""
    assert [expected(result) for result in left.results[host]] == [expected for expected, _options, _more in TASKS]


def test_no_secret_is_in_the_output(left: Left) -> None:
    found = {line for line in left.output.splitlines() if SECRET.search(line)}
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize("host", PLACES)
def test_no_secret_is_in_a_result(left: Left, host: str) -> None:
    assert set(SECRET.findall(json.dumps(left.results[host]))) == {f"{MARK}-hidden"}  # registered, and hidden by no_log


def test_what_is_hidden_is_hidden_and_no_more(left: Left) -> None:
    assert left.output.count("********") > len(TASKS)
    for shown in ("SHORT_TOKEN", "postgres://app:********@db/shop", "https://********@git.example.com/x", "level"):
        assert shown in left.output


def test_no_log_hides_what_nobody_knows_to_be_a_secret(left: Left) -> None:
    """Ansible itself shows the message and the warnings of such a task."""
    assert "The task failed (container_ended), and no_log hides the rest." in left.output
    assert "ended right after its start" not in left.output


def test_no_secret_is_in_a_command_line(left: Left) -> None:
    assert left.processes - {HEALTH} == {COMMAND}  # of the container's own process: the looking works


def test_no_secret_is_in_a_file(left: Left) -> None:
    assert not left.files


def test_what_a_container_says_is_shown_and_does_nothing(left: Left) -> None:
    """It is in the output, as the end of its log in a message, and in a result, as data."""
    assert r"\x1b]0;mine\x07" in left.output and SPOOFED in left.output
    assert TITLE not in left.output
    assert not re.search(rf"^{re.escape(SPOOFED)}", left.output, re.MULTILINE)
    for host in PLACES:
        assert TITLE in left.results[host][TASKS.index(("ended", JOB, FAILS))]["output"]


def test_a_password_that_is_the_container_s_name_hides_nothing_else(left: Left) -> None:
    assert f"container {NAME} " in left.output
    for host in PLACES:
        container = left.results[host][1]["container"]
        assert (container["name"], container["env"]["NAME_PASSWORD"]) == (NAME, "********")
