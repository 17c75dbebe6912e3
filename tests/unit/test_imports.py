# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the one way in which imports go (docs/docsite/rst/architecture.rst) by reading every import in plugins/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
PACKAGE = "ansible_collections.sshfleet.containers.plugins"
UTILS = "plugin_utils"

GROUND = ("dataclass", "telling", "run_mark", "processors", "error_classes", "errors")
# What the rest sees of ssh: never a master, nor a tunnel.
SSH = ("ssh.address", "ssh.login", "ssh.command", "ssh.transport", "ssh.config_lookup")
FLEET_OUTPUT = ("names", "results", "said", "progress", "summary", "exit_codes", "files", "tasks")
# What a file of a layer may import, by the beginning of the dotted name below plugin_utils. A layer is all files whose
# own dotted name begins so; the first row that fits counts. Whatever is in no row may import nothing of ours.
LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("error_classes", ("dataclass",)),
    ("errors", ("dataclass", "error_classes", "telling")),
    ("hosts", (*GROUND, "hosts")),
    ("compose", (*GROUND, "compose")),
    ("ssh.address", (*GROUND, "ssh.address")),
    ("ssh.login", (*GROUND, "ssh.address", "ssh.login")),
    ("ssh.master", (*GROUND, "ssh.address", "ssh.login", "ssh.master")),
    ("ssh.command", (*GROUND, "ssh.address", "ssh.login", "ssh.master", "ssh.command")),
    ("ssh", (*GROUND, "ssh")),
    ("engine.differences", (*GROUND, "engine.identity", "engine.differences")),
    ("engine", (*GROUND, "engine")),
    ("session", (*GROUND, *SSH, "engine", "session")),
    # Reads and writes playbooks, and speaks with no engine; what executes uses what copies files on the controller.
    ("moving.work", (*GROUND, "moving", "resources.copying.work.local_tree")),
    ("moving", ("dataclass", "telling", "resources.shared.peer_connection", "moving")),
    ("resources.*.work", (*GROUND, "compose", "hosts", "engine", "session", "resources")),
    ("resources.shared", (*GROUND, "engine.identity", "engine.differences", "resources.shared")),
    ("resources", (*GROUND, "compose", "hosts", "engine.identity", "engine.differences", "resources")),
    # Output for many hosts: what decides knows no file and no terminal, and neither knows an engine.
    ("fleet_output.work", (*GROUND, "fleet_output")),
    ("fleet_output", (*GROUND, *(f"fleet_output.{name}" for name in FLEET_OUTPUT))),
    ("seam", (*GROUND, *SSH, "session", "resources", "seam")),
    ("connection", (*GROUND, *SSH, "session", "resources", "seam", "connection")),
    (
        "action",
        (*GROUND, "hosts.login_name", *SSH, "engine", "session", "resources", "moving", "seam", "connection", "action"),
    ),
    ("strategy", (*GROUND, "action.catalogue", "strategy")),
    ("plugins.action", (*GROUND, *SSH, "engine", "session", "resources", "action")),
    ("plugins.inventory", (*GROUND, "hosts", *SSH, "engine", "session", "resources", "seam", "connection", "action")),
    ("plugins.connection", (*GROUND, "connection")),
    ("plugins.strategy", (*GROUND, "strategy")),
    ("plugins.callback", (*GROUND, *SSH, "engine", "session", "resources", "fleet_output")),
)
# The layers above, which alone know Ansible.
WITH_ANSIBLE = ("seam", "connection", "action", "strategy", "plugins")
# A resource's decisions (all that is not under ``work``) never import what carries them out.
WORK = re.compile(r"resources\.\w+\.work(\.|$)")
SOURCES = sorted(PLUGINS.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def own_name(path: Path) -> str:
    """plugins/plugin_utils/ssh/master/mux.py → ssh.master.mux; plugins/action/x.py → plugins.action.x."""
    parts = path.relative_to(PLUGINS).with_suffix("").parts
    return ".".join(parts[1:]) if parts[0] == UTILS else ".".join(("plugins", *parts))


@cache
def imported(path: Path) -> list[str]:
    return list(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    """Dotted names, ours as ``own_name`` has them, of others as they are; ``from X import Y`` gives X.Y."""
    package = [*PACKAGE.split("."), *path.relative_to(PLUGINS).parent.parts]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (_shortened(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (_shortened(f"{module}.{alias.name}") for alias in node.names)


def _shortened(name: str) -> str:
    if name.startswith(f"{PACKAGE}.{UTILS}."):
        return name.removeprefix(f"{PACKAGE}.{UTILS}.")
    return "plugins" + name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else name


@cache
def ours(name: str) -> bool:
    return (
        name.startswith("plugins.")
        or (PLUGINS / UTILS / name.partition(".")[0]).exists()
        or name in GROUND
        or ((PLUGINS / UTILS / (name.partition(".")[0] + ".py")).exists())
    )


@cache
def within(name: str, layer: str) -> bool:
    pattern = re.escape(layer).replace(r"\*", r"\w+")
    return re.match(rf"{pattern}(\.|$)", name) is not None


def violations(path: Path) -> list[str]:
    own = own_name(path)
    allowed = next((allowed for layer, allowed in LAYERS if within(own, layer)), ())
    bad = []
    for name in imported(path):
        if name.split(".")[0] == "ansible":
            bad += [] if any(within(own, layer) for layer in WITH_ANSIBLE) else [name]
        elif ours(name):
            upwards = WORK.match(name) and within(own, "resources") and not WORK.match(own)
            bad += [name] if upwards or not any(within(name, layer) for layer in allowed) else []
    return bad


def test_imports_go_one_way() -> None:
    assert {own_name(path): bad for path in SOURCES if (bad := violations(path))} == {}


def test_only_work_knows_a_client() -> None:
    """What decides gets dicts; a parameter or an attribute called ``client`` would say otherwise."""
    deciding = [path for path in SOURCES if within(own_name(path), "resources") and not WORK.match(own_name(path))]
    assert [own_name(path) for path in deciding if names_of(path) & {"client", "_client"}] == []


def test_only_ssh_knows_control_sockets() -> None:
    """Whatever holds a transport would else build paths of its own beside the socket."""
    others = [path for path in SOURCES if not within(own_name(path), "ssh")]
    assert [own_name(path) for path in others if "control" in names_of(path, ast.Attribute)] == []


def names_of(path: Path, *kinds: type[ast.AST]) -> set[str]:
    """The names of arguments, attributes and variables in a file, or of some of these."""
    found = (node for node in ast.walk(tree(path)) if isinstance(node, kinds or (ast.arg, ast.Attribute, ast.Name)))
    return {getattr(node, "arg", None) or getattr(node, "attr", None) or getattr(node, "id", "") for node in found}


def test_every_layer_is_there() -> None:
    found = {own_name(path) for path in SOURCES}
    work = ("resources.shared", "resources.container.work", "seam", "action")
    for layer in ("hosts", "compose.model", "ssh.tunnel", "engine", "session", "fleet_output", *work):
        assert any(within(name, layer) for name in found), layer


def test_no_resource_needs_one_that_needs_it() -> None:
    """And nobody's folder is the secret base of the others: that is what ``shared`` is for."""
    needs: dict[str, set[str]] = {}
    for path in SOURCES:
        own = own_name(path).split(".")
        if own[0] == "resources":
            others = {name.split(".")[1] for name in imported(path) if name.startswith("resources.")}
            needs.setdefault(own[1], set()).update(others - {own[1], "shared"})
    while free := [name for name, others in needs.items() if not others & needs.keys()]:
        for name in free:
            del needs[name]
    assert needs == {}
