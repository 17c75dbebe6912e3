# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files become applications: what there is of each kind, in which order, and what waits for what."""

from __future__ import annotations

import pytest
from compose_translated import application, given, params, refused, web

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.problems import Problems
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.hashes import (
    service_hash,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.translate import ordered
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    COMPLETED,
    HEALTHY,
    STARTED,
    Dependency,
)

SHOP = """
services:
  web:
    image: web
    depends_on: {api: {condition: service_healthy, restart: true}, setup: {condition: service_completed_successfully}}
    networks: {front: {priority: 1}, back: {priority: 5}}
    volumes: [data:/data:ro]
  api:
    build: ./api
    depends_on: [db]
    networks: [back]
    deploy: {replicas: 2}
  setup: {image: setup, network_mode: none}
  db:
    image: postgres:16
    networks: [back]
    volumes: [data:/var/lib]
networks:
  front: {external: true, name: proxy}
  back: {internal: true, labels: {a: b}}
volumes:
  data: {driver_opts: {type: tmpfs, device: tmpfs}}
"""


def test_a_whole_project() -> None:
    made = application(SHOP)
    assert made.name == "shop"
    assert [(one.name, one.external, dict(one.params)) for one in made.networks] == [
        ("proxy", True, {"name": "proxy"}),
        ("shop_back", False, {"name": "shop_back", "internal": True, "labels": {"a": "b"}}),
    ]
    (volume,) = made.volumes
    assert volume.params == {"volume_name": "shop_data", "driver_options": {"type": "tmpfs", "device": "tmpfs"}}
    assert [member.name for member in made.containers] == [
        "shop-db-1", "shop-api-1", "shop-api-2", "shop-setup-1", "shop-web-1",
    ]  # fmt: skip
    assert [member.group for member in made.containers] == ["db", "api", "api", "setup", "web"]
    assert made.labels == {"com.docker.compose.project": "shop"}


def test_who_waits_for_whom() -> None:
    by_name = {member.name: member.depends_on for member in application(SHOP).containers}
    healthy = Dependency(condition=HEALTHY, restart=True)
    assert by_name["shop-web-1"] == {
        "shop-api-1": healthy, "shop-api-2": healthy, "shop-setup-1": Dependency(condition=COMPLETED),
    }  # fmt: skip
    assert by_name["shop-api-2"] == {"shop-db-1": Dependency(condition=STARTED)}


def test_what_a_container_is_given() -> None:
    member = application(SHOP).containers[-1]
    assert member.params == {
        "name": "shop-web-1",
        "image": "web",
        "pull": "missing",
        "networks": [{"name": "shop_back", "aliases": ["web"]}, {"name": "proxy", "aliases": ["web"]}],
        "volumes": ["shop_data:/data:ro"],
    }


def test_labels_by_which_docker_compose_knows_it() -> None:
    project = given(SHOP)
    made = application(SHOP)
    web = made.containers[-1]
    prefix = "com.docker.compose."
    assert web.written_labels == {
        f"{prefix}project": "shop",
        f"{prefix}service": "web",
        f"{prefix}container-number": "1",
        f"{prefix}oneoff": "False",
        f"{prefix}project.working_dir": "/projects/shop",
        f"{prefix}project.config_files": "/projects/shop/compose.yml",
        f"{prefix}depends_on": "api:service_healthy:true,setup:service_completed_successfully:false",
        f"{prefix}config-hash": service_hash(project.services["web"]),
    }
    assert web.late_labels is not None
    assert web.late_labels("sha256:1", {}) == {f"{prefix}image": "sha256:1"}
    assert made.networks[0].written_labels == {}
    assert {key: value for key, value in made.networks[1].written_labels.items() if "hash" not in key} == {
        f"{prefix}project": "shop", f"{prefix}network": "back",
    }  # fmt: skip
    assert f"{prefix}config-hash" in made.volumes[0].written_labels


