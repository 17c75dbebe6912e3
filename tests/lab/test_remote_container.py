# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container on every engine of the lab: what check mode says is what a run does, and once only.

A slice of it runs through Ansible. That each option is stable and differs alone is proven in test_drift.py.
"""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from container_place import (
    APP,
    NAME,
    Place,
    actions,
    ansible_at_places,
    at_places,
    cleared,
    image_script,
    on_every_place,
    places,
    predicted,
)  # fmt: skip

SECRETS = ("hunter2-old", "hunter2-new")

__all__ = ["places"]  # a fixture


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


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"networks": [{"name": "lab-front"}, {"name": "lab-back"}]}, "connect_network"),
    ({"memory": "96M"}, "update"),
    ({"env": {"A": "2", "DB_PASSWORD": SECRETS[1]}, "networks": [{"name": "lab-front"}]}, "recreate"),
]


def steps_of_changes(place: Place) -> list[dict[str, Any]]:
    """Each with a check before it; the last one again."""
    base = everything(place.port)
    steps: list[dict[str, Any]] = [{**base, "_check": True}, base]
    for change, _action in CHANGES:
        base = {**base, **change}
        steps += [{**base, "_check": True}, base]
    return [*steps, base]


@pytest.mark.pairs("both")
def test_through_ansible_check_mode_tells_the_run_and_no_secrets(places: list[Place], tmp_path: Path) -> None:
    places = [place for place in places if place.limits]
    told, said = ansible_at_places(cleared(places), tmp_path, steps_of_changes, "-vvv")
    for here, (check, created, *results, again) in zip(places, told, strict=True):
        predicted(check, created)
        assert actions(created) == ["create", "start"] and not again["changed"]
        for (change, action), check, done in zip(CHANGES, results[::2], results[1::2], strict=True):
            predicted(check, done)
            no_update = action == "update" and (here.host, here.engine) == ("bookworm1", "podman")
            assert done["changed"] and actions(done) == ["recreate" if no_update else action], (change, done)
            assert list(done["diff"]["after"]) == list(change)[:1]
        assert results[-1]["diff"]["before"]["env"]["DB_PASSWORD"] == "******** (old)"
        assert not any(secret in json.dumps(results) for secret in SECRETS)
    assert not any(secret in said for secret in SECRETS)


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


def test_from_every_state_to_every_state(places: list[Place]) -> None:
    at_places(from_every_state, places)


def from_every_state(place: Place) -> None:
    """Each case leaves a state from which another one can go on: a container is made only where there is none."""
    base = {"image": APP, "stop_timeout": 0}
    left = {(found, wanted) for found in STEPS for wanted in WANTED}
    while left:
        found = state_of(place)
        if not cases(left, found):  # none is left that goes on from here
            found = min(left)[0]
            place.steps([{"state": "absent"}, *({**base, "state": state} for state in STEPS[found])])
            assert state_of(place) == found
        wanted = cases(left, found)[0]
        left.remove((found, wanted))
        from_state_to_state(place, {**base, "state": wanted}, found)


def cases(left: set[tuple[str, str]], found: str) -> list[str]:
    """The states wanted of a container that is found so; its removal comes last, as there is none any more then."""
    return sorted((wanted for one, wanted in left if one == found), key=lambda wanted: (wanted == "absent", wanted))


def state_of(place: Place) -> str:
    """One of STEPS."""
    inspect = place.client.containers.inspect(NAME)
    status = str(inspect["State"]["Status"]) if inspect else "absent"
    return {"stopped": "exited"}.get(status, status)


def from_state_to_state(place: Place, step: dict[str, Any], found: str) -> None:
    wanted = str(step["state"])
    running, paused = WANTED[wanted]
    check, done, again = place.steps([{**step, "_check": True}, step, step])
    predicted(check, done)
    assert again["changed"] == (wanted == "restarted"), (found, wanted, again)
    container = done["container"]
    assert (container is None) == (wanted == "absent"), (found, wanted)
    if container:
        assert running is None or container["running"] == running, (found, wanted, container)
        assert paused is None or container["paused"] == paused, (found, wanted, container)


@on_every_place
def test_networks_are_connected_and_left_while_it_runs(place: Place) -> None:
    base = {"image": APP, "stop_timeout": 0}
    both = {**base, "networks": [{"name": "lab-front"}, {"name": "lab-back", "aliases": ["two"]}]}
    only = {**base, "networks": [{"name": "lab-back"}], "comparisons": {"networks": "strict"}}
    none = {**base, "comparisons": {"networks": "strict"}}
    default, joined, left, last, again = place.steps([base, both, only, none, none])
    assert actions(joined) == ["connect_network", "connect_network"]
    assert "two" in joined["container"]["networks"]["lab-back"]["aliases"]
    assert set(left["container"]["networks"]) == {"lab-back"}
    assert (last["container"]["networks"], again["changed"]) == ({}, False)
    assert len({result["container"]["id"] for result in (default, joined, left, last)}) == 1
    missing = place.run(**base, networks=[{"name": "lab-nowhere"}])
    assert missing["failed"] and "lab-nowhere" in missing["msg"]


@on_every_place
def test_an_address_that_was_changed_while_it_was_stopped_is_there_when_it_runs(place: Place) -> None:
    """Podman tells the addresses of a running container only."""
    name, prefix = f"{NAME}-fixed", "10.213.7" if place.engine == "podman" else "10.213.8"
    place.cli("network", "rm", name, check=False)
    place.cli("network", "create", "--subnet", f"{prefix}.0/24", name)
    try:
        one, two = (
            {"image": APP, "stop_timeout": 0, "networks": [{"name": name, "ipv4_address": f"{prefix}.{end}"}]}
            for end in (77, 78)
        )
        first, _stopped, started, again = place.steps([one, {"state": "stopped", "stop_timeout": 0}, two, two])
        assert started["container"]["networks"][name]["ipv4_address"] == f"{prefix}.78"
        assert "connect_network" in actions(started) and not again["changed"]
        assert not started.get("warnings") and started["container"]["id"] == first["container"]["id"]
        place.clear()
        loose, stopped = {**one, "networks": [{"name": name}]}, {**one, "state": "stopped"}
        *_made, fixed, again = place.steps([loose, {"state": "stopped", "stop_timeout": 0}, stopped, stopped])
        assert fixed["changed"] == (place.engine == "docker") and not again["changed"]
    finally:
        place.clear()
        place.cli("network", "rm", name)


@on_every_place
def test_connections_outlive_what_is_changed_while_it_runs(place: Place) -> None:
    echo = ["busybox", "nc", "-ll", "-p", "8080", "-e", "cat"]
    base: dict[str, Any] = {
        "image": APP, "stop_timeout": 0, "command": echo, "networks": [{"name": "lab-front"}],
        "comparisons": {"networks": "strict"}, **({"memory": "64M"} if place.limits else {}),
    }  # fmt: skip
    (first,) = place.steps([base])
    address = first["container"]["networks"]["lab-front"]["ipv4_address"]
    argv = place.lab.ssh_argv(place.host, "busybox", "nc", address, "8080")
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as talk:
        assert talk.stdin and talk.stdout
        hear, mouth = talk.stdout.readline, talk.stdin

        def say(word: str) -> None:
            mouth.write(f"{word}\n")
            mouth.flush()
            assert hear() == f"{word}\n"

        say("hello")
        both = {**base, "networks": [{"name": "lab-front"}, {"name": "lab-back"}]}
        has_update = (place.host, place.engine) != ("bookworm1", "podman")
        more = {"restart_policy": "always", **({"memory": "96M"} if place.limits else {})}
        for change in (both, base, *([{**base, **more}] if has_update else [])):
            (done,) = place.steps([change])
            assert done["changed"] and done["container"]["started_at"] == first["container"]["started_at"]
            say("still here")


@on_every_place
def test_recreate_and_restart_on_wish(place: Place) -> None:
    base = {"image": APP, "stop_timeout": 0}
    first, restarted, recreated = place.steps([base, {**base, "restart": True}, {**base, "recreate": True}])
    assert (actions(restarted), actions(recreated)) == (["restart"], ["recreate"])
    assert restarted["container"]["id"] == first["container"]["id"] != recreated["container"]["id"]
    assert restarted["container"]["started_at"] > first["container"]["started_at"]


@pytest.mark.parametrize("keep", [True, False])
@on_every_place
def test_volumes_of_a_removed_container(place: Place, keep: bool) -> None:
    before = place.anonymous_volumes()
    base = {"image": APP, "volumes": ["lab-volume:/v", "/anon"], "stop_timeout": 0, "keep_volumes": keep}
    place.steps([base, {**base, "recreate": True}, {**base, "state": "absent"}])
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
@on_every_place
def test_a_new_container_that_does_not_run_gives_way_to_the_old_one(place: Place, case: str) -> None:
    change, words, hint = BROKEN[case]
    base = {"image": APP, "stop_timeout": 0, "restart_policy": "always", "volumes": ["lab-volume:/v"]}
    before, failed, after = place.steps([base, {**base, **change, "_fails": True}, base])
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


@on_every_place
def test_a_fresh_container_that_ends_at_once_is_told_in_a_warning(place: Place) -> None:
    base = {"image": APP, "command": ["sh", "-c", "exit 7"], "stop_timeout": 0}
    (first,) = place.steps([base])
    assert first["changed"] and not first.get("failed")
    deadline = time.monotonic() + 60
    while not actions(again := place.steps([{**base, "_check": True}])[0]):
        # Podman takes it for running until a process of its own has seen its end.
        assert time.monotonic() < deadline, "it never ended"
        time.sleep(0.1)
    assert actions(again) == ["start"] and again["container"]["exit_code"] == 7


@on_every_place
def test_a_start_that_fails_tells_image_words_and_hint(place: Place) -> None:
    failed = place.run(image=APP, command=["/nope"])
    assert failed["failed"]
    for word in (APP, "/nope", "check command and entrypoint"):
        assert word in failed["msg"]


@on_every_place
def test_an_existing_container_is_taken_over_and_not_recreated_for_our_label(place: Place) -> None:
    place.cli("run", "-d", "--name", NAME, "-e", "A=1", APP)
    base = {"image": APP, "env": {"A": "1"}, "stop_timeout": 0}
    strict = {**base, "labels": {}, "comparisons": {"env": "strict", "labels": "strict"}}
    same, exactly, changed = place.steps([base, strict, {**base, "env": {"A": "2"}, "state": "present"}])
    assert not same["changed"] and not exactly["changed"]
    assert same["container"]["created_by_us"] is False
    assert actions(changed) == ["recreate"]
    assert changed["container"]["created_by_us"] and changed["container"]["running"]


@on_every_place
def test_the_container_follows_its_images_tag(place: Place) -> None:
    reference = "localhost/lab-moving:1"
    place.cli("tag", APP, reference)
    base = {"image": reference, "stop_timeout": 0, "pull": "never"}
    try:
        place.steps([base])
        place.lab.ssh(place.host, "sh", input=image_script(place.engine, reference).replace("blue", "green"))
        # By default, what the image that is named gives (here COLOR) is compared although the image itself is not.
        ignored = {**base, "comparisons": {"image": "ignore"}, "image_comparison": "current-image"}
        kept, check, done, again = place.steps([ignored, {**base, "_check": True}, base, base])
        assert not kept["changed"]
        predicted(check, done)
        assert actions(done) == ["recreate"] and done["container"]["env"]["COLOR"] == "green"
        assert not again["changed"]
    finally:
        place.clear()
        place.cli("rmi", reference, check=False)


@pytest.mark.pairs("both")
def test_secrets_are_in_no_output(places: list[Place], tmp_path: Path) -> None:
    token = "s3cr3t-t0ken-value"
    env = {"API_TOKEN": token, "URL": f"pg://app:{token}@db/shop"}
    base = {"image": APP, "stop_timeout": 0, "env": env}
    changes: list[dict[str, Any]] = [
        {"command": ["sh", "-c", "echo $API_TOKEN; sleep 100"]},
        {"command": ["sh", "-c", "echo $API_TOKEN; exit 1"]},
        {"env": {**env, "API_TOKEN": f"{token}-2"}},
        {"env": {**env, "API_TOKEN": "x"}, "command": ["/nope"]},
        {"env": {"API_TOKEN": 12345678.5}},
    ]
    steps = [{**base, **change, "_fails": True} for change in changes]
    told, said = ansible_at_places(cleared(places), tmp_path, lambda _place: steps, "-vvv")
    for made, ended, changed, unstarted, refused in told:
        assert made["changed"] and "is back" in ended["msg"] and changed["changed"]
        assert unstarted["failed"] and refused["failed"]
        assert "******** (old)" in json.dumps(changed["diff"])
    said += json.dumps(told)
    assert token not in said and "12345678" not in said


BAD = [
    ({"image": "UPPER"}, "image", "UPPER"),
    ({"image": APP, "published_ports": ["99999:80"]}, "published_ports", "99999"),
    ({"image": APP, "volumes": ["./here:/there"]}, "volumes", "./here"),
    ({"image": APP, "memory": "lots"}, "memory", "lots"),
    ({"image": APP, "env": {"A": True}}, "env.A", "True"),
    ({"image": APP, "comparisons": {"nope": "strict"}}, "comparisons", "nope"),
    ({"image": "localhost/lab-missing:1", "pull": "never"}, "image", "lab-missing"),
    ({}, "image", "no image"),
]


@on_every_place
def test_bad_input_is_refused_before_anything_is_touched(place: Place) -> None:
    for params, option, shown in BAD:
        failed = place.run(**params)
        assert failed["failed"] and not failed["changed"]
        assert (failed["error"]["kind"], failed["error"]["option"]) == ("invalid_option", option)
        assert shown in failed["msg"] and failed["error"]["hint"]
    assert NAME not in place.names()


@pytest.mark.pairs("both")
def test_bad_input_is_refused_through_ansible(places: list[Place], tmp_path: Path) -> None:
    steps = [{**params, "_fails": True} for params, _option, _shown in BAD]
    (results,), _said = ansible_at_places(cleared(places[:1]), tmp_path, lambda _place: steps)
    for result, (_params, option, shown) in zip(results, BAD, strict=True):
        refused = result["failed"] and result["error"]["option"] == option and shown in result["msg"]
        assert refused, (option, result)


@on_every_place
def test_a_pull_that_fails_says_so_and_leaves_nothing(place: Place) -> None:
    failed = place.run(image="localhost/lab-missing:1")
    assert failed["failed"]
    assert "localhost/lab-missing:1 could not be pulled" in failed["msg"] and "registry" in failed["error"]["hint"]
    assert NAME not in place.names()
