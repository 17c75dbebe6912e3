# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_secret and remote_secret_info on every Podman of the lab, and how Docker is refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE
from lab_hosts import Lab
from resource_world import World, on_every_podman
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption

pytestmark = pytest.mark.newest

SECRET = "rw-password"
FIRST, SECOND = "hunter2 and more\n", "hunter3 and more\n"
DATA = "/var/lib/containers/storage/secrets/filedriver/secretsdata.json"
KEPT = "/var/tmp/rw-secrets"
SHELL = {
    "list": f"ls {KEPT}", "lookup": f"cat {KEPT}/$SECRET_ID", "store": f"cat > {KEPT}/$SECRET_ID",
    "delete": f"rm {KEPT}/$SECRET_ID",
}  # fmt: skip


def actions(result: dict[str, Any]) -> list[str]:
    return [step["action"] for step in result["actions"]]


def podman(world: World, *argv: str, check: bool = True) -> str:
    return world.lab.ssh(world.host, "podman", *argv, check=check)


def with_secret(world: World, name: str, secret: str, *, start: bool = True) -> None:
    """A container that somebody has made with Podman's command line."""
    create = ["run", "-d"] if start else ["create"]
    podman(world, *create, "--name", f"rw-{name}", "--stop-timeout", "0", "--secret", secret, IMAGE, "sleep", "600")


def read(world: World) -> str:
    """What the secret holds, from where Podman's drivers keep it: no request of ours asks for that."""
    found = (world.client.secrets.inspect(SECRET) or {})["ID"]
    if found in world.lab.ssh(world.host, "ls", KEPT, check=False).split():
        return world.lab.ssh(world.host, "cat", f"{KEPT}/{found}")
    kept = json.loads(world.lab.ssh(world.host, "cat", DATA))
    return base64.b64decode(kept[found]).decode()


@on_every_podman
def test_a_secret_is_created_replaced_and_removed(world: World) -> None:
    made = world.both("secret", name=SECRET, data=FIRST, labels={"project": "shop"})
    assert actions(made) == ["create"] and made["containers"] == [] and read(world) == FIRST
    found = made["secret"]
    assert (found["name"], found["driver"], found["created_by_us"]) == (SECRET, "file", True)
    assert found["labels"] == {"project": "shop", "sshfleet.containers.created": "true"} and found["created_at"]
    other = world.both("secret", name=SECRET, data=SECOND)
    assert actions(other) == ["recreate"] and other["actions"][0]["reason"] == "data differs"
    assert read(world) == SECOND and other["secret"]["labels"] == found["labels"]
    labelled = world.both("secret", name=SECRET, data=SECOND, labels={"project": "other"})
    assert labelled["diff"]["before"] == {"labels": {"project": "shop"}, "recreated": False} and read(world) == SECOND
    assert world.both("secret", name=SECRET, data=SECOND, force=True)["changed"]
    assert not world.run("secret", name=SECRET, data=FIRST, skip_existing=True)["changed"]
    told = json.dumps([made, other, labelled]) + "".join(world.logged)
    assert "hunter" not in told and "pbkdf2" not in told
    assert world.both("secret", name=SECRET, state="absent")["secret"] is None


@on_every_podman
def test_one_that_something_else_has_made_is_replaced_once(world: World) -> None:
    world.client.secrets.create(SECRET, FIRST.encode(), labels={"a": "b"})
    done = world.both("secret", name=SECRET, data=FIRST)
    assert done["diff"]["before"] == {"data": "unknown", "recreated": False} and done["secret"]["labels"]["a"] == "b"
    world.client.secrets.remove(done["secret"]["id"])
    world.client.secrets.create(SECRET, FIRST.encode(), labels={"sshfleet.containers.secret": "of somebody's"})
    assert world.run("secret", check=True, name=SECRET, data=FIRST)["changed"]


@on_every_podman
def test_another_driver_takes_over_and_one_that_fails_loses_nothing(world: World) -> None:
    world.lab.ssh(world.host, "sh", "-s", input=f"rm -rf {KEPT}; mkdir {KEPT}")
    given = {"name": SECRET, "driver": "shell"}
    world.run("secret", name=SECRET, data=FIRST)
    with pytest.raises(EngineError, match=r"recreate was refused.*The old one is as it was"):
        world.run("secret", **given, data=SECOND, driver_options={**SHELL, "store": "exit 3"})
    assert read(world) == FIRST
    done = world.both("secret", **given, data=SECOND, driver_options=SHELL)
    assert actions(done) == ["recreate"] and list(done["diff"]["after"]) == [
        "recreated", "data", "driver", "driver_options",
    ]  # fmt: skip
    assert read(world) == SECOND and done["secret"]["driver_options"].items() >= SHELL.items()
    kept = world.both("secret", name=SECRET, data=FIRST)["secret"]
    assert kept["driver"] == "shell" and read(world) == FIRST
    assert world.lab.ssh(world.host, "ls", KEPT).split() == [kept["id"]]
    world.run("secret", name=SECRET, state="absent")
    names = [one["Spec"]["Name"] for one in world.client.secrets.list()]
    assert not [name for name in names if name.startswith(("rw-", "sshfleet-trial-"))]
    world.lab.ssh(world.host, "rm", "-r", KEPT)


