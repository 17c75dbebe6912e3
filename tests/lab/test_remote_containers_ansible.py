# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects through Ansible: the page's example, a module's failure as a task's, and no secret anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT
from engine_cases import IMAGE
from lab_hosts import Lab
from tasks import run_tasks

NAME = "lab-projects"
SECRET = "mk7Q-secret"


def example() -> dict[str, Any]:
    """The module's arguments in the page's play."""
    page = (CHECKOUT / "docs" / "docsite" / "rst" / "projects.rst").read_text()
    block = page.partition(".. code-block:: yaml\n")[2].partition("\nThe order")[0]
    ((play,),) = (yaml.safe_load(block),)
    (task,) = play["tasks"]
    arguments: dict[str, Any] = task["sshfleet.containers.remote_containers"]
    return arguments


def container(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": f"{NAME}-{name}", "image": IMAGE, "command": "sleep 600", "stop_timeout": 0,
        "env": {"DB_PASSWORD": SECRET}, **more,
    }  # fmt: skip


@pytest.mark.pairs("both")
def test_through_ansible(session_lab: Lab, tmp_path: Path) -> None:
    shop = example()
    says = ["sh", "-c", "echo $DB_PASSWORD; exit 3"]
    own = [container("a"), container("b", depends_on=[f"{NAME}-a"])]
    failing = [own[0], container("job", command=says), container("web", depends_on={f"{NAME}-job": "completed"})]
    wrong = [container("a", memory=f"password={SECRET}"), container("b", depends_on=[f"{NAME}-c"])]
    down = {"ansible_port": 9}
    tasks: list[dict[str, Any]] = [
        {"remote_containers": shop, "check_mode": True},
        {"remote_containers": shop},
        {"remote_containers": shop},
        {"remote_containers": {**shop, "state": "absent", "remove_volumes": True}},
        {"remote_containers": {"name": NAME, "containers": failing}},
        {"remote_containers": {"name": NAME, "containers": wrong}},
        {"remote_containers": {"name": NAME, "containers": own}, "vars": down, "ignore_unreachable": True},
        {"remote_containers": {"name": NAME, "state": "absent", "purge": True}, "diff": True},
    ]
    said, made, again, gone, failed, refused, unreached, purged = run_tasks(session_lab, "trixie1", tasks, tmp_path)
    assert said["changed"] and made["changed"] and not again["changed"] and gone["changed"], (made, again)
    assert sorted(map(str, said["actions"])) == sorted(map(str, made["actions"]))
    assert {one["name"]: one["outcome"] for one in failed["containers"]} == {
        f"{NAME}-a": "created", f"{NAME}-job": "failed", f"{NAME}-web": "skipped",
    }, failed  # fmt: skip
    assert failed["failed"] and failed["changed"] and "1 part failed" in failed["msg"]
    assert refused["error"]["kind"] == "invalid_option" and f"{NAME}-c" in refused["msg"] and not refused["changed"]
    assert unreached.get("unreachable") and "containers" not in unreached, unreached
    assert {one["name"]: one["outcome"] for one in purged["containers"]} == dict.fromkeys(
        (f"{NAME}-a", f"{NAME}-job", f"{NAME}-web"), "removed"
    )
    assert purged["diff"]["before"].keys() == {f"container {NAME}-{name}" for name in ("a", "job", "web")}
    assert SECRET not in json.dumps([failed, refused, unreached, purged])
