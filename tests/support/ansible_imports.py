# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files of the checkout lead to Ansible: by what they import, directly or not, or by starting its programs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from checkout import CHECKOUT

COLLECTION = "ansible_collections.sshfleet.containers"
SUPPORT = CHECKOUT / "tests" / "support"
SCRIPTS = CHECKOUT / "scripts"
PROGRAM = re.compile(r"ansible(-[a-z]+)?")
# Makes the collection importable by Ansible's means, for tests that need nothing else of Ansible.
NOT_FOLLOWED = {SUPPORT / "checkout.py"}


@cache
def leads_to_ansible(path: Path) -> bool:
    seen: set[Path] = set()
    waiting = [path, *conftests(path)]
    while waiting:
        file = waiting.pop()
        if file in seen or file in NOT_FOLLOWED:
            continue
        seen.add(file)
        itself, further = read(file)
        if itself:
            return True
        waiting += further
    return False


def conftests(path: Path) -> Iterator[Path]:
    """The conftest.py of a unit test's own folder and of those above it, up to tests/unit."""
    for folder in path.parents:
        if (folder / "conftest.py").is_file() and folder.is_relative_to(CHECKOUT / "tests" / "unit"):
            yield folder / "conftest.py"


@cache
def read(path: Path) -> tuple[bool, list[Path]]:
    """Whether a file imports Ansible, or starts it, itself, and the files of the checkout that it imports.

    Each file is read once: most tests lead to the same few hundred.
    """
    tree = ast.parse(path.read_text())
    names = set(imported(tree, path))
    itself = any(is_ansible(name) for name in names) or starts_ansible(tree)
    return itself, [found for name in sorted(names) for found in files_of(name)]


def imported(tree: ast.Module, path: Path) -> Iterator[str]:
    """The names that a file imports anywhere in it, with what it takes from a module as a name of its own, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = absolute(node, path)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def absolute(node: ast.ImportFrom, path: Path) -> str:
    """The full name of the module of ``from … import``, also of a relative one."""
    if not node.level:
        return node.module or ""
    folder = path.parents[node.level - 1].relative_to(CHECKOUT)
    return ".".join([COLLECTION, *folder.parts, *([node.module] if node.module else [])])


def is_ansible(name: str) -> bool:
    return name.split(".")[0] == "ansible"


def starts_ansible(tree: ast.Module) -> bool:
    """Whether a text in it is the name of one of Ansible's programs."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return any(PROGRAM.fullmatch(text) for text in texts)


@cache
def files_of(name: str) -> tuple[Path, ...]:
    """The files of the checkout that are, or could be, the module of this name; its packages' __init__.py, too."""
    parts = name.removeprefix(f"{COLLECTION}.").split(".")
    bases = [CHECKOUT] if name.startswith(f"{COLLECTION}.") else [SUPPORT, SCRIPTS]
    places = [base.joinpath(*parts[:length]) for base in bases for length in range(1, len(parts) + 1)]
    files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return tuple(file for file in files if file.is_file())
