# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook ``sshfleet.containers.moving`` of an installed collection, and the module's examples."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT
from installed import Installed, build_and_install

PAGE = (CHECKOUT / "docs/docsite/rst/coming_from.rst").read_text()


def block(language: str) -> str:
    helper = PAGE[PAGE.index("\nA helper that reads") :]
    text = re.search(rf"code-block:: {language}\n\n((?:    .*\n|\n)+)", helper)
    assert text
    return re.sub(r"^    ", "", text[1], flags=re.MULTILINE).strip() + "\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return build_and_install(tmp_path_factory.mktemp("moving"))


@pytest.fixture
def playbooks(installed: Installed) -> Path:
    """A directory with the page's playbook, where the tools run."""
    folder = installed.work / "playbooks"
    folder.mkdir(exist_ok=True)
    (folder / "site.yml").write_text(block("yaml"))
    return folder


def moving(installed: Installed, *arguments: str) -> str:
    return installed.run("ansible-playbook", "sshfleet.containers.moving", "-e", "path=playbooks", *arguments)


def test_the_page_shows_what_is_said(installed: Installed, playbooks: Path) -> None:
    command, *report = block("console").splitlines()
    assert command == "$ ansible-playbook sshfleet.containers.moving -e path=."
    assert "\n".join(report) in moving(installed)
    assert (playbooks / "site.yml").read_text() == block("yaml")


def test_what_is_written_is_a_playbook_that_ansible_takes(installed: Installed, playbooks: Path) -> None:
    shown = moving(installed, "-e", "write=true", "--check", "--diff")
    assert "+        engine_timeout: 120" in shown and (playbooks / "site.yml").read_text() == block("yaml")
    assert "changed=1" in moving(installed, "-e", "write=true", "-e", "backup=true")
    text = (playbooks / "site.yml").read_text()
    changed = [line for line in block("yaml").splitlines() if line not in text.splitlines()]
    assert [line.strip() for line in changed] == [
        "containers.podman.podman_network:",
        "subnet: 10.1.0.0/24",
        "community.docker.docker_container:",
        "timeout: 120",
    ]
    tasks = yaml.safe_load(text)[0]["tasks"]
    (playbooks / "moved.yml").write_text(yaml.safe_dump([{"hosts": "shop", "tasks": tasks[:2]}]))
    installed.run("ansible-playbook", "--syntax-check", "playbooks/moved.yml")
    (playbooks / "moved.yml").unlink()
    assert "changed=0" in moving(installed, "-e", "write=true")
    (copy,) = playbooks.glob("*~")
    assert copy.read_text() == block("yaml")
    copy.unlink()


def test_the_examples_run(installed: Installed, playbooks: Path) -> None:
    source = (CHECKOUT / "plugins/modules/moving.py").read_text()
    texts: dict[str, Any] = {
        node.targets[0].id: ast.literal_eval(node.value)  # type: ignore[attr-defined]
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
    }
    tasks = [
        *yaml.safe_load(texts["EXAMPLES"]),
        {"ansible.builtin.copy": {"content": "{{ moved }}", "dest": "moved.json"}},
    ]
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    (installed.work / "examples.yml").write_text(yaml.safe_dump(play))
    installed.run("ansible-playbook", "examples.yml")
    moved = json.loads((installed.work / "moved.json").read_text())
    assert set(yaml.safe_load(texts["RETURN"])) <= set(moved) and moved["files"][0]["path"] == "site.yml"
    for copy in playbooks.glob("*~"):
        copy.unlink()


def fails(installed: Installed, *arguments: str) -> str:
    with pytest.raises(AssertionError) as failed:
        moving(installed, *arguments)
    return str(failed.value)


def test_what_fails_says_what_to_do(installed: Installed, playbooks: Path) -> None:
    (playbooks / "bad.yml").write_text("- docker_container: {\n")
    assert "bad.yml:2: It is no YAML" in fails(installed)
    (playbooks / "bad.yml").unlink()
    assert "there is no such file or directory. Name a directory" in fails(installed, "-e", "path=nowhere")
    with pytest.raises(AssertionError, match="Name the directory that has the playbooks, with -e path=DIRECTORY"):
        installed.run("ansible-playbook", "sshfleet.containers.moving")


def test_a_reader_that_goes_away_ends_nothing_but_the_report(installed: Installed, playbooks: Path) -> None:
    """As in ``| head``: the report is longer than a pipe holds."""
    task = "- name: {number}{pad}\n  docker_container: {{name: x}}\n"
    (playbooks / "long.yml").write_text("".join(task.format(number=number, pad="x" * 40) for number in range(2000)))
    tool = str(Path(sys.executable).parent / "ansible-playbook")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment = {**kept, "ANSIBLE_CONFIG": str(installed.work / "ansible.cfg"), "HOME": str(installed.work)}
    argv = [tool, "sshfleet.containers.moving", "-e", "path=playbooks"]
    with subprocess.Popen(
        argv, cwd=installed.work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stdout is not None
        assert any("remote_container: one word" in run.stdout.readline() for _line in range(20))
        run.stdout.close()
        run.wait(120)
    (playbooks / "long.yml").unlink()
