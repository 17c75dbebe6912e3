# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README tells people to type and to write is run here, as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from checkout import CHECKOUT
from installed import CONFIG, Installed, build_and_install
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts

README = (CHECKOUT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCKS if found == language]


def commands(mark: str) -> list[str]:
    """The lines of the one block of commands that has the mark in it."""
    (block,) = (text for text in blocks("") if mark in text and text.startswith("ansible"))
    return block.splitlines()


FULL_NAMES = commands("sshfleet.containers.ping")
# The second block works in the container that the first one makes.
SHORT_NAMES = [*commands("playbooks/ping.yml"), *commands("remote_container_exec")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, session_lab: Lab) -> Installed:
    """An installed collection in whose folder lies a hosts.json, as the README has it."""
    made = build_and_install(tmp_path_factory.mktemp("readme"))
    shutil.copy(session_lab.inventory, made.work / "hosts.json")
    shutil.copytree(session_lab.directory / "group_vars", made.work / "group_vars")
    return made


@pytest.fixture(scope="module", autouse=True)
def nothing_left(session_lab: Lab) -> Iterator[None]:
    yield
    session_lab.module("web", "remote_container", {"name": "app", "state": "absent"})


@pytest.mark.parametrize("line", FULL_NAMES)
def test_commands_with_an_installed_collection(lab: Lab, installed: Installed, line: str) -> None:
    tool, *arguments = shlex.split(line)
    assert installed.run(tool, *arguments, env=lab.environment())


@pytest.mark.parametrize("line", SHORT_NAMES)
def test_commands_in_the_checkout(lab: Lab, line: str) -> None:
    tool, source, path, *arguments = _inventory_first(shlex.split(line))
    assert (source, path) == ("-i", "hosts.json")
    done = lab.run(tool, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def _inventory_first(words: list[str]) -> list[str]:
    at = words.index("-i")
    return [words[0], *words[at : at + 2], *words[1:at], *words[at + 2 :]]


def test_the_hosts_file_is_accepted() -> None:
    (text,) = blocks("json")
    assert [entry.name for entry in parse_hosts(text.encode(), "hosts.json").hosts] == ["web1", "web2", "db1"]


def test_the_configuration_is_the_one_that_the_tests_use() -> None:
    assert CONFIG.strip() in [text.strip() for text in blocks("ini")]


def test_the_playbook_runs(lab: Lab, tmp_path: Path) -> None:
    (text,) = (text for text in blocks("yaml") if "hosts: web" in text)
    done = lab.playbook(yaml.safe_load(text), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_other_way_to_name_a_hosts_file(lab: Lab, installed: Installed) -> None:
    (text,) = (text for text in blocks("yaml") if text.startswith("plugin:"))
    folder = installed.work / "fleet"
    folder.mkdir()
    shutil.copy(lab.inventory, folder / "servers.json")
    (installed.work / "fleet.yml").write_text(text)
    assert "@web:" in installed.run("ansible-inventory", "-i", "fleet.yml", "--graph", env=lab.environment())


@pytest.mark.parametrize("line", [line.split()[1] for line in blocks("")[1].splitlines()])
def test_make_targets_are_there(line: str) -> None:
    assert re.search(rf"^{line}:", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
