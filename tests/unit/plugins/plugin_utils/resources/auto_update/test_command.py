# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of Podman's command, and how its report is read. It runs on hosts in tests/lab."""

from __future__ import annotations

import json

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update import command
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update.command import Line, Report
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update.options import Options

WEB = {
    "Unit": "web.service", "Container": "4f1c (web)", "ContainerName": "web", "ContainerID": "4f1c",
    "Image": "registry.example.com/web:1", "Policy": "registry", "Updated": "rolled back",
}  # fmt: skip


def test_the_words_of_the_command() -> None:
    assert command.command(Options(), dry=True, hides_errors=False) == ["auto-update", "--format=json", "--dry-run"]
    given = Options(rollback=False, authfile="/a b", validate_certs=False)
    assert command.command(given, dry=False, hides_errors=True) == [
        "--log-level=debug", "auto-update", "--format=json", "--rollback=false", "--authfile=/a b",
        "--tls-verify=false",
    ]  # fmt: skip


def test_a_report() -> None:
    line = Line("web", "4f1c", "registry.example.com/web:1", "registry", "web.service", "rolled_back")
    assert command.read(f"17\n{json.dumps([WEB])}\n", "Trying to pull x\n") == Report(17, (line,))
    assert command.read("17\n", "") == Report(17)  # nothing has a policy


@pytest.mark.parametrize(("said", "errors"), [
    ("Error: checking image of container 4f1c: denied\n", ("checking image of container 4f1c: denied",)),
    (
        "Trying to pull a...\nError: 2 errors occurred:\n\t* one: Error: of another\n\t* two\n",
        ("one: Error: of another", "two"),
    ),
    ("Copying blob Error: none\n", ()),
    (
        'time="x" level=debug msg="Looking"\ntime="x" level=debug msg="Error checking updates for image a/b:1: '
        'pinging \\"https://a\\": refused (ignoring error)"\n',
        ('Error checking updates for image a/b:1: pinging "https://a": refused (ignoring error)',),
    ),
])  # fmt: skip
def test_errors(said: str, errors: tuple[str, ...]) -> None:
    found = command.read("17\n", said)
    assert found is not None and found.errors == errors


@pytest.mark.parametrize("said", [
    "", "x\n[]", "17\n{", "17\n[1]", '17\n[{"Unit": "a"}]', f"17\n{json.dumps([{**WEB, 'Updated': 'soon'}])}",
    f"17\n{'[' * 100_000}",
])  # fmt: skip
def test_what_is_no_report(said: str) -> None:
    assert command.read(said, "") is None
