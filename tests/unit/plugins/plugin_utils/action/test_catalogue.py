# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue, and what has to be in line with it."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
import samples
import yaml
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.plugin import require_engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import (
    BOTH_ENGINES,
    Module,
    parsed_by,
)

PLUGINS = CHECKOUT / "plugins"


def files(folder: str) -> set[str]:
    return {path.stem for path in (CHECKOUT / folder).glob("remote_*.py")}


def action_group() -> set[str]:
    return set(yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text())["action_groups"]["remote"])


def told_in_readme() -> set[str]:
    """The modules in the first column of the table "What is in it"."""
    text = (CHECKOUT / "README.md").read_text()
    table = text[text.index("## What is in it") :].partition("\n\n`ansible-doc")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    return {name for cell in cells for name in re.findall(r"`(remote_\w+)`", cell)}


# What has to be there for each module, by how the guide calls it.
PLACES: dict[str, set[str]] = {
    "plugins/action": files("plugins/action"),
    "plugins/modules": files("plugins/modules"),
    "tests/resources": samples.names(),
    "the action group in meta/runtime.yml": action_group(),
    "the table in README.md": told_in_readme(),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_the_modules_of_the_catalogue_and_no_other(place: str) -> None:
    lacking, more = set(catalogue.MODULES) - PLACES[place], PLACES[place] - set(catalogue.MODULES)
    assert not lacking, f"{place} lacks {sorted(lacking)}, which the catalogue has"
    assert not more, f"{place} has {sorted(more)}, which the catalogue has not"


def test_every_entry_is_in_the_catalogue() -> None:
    found = {path.stem for path in (PLUGINS / "plugin_utils" / "resources").glob("*/work/remote_*.py")}
    assert found == set(catalogue.MODULES), "resources/FOLDER/work/NAME.py are these, and the catalogue has others"


@pytest.mark.parametrize("name", catalogue.MODULES)
def test_the_action_plugin_is_made_of_the_entry(name: str) -> None:
    action = importlib.import_module(f"ansible_collections.sshfleet.containers.plugins.action.{name}").ActionModule
    module = catalogue.module(name)
    assert module.options == action.ARGUMENT_SPEC and module.spec_rules == action.SPEC_RULES
    assert module.perform is not None or "work" in vars(action), f"nothing does the work of {name}"
    assert bool(action.BYPASS_HOST_LOOP) == (name in ("remote_image_ship", "remote_fleet_info", "remote_fleet_report"))


@pytest.mark.parametrize("name", catalogue.MODULES)
def test_what_a_module_changes_is_documented(name: str) -> None:
    text = (PLUGINS / "modules" / f"{name}.py").read_text()
    (words,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION"
    )
    diff_mode = yaml.safe_load(words).get("attributes", {}).get("diff_mode", {})
    assert catalogue.module(name).reads == (diff_mode.get("description") == "Changes nothing."), diff_mode


def test_only_what_reads_has_a_query() -> None:
    """A log is text and lines; its own options pick from it."""
    modules = {name: catalogue.module(name) for name in catalogue.MODULES}
    assert {name for name, module in modules.items() if module.reads and not module.query} == {"remote_container_logs"}
    assert not [name for name, module in modules.items() if module.query and not module.reads]


@pytest.mark.parametrize("name", catalogue.MODULES)
def test_engines_and_peers_are_known(name: str) -> None:
    module = catalogue.module(name)
    assert module.engines and set(module.engines) <= set(BOTH_ENGINES)
    assert all(peer.startswith(("docker_", "podman_")) for peer in module.peers)


def test_a_module_imports_no_other_resources_work() -> None:
    """Each task runs in a process of its own, so a task would pay for what another module imports."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from checkout import install_collection_finder as install; "
        "install(); from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue; "
        "catalogue.module('remote_network_info'); print(*sys.modules, sep='\\n')"
    )
    argv = [sys.executable, "-c", program, str(CHECKOUT / "tests" / "support")]
    loaded = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"resources\.(\w+)\.work", loaded)) == {"shared", "network"}
    assert "resources.network.work.run" not in loaded


POD: Module[Any] = Module(
    argument_spec={}, prepare=parsed_by(dict), perform=lambda _task, _session, _params: {}, engines=("podman",)
)


def session_with(engine: str) -> Any:
    return SimpleNamespace(identity=SimpleNamespace(name=engine, version="1.2"), socket="/run/x.sock")


def test_an_engine_that_has_nothing_of_the_kind_is_refused() -> None:
    require_engine("remote_pod", POD, session_with("podman"))
    with pytest.raises(
        EngineError, match=r"remote_pod is for podman, and /run/x\.sock is served by docker 1\.2"
    ) as caught:
        require_engine("remote_pod", POD, session_with("docker"))
    assert caught.value.kind == "engine_mismatch" and "Set engine to podman" in caught.value.hint


def test_a_missing_sample_is_told() -> None:
    with pytest.raises(AssertionError, match=r"no tests/resources/remote_nothing\.py"):
        samples.sample("remote_nothing")
