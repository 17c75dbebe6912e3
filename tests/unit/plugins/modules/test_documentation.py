# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules are documentation only: what they say must be what the action plugins accept, option by option."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.sshfleet.containers.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import modes
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import settings

CHECKOUT = Path(__file__).resolve().parents[4]
MODULES = sorted((CHECKOUT / "plugins" / "modules").glob("*.py"))
CONNECTION = {
    name: option
    for text in (ModuleDocFragment.DOCUMENTATION, ModuleDocFragment.MODULE)
    for name, option in yaml.safe_load(text)["options"].items()
}
COMPARED = ("type", "elements", "choices", "default", "required", "aliases")


def constant(path: Path, name: str) -> Any:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {name}")


def options_of(path: Path) -> dict[str, Any]:
    """The options that a module documents, with those of its own fragments (all but the connection's)."""
    documentation = constant(path, "DOCUMENTATION")
    options: dict[str, Any] = {}
    for name in documentation.get("extends_documentation_fragment", ()):
        fragment = name.removeprefix("sshfleet.containers.")
        if fragment not in ("connection", "connection.module", "attributes", "attributes.controller"):
            module = importlib.import_module(
                f"ansible_collections.sshfleet.containers.plugins.doc_fragments.{fragment}"
            )
            options |= yaml.safe_load(module.ModuleDocFragment.DOCUMENTATION)["options"]
    return options | documentation.get("options", {})  # as Ansible merges them


def comparable(options: dict[str, Any], nested: str) -> dict[str, Any]:
    """The facts that documentation and argument spec share; ``nested`` is their word for suboptions."""
    found = {}
    for name, option in options.items():
        entry = {key: option[key] for key in COMPARED if key in option}
        entry = {"type": "str", **{key: value for key, value in entry.items() if value is not None}}
        if nested in option:
            entry["options"] = comparable(option[nested], nested)
        found[name] = entry
    return found


def documented(options: dict[str, Any]) -> dict[str, Any]:
    return comparable(options, "suboptions")


def accepted(spec: dict[str, Any]) -> dict[str, Any]:
    return comparable(spec, "options")


def action_spec(name: str) -> dict[str, Any]:
    module = importlib.import_module(f"ansible_collections.sshfleet.containers.plugins.action.{name}")
    return dict(module.ActionModule.ARGUMENT_SPEC)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_options_are_those_of_the_action_plugin(path: Path) -> None:
    assert documented(options_of(path)) == accepted(action_spec(path.stem))


def test_connection_options_are_those_of_the_settings_table() -> None:
    assert documented(CONNECTION) == accepted(settings.ARGUMENT_SPEC)


ALSO_OPTIONS = (settings.RESULT_FORMAT, settings.AUDIT, settings.AUDIT_REQUIRED, settings.CONFIRM)


@pytest.mark.parametrize("setting", (*settings.SETTINGS, *ALSO_OPTIONS), ids=lambda setting: setting.name)
def test_connection_option_names_its_other_places_and_default(setting: settings.Setting) -> None:
    text = " ".join(CONNECTION[setting.name]["description"])
    assert f"C({setting.variable})" in text
    assert f"E({setting.env})" in text
    assert f"C({setting.name}) in the section C([{settings.INI_SECTION}])" in text
    default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
    assert default is None or f"The default is V({default})." in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_options_of_all_modules_are_documented_in_each(path: Path) -> None:
    fragments = constant(path, "DOCUMENTATION").get("extends_documentation_fragment", ())
    both = {"sshfleet.containers.connection", "sshfleet.containers.connection.module"}
    assert not path.stem.startswith("remote_") or both <= set(fragments)


def test_the_range_of_ports_names_its_other_places_and_default() -> None:
    setting = settings.AUTO_PORTS_RANGE
    text = " ".join(options_of(CHECKOUT / "plugins/modules/remote_container.py")[setting.name]["description"])
    for words in (setting.variable, setting.env, f"C({setting.name}) in the section", f"V({setting.default})"):
        assert words in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_is_wired_everywhere(path: Path) -> None:
    runtime = yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text())
    assert (path.stem in runtime["action_groups"]["remote"]) == path.stem.startswith("remote_")
    assert (CHECKOUT / "plugins" / "action" / path.name).is_file()


def test_options_say_what_the_engines_support() -> None:
    options = options_of(CHECKOUT / "plugins" / "modules" / "remote_container.py")
    for row in support.SUPPORT:
        name, _dot, sub = row.option.partition("=")[0].partition(".")
        option = options[name]["suboptions"][sub] if sub else options[name]
        if row.level == support.REPORTED:
            continue
        if "=" in row.option:  # of a value, the sentence is written for the option
            sentence, text = f"V({row.option.partition('=')[2]})", " ".join(option["description"])
            assert sentence in text and "refused there" in text, row.option
        else:
            assert set(support.sentences(row.option)) <= set(option["description"]), row.option
    said = {sentence for sentence in map(str, options.items()) if "does not support it" in sentence}
    assert {sentence[2:].partition("'")[0] for sentence in said} <= {
        row.option.partition("=")[0].partition(".")[0] for row in support.SUPPORT
    }


def test_options_say_what_the_engines_do_not_do_in_a_mode() -> None:
    options = options_of(CHECKOUT / "plugins" / "modules" / "remote_container.py")
    for name in {row.option for row in modes.MODES}:
        assert set(modes.sentences(name)) <= set(options[name]["description"]), name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_use_documented_options(path: Path) -> None:
    options = {**options_of(path), **CONNECTION}
    names = {*options, *(alias for option in options.values() for alias in option.get("aliases", ()))}
    used = [
        task[f"sshfleet.containers.{path.stem}"]
        for task in constant(path, "EXAMPLES")
        if f"sshfleet.containers.{path.stem}" in task
    ]
    assert used
    for arguments in used:
        assert set(arguments or {}) <= names
