# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page "Coming from community.docker or containers.podman" is complete, and is what its script makes.

``plugins/plugin_utils/moving/peers`` holds the peers' interfaces, written by ``scripts/peer_options.py``.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving import peer_differences as page
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
)

DATA = CHECKOUT / "plugins" / "plugin_utils" / "moving" / "peers"
DOCKER: dict[str, Any] = json.loads((DATA / "docker_container.json").read_text())["options"]
PODMAN: dict[str, Any] = json.loads((DATA / "podman_container.json").read_text())["options"]
OURS = {name: spec for key, spec in ARGUMENT_SPEC.items() for name in (key, *spec.get("aliases", ()))}


def names(option: str) -> list[str]:
    return [option, *PODMAN[option].get("aliases", ())]


def test_every_option_of_podman_container_is_in_the_table() -> None:
    assert set(page.PODMAN) == set(PODMAN)


@pytest.mark.parametrize("option", sorted(page.PODMAN))
def test_what_podman_containers_option_becomes_exists_or_there_is_a_reason(option: str) -> None:
    ours, text = page.PODMAN[option]
    name, _dot, sub = ours.partition(".")
    assert name in ARGUMENT_SPEC if ours else text
    assert not sub or sub in ARGUMENT_SPEC[name]["options"]


@pytest.mark.parametrize("option", sorted(page.PODMAN))
def test_a_name_that_means_something_else_here_is_told(option: str) -> None:
    ours, text = page.PODMAN[option]
    shared = [name for name in names(option) if name in OURS]
    facts = [OURS[name] for name in shared]
    other = any(spec is not ARGUMENT_SPEC.get(ours) for spec in facts)
    types = {spec["type"] for spec in facts} - {"raw"} - {PODMAN[option].get("type", "str").replace("path", "str")}
    assert text or not (other or types), f"{shared} is not the same here"


def test_the_options_that_differ_are_docker_containers() -> None:
    assert set(page.DOCKER) <= set(DOCKER)
    more = {
        name for name in DOCKER if set(ARGUMENT_SPEC[name].get("choices", ())) > set(DOCKER[name].get("choices", ()))
    }
    assert more <= set(page.DOCKER)


def test_the_results_are_those_of_the_documentation() -> None:
    module = (CHECKOUT / "plugins" / "modules" / "remote_container.py").read_text()
    (text,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(module).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "RETURN"
    )
    returned = yaml.safe_load(text)
    told = [text.split("``")[1] for text in page.RETURNED.values()]
    assert {*returned["container"]["contains"], "output"} - {"created_by_us"} == set(told)


def test_the_page_is_what_the_script_makes() -> None:
    script = CHECKOUT / "scripts" / "coming_from_page.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/coming_from_page.py\n{done.stdout}{done.stderr}"


def test_every_page_is_among_the_guides() -> None:
    folder = CHECKOUT / "docs" / "docsite"
    (section,) = yaml.safe_load((folder / "extra-docs.yml").read_text())["sections"]
    assert set(section["toctree"]) == {path.stem for path in (folder / "rst").glob("*.rst")}
