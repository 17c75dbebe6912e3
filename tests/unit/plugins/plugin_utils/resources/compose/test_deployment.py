# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task of remote_compose to the application: what its own options make of that of the files."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.deployment import (
    ARGUMENT_SPEC,
    application,
    parsed,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.rollout import Rollout
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    Application,
    Member,
)

TEXT = """
services:
  web: {image: i, depends_on: [db], scale: 2, volumes: ["data:/d"], healthcheck: {test: "true"}}
  db: {image: d, stop_grace_period: 3s, deploy: {update_config: {order: start-first}}}
  job: {build: ., profiles: [jobs]}
  made: {image: m, build: .}
volumes: {data: , spare: }
"""


def made(**given: Any) -> tuple[Application, list[str]]:
    params = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    params |= {"content": TEXT, "project_name": "p", **given}
    task = parsed(params, lambda path: f"/play/{path}", {})
    return application(task, resolve(task.wanted), lambda path: b"")


def members(**given: Any) -> dict[str, Member]:
    return {member.name: member for member in made(**given)[0].containers}


def test_all_services_that_are_on() -> None:
    app, warnings = made()
    assert [member.name for member in app.containers] == ["p-db-1", "p-web-1", "p-web-2", "p-made-1"]
    assert warnings == []
    assert [volume.name for volume in app.volumes] == ["p_data"]


def test_some_services() -> None:
    assert set(members(services=["web"])) == {"p-web-1", "p-web-2", "p-db-1"}
    alone = members(services=["web"], dependencies=False)
    assert set(alone) == {"p-web-1", "p-web-2"} and alone["p-web-1"].depends_on == {}
    assert set(members(services=["*b"], dependencies=False)) == {"p-web-1", "p-web-2", "p-db-1"}
    with pytest.raises(InvalidOption, match="dependencies"):
        members(dependencies=False)


def test_scale() -> None:
    assert "p-web-3" in members(scale={"web": "3"})
    assert not any("web" in name for name in members(scale={"web": 0}))
    for wrong in (-1, True, "many", 1.5):
        with pytest.raises(InvalidOption, match=r"scale\.web"):
            members(scale={"web": wrong})
    with pytest.raises(InvalidOption, match=r"job.*no such service, or it is off"):
        members(scale={"job": 2})


@pytest.mark.parametrize(
    ("given", "name", "options"),
    [
        ({}, "p-web-1", {"pull": "missing"}),
        ({"pull": "always"}, "p-web-1", {"pull": "always"}),
        ({"pull": "always"}, "p-made-1", {"pull": "never"}),
        ({"recreate": "always"}, "p-web-1", {"recreate": True}),
        ({"recreate": "always", "state": "absent"}, "p-web-1", {"recreate": None}),
        ({"recreate": "never"}, "p-web-1", {"comparisons": {"*": "ignore"}}),
        ({"wait": True, "wait_timeout": 5.0}, "p-web-1", {"state": "healthy", "healthy_wait_timeout": 5.0}),
        ({"wait": True}, "p-db-1", {"state": None}),
        ({"timeout": 1}, "p-db-1", {"stop_timeout": 3}),
        ({"timeout": 1, "state": "stopped"}, "p-db-1", {"stop_timeout": 1}),
        ({"state": "absent", "remove_volumes": True}, "p-web-1", {"keep_volumes": False}),
        ({"state": "absent"}, "p-web-1", {"keep_volumes": None}),
    ],
)
def test_options_of_all_containers(given: dict[str, Any], name: str, options: dict[str, Any]) -> None:
    found = members(**given)[name].params
    assert {key: found.get(key) for key in options} == options


def test_images() -> None:
    def told(**given: Any) -> dict[str, tuple[bool, bool]]:
        return {image.name: (image.build is not None, image.anew) for image in made(**given)[0].images}

    assert told() == {"i": (False, False), "d": (False, False), "m": (True, False)}
    assert told(build="always")["m"] == (True, True)
    assert told(build="never")["m"] == (False, False)


def test_rollout() -> None:
    assert members()["p-db-1"].rollout == Rollout(0) and members()["p-web-1"].rollout is None
    assert members(rollout="stop_first")["p-db-1"].rollout is None
    first = members(rollout="start_first", rollout_delay=1.0)
    assert first["p-db-1"].rollout == Rollout(1) == first["p-web-1"].rollout


def test_what_goes_with_the_whole_project() -> None:
    app, _warnings = made(state="absent")
    assert [volume.name for volume in app.volumes] == ["p_data", "p_spare"]
    some, _warnings = made(state="absent", services=["web"])
    assert some.volumes == () == some.networks


def container(service: str, **more: str) -> dict[str, str]:
    return {"com.docker.compose.service": service, "com.docker.compose.oneoff": "False", **more}


@pytest.mark.parametrize(
    ("given", "drops"),
    [
        ({}, {"web"}),
        ({"services": ["db"]}, set()),
        ({"remove_orphans": True}, {"web", "gone"}),
        ({"state": "absent"}, {"web", "job"}),
        ({"state": "absent", "remove_orphans": True}, {"web", "job", "gone"}),
        ({"state": "absent", "services": ["db"]}, set()),
    ],
)
def test_which_containers_that_are_not_named_go(given: dict[str, Any], drops: set[str]) -> None:
    app, _warnings = made(**given)
    assert {service for service in ("web", "job", "gone") if app.drops(container(service))} == drops
    assert not app.drops({"com.docker.compose.network": "front"})
    assert not app.drops(container("web", **{"com.docker.compose.oneoff": "True"}))


def test_paths_of_the_host() -> None:
    text = "services: {web: {image: i, volumes: ['./a:/a']}}"
    with pytest.raises(ComposeFileError, match="written relative"):
        members(content=text)
    found = members(content=text, host_paths="host", project_directory="shop")["p-web-1"]
    assert found.params["volumes"] == ["/play/shop/a:/a:rw"]
