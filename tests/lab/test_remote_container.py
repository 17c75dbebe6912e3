# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container on every engine of the lab, through Ansible: what --check says is what a run does, and once only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from container_place import (
    APP,
    MAKE_IMAGE,
    NAME,
    Place,
    actions,
    engine_with_image,
    place,
    predicted,
)

SECRETS = ("hunter2-old", "hunter2-new")

__all__ = ["engine_with_image", "place"]  # fixtures


def everything(port: int) -> dict[str, Any]:
    return {
        "image": APP,
        "command": "sleep 999",
        "entrypoint": ["/bin/busybox"],
        "env": {"A": "1", "DB_PASSWORD": SECRETS[0]},
        "labels": {"l": "1"},
        "published_ports": [f"{port}:80", f"127.0.0.1:{port + 1}:53/udp", "9000"],
        "volumes": ["lab-volume:/v", "/srv:/hs:ro", "/anon"],
        "networks": [{"name": "lab-front", "aliases": ["app"]}],
        "restart_policy": "on-failure",
        "restart_retries": 3,
        "user": "web:web",
        "working_dir": "/tmp",
        "hostname": "h1",
        "memory": "64M",
        "cpus": 0.5,
        "capabilities": ["NET_ADMIN", "CHOWN"],
        "cap_drop": ["MKNOD", "KILL"],
        "read_only": True,
        "tmpfs": ["/scratch:size=1m,mode=1777"],
        "privileged": False,
        "stop_timeout": 0,
    }


def changes(port: int) -> list[dict[str, Any]]:
    """One option each, other than in :func:`everything`; memory and what follows are changed live on some engines."""
    return [
        {"command": "sleep 998"}, {"entrypoint": ["busybox"]}, {"env": {"A": "2", "DB_PASSWORD": SECRETS[1]}},
        {"labels": {"l": "2"}}, {"published_ports": [f"{port + 2}:80"]}, {"volumes": ["lab-other:/v"]},
        {"user": "33"}, {"working_dir": "/srv"}, {"hostname": "H1"}, {"capabilities": ["NET_ADMIN", "SYS_TIME"]},
        {"cap_drop": ["SETUID"]}, {"read_only": False}, {"tmpfs": ["/scratch:size=2m,mode=1777"]},
        {"networks": [{"name": "lab-front"}, {"name": "lab-back"}]}, {"memory": "96M"}, {"cpus": 0.75},
        {"restart_retries": 4}, {"restart_policy": "always", "restart_retries": None},
    ]  # fmt: skip


LIVE = ("memory", "cpus", "restart_retries", "restart_policy")


def expected_action(place: Place, option: str) -> str:
    if option == "networks":
        return "connect_network"
    has_update = (place.host, place.engine) != ("bookworm1", "podman")
    return "update" if option in LIVE and has_update else "recreate"


def test_each_option_differs_alone_is_predicted_and_changed_once(place: Place, tmp_path: Path) -> None:
    base = everything(place.port)
    steps: list[dict[str, Any]] = [{**base, "_check": True}, base, base, {**base, "_check": True}]
    for change in changes(place.port):
        other = {key: value for key, value in {**base, **change}.items() if value is not None}
        steps += [{**other, "_check": True}, other, other]
        base = other  # the next option is changed on top of this one
    results = place.play(tmp_path, steps)
    created, results = results[:4], results[4:]
    predicted(created[0], created[1])
    assert actions(created[1]) == ["create", "start"]
    assert [result["changed"] for result in created] == [True, True, False, False]
    for index, change in enumerate(changes(place.port)):
        option = next(iter(change))
        check, done, again = results[3 * index : 3 * index + 3]
        predicted(check, done)
        assert done["changed"] and actions(done) == [expected_action(place, option)], (option, done)
        assert list(done["diff"]["after"]) == [option]
        assert not again["changed"], (option, again)
    assert not any(secret in json.dumps([created, results]) for secret in SECRETS)


STEPS = {
    "created": ["present"],
    "running": ["started"],
    "paused": ["paused"],
    "exited": ["started", "stopped"],
    "absent": [],
}
WANTED = {
    "absent": (None, False),
    "present": (None, None),
    "started": (True, None),
    "stopped": (False, False),
    "restarted": (True, False),
    "paused": (True, True),
    "unpaused": (True, False),
}