@on_every_podman
def test_containers_that_use_it_are_named_and_those_that_a_restart_helps_are_restarted(world: World) -> None:
    world.run("secret", name=SECRET, data=FIRST)
    with_secret(world, "file", SECRET)
    with_secret(world, "variable", f"{SECRET},type=env,target=PASSWORD")
    with_secret(world, "idle", f"{SECRET},type=env,target=PASSWORD", start=False)
    world.container("other")
    done = world.both("secret", name=SECRET, data=SECOND)
    needs = {one["name"]: (one["use"], one["running"], one["needs"]) for one in done["containers"]}
    assert needs == {
        "rw-file": ("mount", True, "recreation"),
        "rw-idle": ("environment", False, "nothing"),
        "rw-variable": ("environment", True, "restart"),
    }
    restarted = world.both("secret", name=SECRET, data=FIRST, restart_containers=True)
    assert [(step["action"], step.get("container")) for step in restarted["actions"]] == [
        ("recreate", None), ("restart", "rw-variable"),
    ]  # fmt: skip
    assert {one["name"]: one["needs"] for one in restarted["containers"]}["rw-variable"] == "nothing"
    world.run("secret", name=SECRET, data=SECOND, restart_containers=True)
    assert podman(world, "exec", "rw-variable", "sh", "-c", "'echo \"$PASSWORD\"'").strip() == SECOND.strip()
    assert podman(world, "exec", "rw-file", "cat", f"/run/secrets/{SECRET}") == FIRST  # Podman's copy
    (told,) = world.run("secret_info", name=[SECRET], containers=True)["secrets"]
    assert [one["name"] for one in told["containers"]] == ["rw-file", "rw-idle", "rw-variable"]
    gone = world.both("secret", name=SECRET, state="absent")
    assert "can't be started without it: rw-idle, rw-variable." in gone["warnings"][0]
    assert {one["name"]: one["needs"] for one in gone["containers"]} == {
        "rw-file": "nothing", "rw-idle": "secret", "rw-variable": "secret",
    }  # fmt: skip


@pytest.mark.provokes("secret_missing")
@on_every_podman
def test_a_container_without_its_secret(world: World) -> None:
    world.run("secret", name=SECRET, data=FIRST)
    with_secret(world, "idle", f"{SECRET},type=env,target=PASSWORD", start=False)
    world.run("secret", name=SECRET, state="absent")
    with pytest.raises(EngineError) as refused:
        world.client.containers.start("rw-idle")
    assert refused.value.kind == "secret_missing"


@on_every_podman
def test_names_and_sizes_that_podman_refuses(world: World) -> None:
    largest = "x" * 511_999
    made = world.run("secret", name=SECRET, data=largest)
    assert made["changed"] and len(read(world)) == len(largest)
    for given in ({"data": largest + "x"}, {"data": ""}, {"name": "a/b"}, {"name": ".."}):
        with pytest.raises(InvalidOption):
            world.run("secret", **{"name": SECRET, "data": FIRST, **given})
    assert world.run("secret", check=True, name=SECRET, data=largest)["changed"] is False
    for name in ("rw-" + "x" * 62, "rw-x.", "rw-a b"):
        if world.client.engine.plain_secret_names:
            with pytest.raises(InvalidOption, match=r"no secret of Podman .* can have this name"):
                world.run("secret", check=True, name=name, data=FIRST)
            with pytest.raises(EngineError, match="invalid secret name"):
                world.client.secrets.create(name, b"x")
        else:
            assert world.both("secret", name=name, data=FIRST)["secret"]["name"] == name


@pytest.mark.pairs("both")
def test_through_ansible_with_check_diff_and_files(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"hunter2\x00\xff")
    (tmp_path / "vaulted").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    wanted = {"name": SECRET, "path": "password", "labels": {"rw-tier": "b"}}
    tasks: list[dict[str, Any]] = [
        {"remote_secret": wanted, "check_mode": True},
        {"remote_secret": wanted},
        {"remote_secret": wanted},
        {"remote_secret": {"name": SECRET, "data": "hunter2 is over"}, "check_mode": True},
        {"remote_secret_info": {"name": [SECRET, "rw-none"], "query": "secrets[].name"}},
        {"remote_secret_info": {"labels": {"rw-tier": ""}}},
        {"remote_secret": {"name": SECRET, "path": "vaulted"}, "ignore_errors": True},
        {"remote_secret": {"name": SECRET}, "ignore_errors": True},
        {"remote_secret": {"name": SECRET, "state": "absent"}},
    ]
    refused = [{"remote_secret": wanted, "ignore_errors": True}, {"remote_secret_info": {}, "ignore_errors": True}]
    told = through_ansible(lab, tmp_path, lambda engine: tasks if engine == "podman" else refused, "-vvv", diff=True)
    assert "hunter2" not in told.said
    for (_host, engine), results in told.results.items():
        if engine == "docker":
            assert all("is for podman" in one["msg"] and "in a swarm only" in one["msg"] for one in results)
            assert all(one["error"]["kind"] == "engine_mismatch" for one in results)
            continue
        said, done, again, other, found, labelled, vaulted, nothing, gone = results
        assert said["changed"] and said["diff"] == done["diff"] == {
            "before": {"exists": False},
            "after": {"exists": True},
        }
        assert not again["changed"] and other["diff"]["after"]["data"] == "******** (new)"
        assert (found["result"], found["missing"]) == ([SECRET], ["rw-none"])
        assert labelled["secrets"] == [done["secret"]] and gone["changed"]
        assert "lookup('file'" in vaulted["msg"] and "state is present but" in nothing["msg"]
