# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose_info through Ansible, on localhost: no host is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab
from tasks import run_tasks

# No host of a lab is used; the mark says so to whoever plans the run.
pytestmark = [pytest.mark.own_hosts, pytest.mark.pairs("both")]

FILE = """\
services:
  web:
    image: shop/web:${TAG:-1}
    command: [serve, --password, hunter2]
    environment: {DB_PASSWORD: hunter2, URL: "postgres://shop:hunter2@db/shop", PRICE: "5$$", MODE: live}
    labels: {note: the word is hunter2}
    profiles: [front]
  db:
    image: shop/db
"""


@pytest.fixture
def alone(tmp_path: Path) -> Lab:
    """A lab without hosts: Ansible as a lab runs it."""
    folder = tmp_path / "no-lab"
    folder.mkdir()
    (folder / "hosts.json").write_text('{"version": 1, "hosts": {}}')
    return Lab(folder, folder)


def results(lab: Lab, tmp_path: Path, *arguments: dict[str, Any], **keywords: Any) -> list[dict[str, Any]]:
    tasks = [{"remote_compose_info": one, "ignore_errors": True, **keywords} for one in arguments]
    return run_tasks(lab, "localhost", tasks, tmp_path)


def test_a_file_beside_the_playbook(alone: Lab, tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(FILE)
    everything = {"path": "compose.yml", "profiles": ["front"], "env": {"TAG": "2"}, "project_name": "shop"}
    (plain, masked_not) = results(
        alone, tmp_path, everything, {**everything, "mask_env": False, "escape_dollars": True, "query": "config.name"}
    )
    web = plain["config"]["services"]["web"]
    assert (web["image"], web["environment"]["MODE"], web["environment"]["PRICE"]) == ("shop/web:2", "live", "5$")
    assert "hunter2" not in json.dumps(plain)
    assert (plain["project_name"], plain["project_directory"]) == ("shop", str(tmp_path))
    assert plain["files"] == [str(tmp_path / "compose.yml")] and plain["changed"] is False
    assert masked_not["config"]["services"]["web"]["environment"]["DB_PASSWORD"] == "hunter2"
    assert masked_not["config"]["services"]["web"]["environment"]["PRICE"] == "5$$"
    assert masked_not["result"] == "shop"


def test_what_is_off_and_what_is_unset_is_told(alone: Lab, tmp_path: Path) -> None:
    content = FILE.replace("shop/db", "shop/db:${DB}")
    ((told),) = [results(alone, tmp_path, {"content": content, "profiles": ["fronts"]})[0]]
    assert told["profiles"] == ["front"] and told["disabled_services"] == ["web"] and told["files"] == []
    assert told["warnings"] == [
        "The variable DB is not set, and an empty text stands for it.",
        "No service has the profile fronts.",
    ]


@pytest.mark.provokes("compose_file")
def test_all_problems_are_told_at_once_and_no_secret(alone: Lab, tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(FILE.replace("hunter2", "0755").replace("MODE: live", "MODE: 0755"))
    (tmp_path / "other.yml").write_text("services:\n  db:\n    mem_limit: 1e9\n    command: a && b\n")
    (told,) = results(alone, tmp_path, {"path": ["compose.yml", "other.yml"]})
    assert told["failed"] and told["error"]["kind"] == "compose_file"
    assert [line.partition(": ")[0] for line in told["error"]["problems"]] == [
        f"{tmp_path}/compose.yml:5",
        f"{tmp_path}/compose.yml:5",
        f"{tmp_path}/other.yml:3",
        f"{tmp_path}/other.yml:4",
    ]
    secret, mode, *_others = told["error"]["problems"]
    assert "DB_PASSWORD is taken for a number" in secret and "0755" not in secret
    assert "MODE has the value '0755'" in mode


def test_options_that_can_not_be_used(alone: Lab, tmp_path: Path) -> None:
    (neither, number, gone) = results(
        alone, tmp_path, {"profiles": ["a"]}, {"content": FILE, "env": {"TAG": 1.10}}, {"path": "nowhere.yml"}
    )
    assert neither["error"]["kind"] == "invalid_option" and "path, content" in neither["msg"]
    assert number["error"]["option"] == "env.TAG"
    assert gone["msg"] == f"{tmp_path}/nowhere.yml: is not there. Correct the path."


def test_the_process_s_own_variables_count_where_that_is_asked_for(alone: Lab, tmp_path: Path) -> None:
    alone.env["COLOUR_OF_TEST"] = "blue"
    asked = {"content": "services: {web: {image: 'x:$COLOUR_OF_TEST'}}", "query": "config.services.web.image"}
    (without, with_them) = results(alone, tmp_path, asked, {**asked, "inherit_env": True})
    assert (without["result"], with_them["result"]) == ("x:", "x:blue")