def test_from_every_state_to_every_state(place: Place, tmp_path: Path) -> None:
    base = {"image": APP, "stop_timeout": 0}
    ways = [(found, wanted) for found in STEPS for wanted in WANTED]
    steps: list[dict[str, Any]] = []
    ends: list[int] = []
    for found, wanted in ways:
        steps += [{"state": "absent", "keep_volumes": False}, *({**base, "state": state} for state in STEPS[found])]
        step = {**base, "state": wanted}
        steps += [{**step, "_check": True}, step, step]
        ends.append(len(steps))
    results = place.play(tmp_path, steps)
    for (found, wanted), end in zip(ways, ends, strict=True):
        check, done, again = results[end - 3 : end]
        predicted(check, done)
        assert again["changed"] == (wanted == "restarted"), (found, wanted, again)
        running, paused = WANTED[wanted]
        container = done["container"]
        assert (container is None) == (wanted == "absent"), (found, wanted)
        if container:
            assert running is None or container["running"] == running, (found, wanted, container)
            assert paused is None or container["paused"] == paused, (found, wanted, container)


def test_networks_are_connected_and_left_while_it_runs(place: Place, tmp_path: Path) -> None:
    base = {"image": APP, "stop_timeout": 0}
    both = {**base, "networks": [{"name": "lab-front"}, {"name": "lab-back", "aliases": ["two"]}]}
    only = {**base, "networks": [{"name": "lab-back"}], "comparisons": {"networks": "strict"}}
    none = {**base, "comparisons": {"networks": "strict"}}
    default, joined, left, last, again = place.play(tmp_path, [base, both, only, none, none])
    assert actions(joined) == ["connect_network", "connect_network"]
    assert "two" in joined["container"]["networks"]["lab-back"]["aliases"]
    assert set(left["container"]["networks"]) == {"lab-back"}
    assert (last["container"]["networks"], again["changed"]) == ({}, False)
    assert len({result["container"]["id"] for result in (default, joined, left, last)}) == 1
    missing = place.run(**base, networks=[{"name": "lab-nowhere"}])
    assert missing["_status"] == "FAILED" and "lab-nowhere" in missing["msg"]


def test_recreate_and_restart_on_wish(place: Place, tmp_path: Path) -> None:
    base = {"image": APP, "stop_timeout": 0}
    first, restarted, recreated = place.play(tmp_path, [base, {**base, "restart": True}, {**base, "recreate": True}])
    assert (actions(restarted), actions(recreated)) == (["restart"], ["recreate"])
    assert restarted["container"]["id"] == first["container"]["id"] != recreated["container"]["id"]
    assert restarted["container"]["started_at"] > first["container"]["started_at"]


@pytest.mark.parametrize("keep", [True, False])
def test_volumes_of_a_removed_container(place: Place, tmp_path: Path, keep: bool) -> None:
    before = place.anonymous_volumes()
    base = {"image": APP, "volumes": ["lab-volume:/v", "/anon"], "stop_timeout": 0, "keep_volumes": keep}
    place.play(tmp_path, [base, {**base, "recreate": True}, {**base, "state": "absent"}])
    left = place.anonymous_volumes() - before
    if left:
        place.cli("volume", "rm", *sorted(left))
    assert len(left) == (4 if keep else 0)
    assert "lab-volume" in place.cli("volume", "ls", "-q").split()


BROKEN = {
    "no such program": ({"command": ["/nope"]}, "/nope", "entrypoint"),
    "ends at once": ({"command": ["sh", "-c", "echo the last words; exit 3"]}, "the new one ended at once", ""),
    "port taken": ({"published_ports": ["22:22"]}, "address already in use", "published_ports"),
    "refused": ({"capabilities": ["NO_SUCH"]}, "CAP_NO_SUCH", ""),
}


@pytest.mark.provokes("container_ended")
@pytest.mark.parametrize("case", BROKEN)
def test_a_new_container_that_does_not_run_gives_way_to_the_old_one(place: Place, tmp_path: Path, case: str) -> None:
    change, words, hint = BROKEN[case]
    base = {"image": APP, "stop_timeout": 0, "restart_policy": "always", "volumes": ["lab-volume:/v"]}
    before, failed, after = place.play(tmp_path, [base, {**base, **change, "_fails": True}, base])
    assert failed["failed"] and words in failed["msg"], failed
    assert f"The old container {NAME} is back and is running again." in failed["msg"]
    assert hint in failed["error"]["hint"]
    if case == "ends at once":
        assert failed["error"]["kind"] == "container_ended"
    assert not after["changed"] and after["container"]["running"]
    for key in ("id", "name", "restart_policy", "mounts"):
        assert before["container"][key] == after["container"][key]
    assert [name for name in place.names() if name.startswith(NAME)] == [NAME]
    if case == "ends at once" and place.engine == "docker":  # Podman's journal may be late
        assert "the last words" in failed["msg"]


def test_a_fresh_container_that_ends_at_once_is_told_in_a_warning(place: Place, tmp_path: Path) -> None:
    base = {"image": APP, "command": ["sh", "-c", "exit 7"], "stop_timeout": 0}
    (first,) = place.play(tmp_path, [base])
    assert first["changed"] and not first.get("failed")
    (again,) = place.play(tmp_path, [{**base, "_check": True}])
    assert actions(again) == ["start"] and again["container"]["exit_code"] == 7


