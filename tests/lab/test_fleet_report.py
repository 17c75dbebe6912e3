# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_fleet_report on the hosts of the lab: what is written where. The page itself is tested in tests/browser."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import guides
import pytest
from lab_hosts import Lab, parse_results

from .conftest import lab_with_own_tunnels

MODULE = "sshfleet.containers.remote_fleet_report"
IMAGE = "localhost/busybox:latest"


def report(lab: Lab, *options: str, **arguments: Any) -> dict[str, Any]:
    """The one result of one run."""
    done = lab.run("ansible", "bookworm*", "-m", MODULE, "-a", json.dumps(arguments), *options)
    (result,) = parse_results(done.stdout, done.stderr).values()
    return {**result, "_warned": " ".join(done.stderr.split())}


def test_a_page_of_what_is_there_and_of_what_has_changed_since(lab: Lab, tmp_path: Path) -> None:
    page, saved, later = tmp_path / "fleet.html", tmp_path / "fleet.json", tmp_path / "later.html"
    reading = {"engine": "docker", "name": ["report-*"]}
    lab.ssh("bookworm1", "docker", "rm", "-f", "report-new", check=False)
    first = report(lab, **reading, path=str(page), save=str(saved))
    assert first["changed"] and first["complete"] and first["differences"] is None, first
    assert (first["path"], first["size"]) == (str(page), page.stat().st_size)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (page, saved)] == [0o600, 0o600]
    assert "bookworm2" in page.read_text() and "Read at 20" in page.read_text() and "report-new" not in page.read_text()
    lab.ssh("bookworm1", "docker", "run", "-d", "--name", "report-new", "--stop-timeout", "0", IMAGE, "sleep", "600")
    try:
        second = report(lab, **reading, path=str(later), before=str(saved))
    finally:
        lab.ssh("bookworm1", "docker", "rm", "-f", "report-new")
    (appeared,) = second["differences"]["containers"]["appeared"]
    assert (appeared["host"], appeared["name"], appeared["image"]) == ("bookworm1", "report-new", IMAGE)
    assert second["differences"]["containers"]["vanished"] == [] and "report-new" in later.read_text()
    assert second["totals"]["containers"]["running"] == 1 and not second.get("warnings")
    third = report(lab, **{**reading, "name": ["*"]}, path=str(later), before=str(saved))
    assert "another name" in third["_warned"]


def test_a_snapshot_is_shown_without_asking_any_host(cold_lab: Lab, tmp_path: Path) -> None:
    error = {"kind": "unreachable", "message": "Gone.", "hint": "Look for it."}
    entry = {"host": "old1", "groups": [], "reached": False, "complete": False, "engines": [], "error": error}
    snapshot = {"hosts": [entry], "totals": {}, "complete": False, "failed_hosts": [{"host": "old1", **error}]}
    told = report(cold_lab, path=str(tmp_path / "page.html"), snapshot=snapshot)
    assert told["_status"] == "CHANGED" and told["failed_hosts"][0]["host"] == "old1"
    text = (tmp_path / "page.html").read_text()
    assert "Look for it." in text and " of 1 snapshot taken before" in text
    well = {"host": "new1", "groups": [], "reached": True, "complete": True, "engines": []}
    both = [{**snapshot, "asked": {"read": ["reach"]}}, {"hosts": [well], "totals": {}, "asked": {"read": ["engine"]}}]
    told = report(cold_lab, path=str(tmp_path / "both.html"), snapshot=both, require_complete=True)
    assert (
        told["_status"] == "FAILED"
        and told["msg"].startswith("1 of 2 hosts")
        and told["error"]["kind"] == "unreachable"
    )
    assert told["totals"]["hosts"] == {"all": 2, "failed": 1, "reached": 1} and "different read" in told["_warned"]
    assert "new1" in (tmp_path / "both.html").read_text()
    assert not list(cold_lab.runtime.rglob("*.ctl"))


def test_two_controllers_read_a_slice_each_and_come_to_one_page(session_lab: Lab, tmp_path: Path) -> None:
    """As the guide has it; a controller is a runtime directory here, and a machine in tests/controllers."""
    for name, text in guides.files("many_controllers").items():
        if "/" not in name:
            (tmp_path / name).write_text(text)
    (tmp_path / "slices").mkdir()

    def read(which: str) -> dict[str, Any]:
        with lab_with_own_tunnels(session_lab.directory) as controller:
            env = {"SSHFLEET_SLICE": which, "AWX_ISOLATED_DATA_DIR": str(tmp_path / "slices")}
            done = controller.playbook(tmp_path / "snapshot.yml", tmp_path, env=env)
            assert done.returncode == 0, done.stdout + done.stderr
            assert len(list(controller.runtime.rglob("*.ctl"))) == 2, "connections to its own two hosts only"
        return json.loads((tmp_path / "slices" / f"slice-{which.replace('/', '-of-')}.json").read_text())

    with ThreadPoolExecutor(2) as executor:
        slices = list(executor.map(read, ("1/2", "2/2")))
    assert [[host["host"] for host in one["hosts"]] for one in slices] == [
        ["bookworm1", "forky1"],
        ["bookworm2", "trixie1"],
    ]
    merged = session_lab.playbook(tmp_path / "merge.yml", tmp_path, env={"SSHFLEET_SLICE": "9/9"})
    assert merged.returncode == 0, merged.stdout + merged.stderr
    fleet = json.loads((tmp_path / "fleet.json").read_text())
    assert [host["host"] for host in fleet["hosts"]] == ["bookworm1", "bookworm2", "forky1", "trixie1"]
    assert fleet["complete"] and fleet["totals"]["hosts"] == {"all": 4, "reached": 4, "failed": 0}
    counted = sum(one["totals"]["containers"]["all"] for one in slices)
    assert fleet["totals"]["containers"]["all"] == counted
    page = (tmp_path / "fleet.html").read_text()
    assert all(host["host"] in page for host in fleet["hosts"])


def test_check_mode_reads_and_writes_nothing(lab: Lab, tmp_path: Path) -> None:
    told = report(lab, "--check", engine="docker", path=str(tmp_path / "page.html"), save=str(tmp_path / "saved.json"))
    assert told["changed"] and told["size"] > 10_000 and told["totals"]["hosts"]["reached"] == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("path", "missing/page.html", "there is no directory"),
        ("path", ".", "it is a directory"),
        ("save", "page.html", "a path of its own"),
        ("before", "nothing.json", "No such file"),
        ("before", "page.txt", "there is no JSON in it"),
        ("snapshot", {"hosts": 3}, "hosts"),
        ("snapshot", ["nothing.json"], "No such file"),
        ("at_once", 0, "Give 1 to 1000"),
    ],
)
def test_what_can_not_be_used_is_refused(cold_lab: Lab, tmp_path: Path, option: str, value: Any, words: str) -> None:
    (tmp_path / "page.txt").write_text("no JSON")
    given = {"path": "page.html", option: value}
    for name in ("path", "save", "before"):
        if isinstance(given.get(name), str):
            given[name] = f"{tmp_path}/{given[name]}"
    told = report(cold_lab, **given)
    assert told["_status"] == "FAILED" and told["error"]["option"] == option and words in told["msg"], told
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]
    assert not list(cold_lab.runtime.rglob("*.ctl"))