def test_a_hash_that_has_ids_of_other_containers_in_it_comes_late() -> None:
    text = "services: {a: {image: a, network_mode: 'service:b'}, b: {image: b, container_name: other}}"
    made = application(text).containers[-1]
    assert made.params["network_mode"] == "container:other"
    assert "com.docker.compose.config-hash" not in made.written_labels
    assert made.late_labels is not None
    service = {**given(text).services["a"], "network_mode": "container:1234"}
    assert made.late_labels("i", {"other": "1234"})["com.docker.compose.config-hash"] == service_hash(service)


def test_a_dependency_that_is_off_is_none() -> None:
    text = "services: {a: {image: a, depends_on: {b: {condition: service_started, required: false}}}, "
    assert application(text + "b: {image: b, profiles: [p]}}").containers[0].depends_on == {}
    (on,) = [one for one in application(text + "b: {image: b}}").containers if one.group == "a"]
    assert on.depends_on == {"shop-b-1": Dependency(required=False)}


@pytest.mark.parametrize(
    ("keys", "scale", "names"),
    [
        ("scale: 2", {}, ["shop-web-1", "shop-web-2"]),
        ("deploy: {replicas: 0}", {}, []),
        ("scale: 2", {"web": 3}, ["shop-web-1", "shop-web-2", "shop-web-3"]),
        ("container_name: own", {}, ["own"]),
    ],
)
def test_how_many_containers_there_are(keys: str, scale: dict[str, int], names: list[str]) -> None:
    made = application(f"services: {{web: {{image: i, {keys}}}}}", scale=scale)
    assert [member.name for member in made.containers] == names


def test_the_order_is_that_of_dependencies_then_that_of_the_file() -> None:
    assert ordered({"c": {"depends_on": {"b": {}}}, "a": {}, "b": {"depends_on": {"gone": {}}}}) == ["b", "c", "a"]


ALL_AT_ONCE = """
pid: 'container:!'
user: "a\\tb"
cap_add: ["1"]
scale: 2
container_name: x
ports: ["80:80"]
networks: {default: {ipv4_address: 10.0.0.9}}
configs: [c]
"""


def test_all_problems_are_told_at_once() -> None:
    problems = refused(
        ALL_AT_ONCE.replace("scale: 2\ncontainer_name: x\n", "scale: 2\n").strip(), "configs:\n  c: {file: gone}"
    )
    for key in ("pid", "user", "cap_add", "ports[0].published", "networks.default.ipv4_address"):
        assert any(problem.startswith(f"services.web.{key}") for problem in problems), (key, problems)
    assert any(problem.startswith("configs.c.file names /projects/shop/gone") for problem in problems)


def test_what_options_say_about_each_other() -> None:
    (problem,) = refused("logging: {options: {a: b}}")
    assert problem.startswith("services.web can't be translated: Option 'log_options'")


def test_a_value_that_is_no_choice_of_the_option() -> None:
    (problem,) = refused("deploy: {restart_policy: {condition: sometimes}}")
    assert problem.startswith("services.web.deploy can't be translated: Option 'restart_policy'")
    assert "on-failure" in problem


def test_an_application_is_not_made_of_a_name_for_several() -> None:
    with pytest.raises(ComposeFileError, match="can't be the name of several containers"):
        application("services: {web: {image: i, container_name: own}}", scale={"web": 2})


def test_what_has_no_effect_is_warned_of() -> None:
    problems = Problems()
    web("annotations: {a: b}\ndeploy: {placement: {constraints: [x]}}\nattach: false\nx-own: 1", problems=problems)
    assert [text.split()[0] for text in problems.warnings] == [
        "services.web.annotations", "services.web.deploy.placement",
    ]  # fmt: skip


def test_links() -> None:
    top = "  db: {image: db}"
    assert params("links: [db]", top) == {}
    assert params("links: ['db:database']", top)["networks"][0]["links"] == ["shop-db-1:database"]
    assert params("links: [db]\nnetwork_mode: bridge", top)["links"] == ["shop-db-1:db"]