def test_a_start_that_fails_tells_image_words_and_hint(place: Place) -> None:
    failed = place.run(image=APP, command=["/nope"])
    assert failed["_status"] == "FAILED"
    for word in (APP, "/nope", "check command and entrypoint"):
        assert word in failed["msg"]


def test_an_existing_container_is_taken_over_and_not_recreated_for_our_label(place: Place, tmp_path: Path) -> None:
    place.cli("run", "-d", "--name", NAME, "-e", "A=1", APP)
    base = {"image": APP, "env": {"A": "1"}, "stop_timeout": 0}
    strict = {**base, "labels": {}, "comparisons": {"env": "strict", "labels": "strict"}}
    same, exactly, changed = place.play(tmp_path, [base, strict, {**base, "env": {"A": "2"}, "state": "present"}])
    assert not same["changed"] and not exactly["changed"]
    assert same["container"]["created_by_us"] is False
    assert actions(changed) == ["recreate"]
    assert changed["container"]["created_by_us"] and changed["container"]["running"]


def test_the_container_follows_its_images_tag(place: Place, tmp_path: Path) -> None:
    reference = "localhost/lab-moving:1"
    place.cli("tag", APP, reference)
    base = {"image": reference, "stop_timeout": 0, "pull": "never"}
    try:
        place.play(tmp_path, [base])
        new = MAKE_IMAGE.replace("ENGINE", place.engine).replace("IMAGE", reference).replace("blue", "green")
        place.lab.ssh(place.host, "sh", input=new)
        ignored = {**base, "comparisons": {"image": "ignore"}}
        kept, check, done, again = place.play(tmp_path, [ignored, {**base, "_check": True}, base, base])
        assert not kept["changed"]
        predicted(check, done)
        assert actions(done) == ["recreate"] and done["container"]["env"]["COLOR"] == "green"
        assert not again["changed"]
    finally:
        place.run(state="absent", keep_volumes=False)
        place.cli("rmi", reference, check=False)


def test_secrets_are_in_no_output(place: Place) -> None:
    token = "s3cr3t-t0ken-value"
    env = {"API_TOKEN": token, "URL": f"pg://app:{token}@db/shop"}
    base = {"engine": place.engine, "name": NAME, "image": APP, "stop_timeout": 0, "env": env}
    outputs = []
    for change in (
        {"command": ["sh", "-c", "echo $API_TOKEN; sleep 100"]},
        {"command": ["sh", "-c", "echo $API_TOKEN; sleep 101"]},
        {"command": ["sh", "-c", "echo $API_TOKEN; exit 1"]},
        {"env": {**env, "API_TOKEN": f"{token}-2"}},
        {"env": {**env, "API_TOKEN": "x"}, "command": ["/nope"]},
        {"env": {"API_TOKEN": 12345678}},
    ):
        arguments = json.dumps({**base, **change})
        done = place.lab.run(
            "ansible", place.host, "-m", "remote_container", "-a", arguments, "--diff", "-vvv",
        )  # fmt: skip
        outputs.append(done.stdout + done.stderr)
    everything_said = "\n".join(outputs)
    assert "CHANGED" in outputs[0] and "is back" in outputs[2] and "FAILED" in outputs[5]
    assert "******** (old)" in outputs[3]
    assert token not in everything_said and "12345678" not in everything_said


BAD = [
    ({"image": "UPPER"}, "image", "UPPER"),
    ({"image": APP, "published_ports": ["99999:80"]}, "published_ports", "99999"),
    ({"image": APP, "volumes": ["./here:/there"]}, "volumes", "./here"),
    ({"image": APP, "memory": "lots"}, "memory", "lots"),
    ({"image": APP, "env": {"A": 1}}, "env.A", "1"),
    ({"image": APP, "comparisons": {"nope": "strict"}}, "comparisons", "nope"),
    ({"image": "localhost/lab-missing:1", "pull": "never"}, "image", "lab-missing"),
    ({}, "image", "no image"),
]


@pytest.mark.parametrize(("params", "option", "shown"), BAD, ids=[str(case[0]) for case in BAD])
def test_bad_input_is_refused_before_anything_is_touched(
    place: Place, params: dict[str, Any], option: str, shown: str
) -> None:
    failed = place.run(**params)
    assert failed["_status"] == "FAILED"
    assert (failed["error"]["kind"], failed["error"]["option"]) == ("invalid_option", option)
    assert shown in failed["msg"] and failed["error"]["hint"]
    assert NAME not in place.names()


def test_a_pull_that_fails_says_so_and_leaves_nothing(place: Place) -> None:
    failed = place.run(image="localhost/lab-missing:1")
    assert failed["_status"] == "FAILED"
    assert "localhost/lab-missing:1 could not be pulled" in failed["msg"] and "registry" in failed["error"]["hint"]
    assert NAME not in place.names()
