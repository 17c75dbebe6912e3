# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our hashes are those of docker compose 2.40.3: of the services of all corners and whole projects.

``config --hash`` prints them before files of variables are read, ``up`` takes them afterwards. A project with such
files is therefore resolved first, and so is one with paths, which would be others each time.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from compose_corners import PROJECTS, Corner, corners, projects
from compose_reference_runs import hashes, program

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.result import escaped
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.hashes import (
    go_json,
    named_services,
    network_hash,
    service_hash,
    volume_hash,
)

# docker compose resolves these otherwise than we do (compose/differences.py), or can't read its own model of them.
ELSE = {
    "labels that begin with x-",
    "variables that begin with x-",
    "an empty service is extended",
    "a name alone on the last line of an env_file",
    "odd names, repeats and dollars",
}
CASES = [one for one in [*corners(), *projects()] if not one.refused and one.name not in ELSE]


@pytest.fixture(scope="module")
def docker() -> Path:
    return program()


@pytest.mark.parametrize("corner", CASES, ids=lambda corner: f"{corner.topic}: {corner.name}")
def test_service(corner: Corner, tmp_path: Path, docker: Path) -> None:
    place = tmp_path / "proj"
    place.mkdir()
    if (PROJECTS / corner.topic).is_dir():
        shutil.copytree(PROJECTS / corner.topic, place, dirs_exist_ok=True)
    else:
        corner.write(place)
    config = corner.resolved(place).config
    text = json.dumps(config)
    if str(place) in text or any(has_files(path) for path in place.rglob("*.y*ml")):
        config = json.loads(text.replace(str(tmp_path), "/somewhere"))
        corner = Corner(name="", topic="", files={"compose.yml": json.dumps(escaped(config))}, profiles=["*"])
        place = tmp_path / "again"
        place.mkdir()
        corner.write(place)
    expected = hashes(corner, place, docker)
    ours = {name: service_hash(service) for name, service in config["services"].items()}
    # Of services that are on because they are named, or what these need, docker compose prints no others' hashes.
    assert expected or corner.services or not ours
    assert {name: one for name, one in ours.items() if name in expected} == {
        name: one for name, one in expected.items() if name in ours
    }


def has_files(path: Path) -> bool:
    return any(word in path.read_text() for word in ("env_file", "label_file"))


WRITTEN: tuple[tuple[Any, str], ...] = (
    (0.5, "0.5"), (2.0, "2"), (1e-05, "0.00001"), (1e-07, "1e-07"), (1.5e21, "1.5e+21"), (0.0, "0"), (3, "3"),
    ('<a&b>\u2028é"', r'"\u003ca\u0026b\u003e\u2028é\""'), ({"b": [None, True], "a": {}}, '{"b":[null,true],"a":{}}'),
    ({"annotations": {"b": "1", "B": "2", "a": "3"}}, '{"annotations":{"B":"2","a":"3","b":"1"}}'),
)  # fmt: skip


@pytest.mark.parametrize(("value", "written"), WRITTEN)
def test_values_as_go_writes_them(value: Any, written: str) -> None:
    assert go_json(value) == written


def test_what_is_no_part_of_it() -> None:
    service = {"command": None, "entrypoint": None, "image": "x"}
    more = {"build": {"context": "/a"}, "depends_on": {"b": {}}, "profiles": ["p"], "pull_policy": "never", "scale": 2}
    assert service_hash({**service, **more}) == service_hash(service)
    deploy = {"resources": {}, "placement": {}}
    assert service_hash({**service, "deploy": {**deploy, "replicas": 3}}) == service_hash({**service, "deploy": deploy})


def test_containers_of_other_services_are_in_it_by_their_ids() -> None:
    service = {"network_mode": "service:db", "volumes_from": ["web:ro", "container:other:ro"]}
    assert named_services(service) == {"db", "web"}
    assert service_hash(service, {"db": "1" * 64, "web": "2" * 64}) == service_hash(
        {"network_mode": f"container:{'1' * 64}", "volumes_from": ["2" * 64, "other"]}
    )


def test_a_volume_without_a_driver_is_a_local_one() -> None:
    assert volume_hash({"name": "v", "labels": {"a": "b"}}) == volume_hash(
        {"name": "v", "driver": "local", "labels": {"a": "b"}}
    )


def test_networks_and_volumes() -> None:
    """docker compose 2.40.3 has written these into its labels; a lab test of remote_compose compares more."""
    network = {"name": "shop_back", "ipam": {}, "internal": True}
    assert network_hash(network) == "f8d45aaae6e8b8c07a071dcc992f1eb85547af21c6cb158bbfe845ddbba28888"
    volume = {"name": "shop_data", "labels": {"x": "y"}}
    assert volume_hash(volume) == "995003f9aed4040d048b400490b85772d1c55f4888fd7b2f3c3826b29619c4f3"
