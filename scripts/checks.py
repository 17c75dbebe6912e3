# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The static checks, as data: each is one command and counts as one test of the suite "lint"."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from common import CACHE, CHECKOUT, VENV, VENV_SECOND, answer, environment

STAGE = CACHE / "stage"
STAGED = STAGE / "ansible_collections" / "sshfleet" / "containers"
LEFT_OUT = (".dev/", ".ci/", "findings/")  # ansible-test wants no links; the others are no part of the collection


@dataclass(frozen=True)
class Check:
    name: str
    argv: list[str]
    cwd: Path = CHECKOUT
    env: dict[str, str] = field(default_factory=dict)


def stage() -> Path:
    """Copy the checkout as git sees it, with uncommitted work, to where ansible-test and ansible-galaxy accept it."""
    listing = ["git", "-C", str(CHECKOUT), "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0")
    shutil.rmtree(STAGED, ignore_errors=True)
    STAGED.mkdir(parents=True)
    for name in filter(None, names):
        source, target = CHECKOUT / name, STAGED / name
        if source.is_file() and not name.startswith(LEFT_OUT):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    # A repository of its own, or else ansible-test asks the checkout's, which ignores this folder.
    subprocess.run(["git", "init", "--quiet", str(STAGED)], check=True)  # noqa: S607 - git is found on PATH
    return STAGED


def ansible_test() -> Check:
    """ansible-test of the newest pair; its interpreter's own folder comes first on PATH, because shims mislead it."""
    venv = VENV_SECOND if (VENV_SECOND / "bin" / "ansible-test").is_file() else VENV
    python = venv / "bin" / "python"
    version = answer([python, "-c", "import sys; print('{}.{}'.format(*sys.version_info))"])
    own = Path(answer([python, "-c", "import sys; print(sys.base_prefix)"])) / "bin"
    path = ":".join([str(own), environment(venv=venv)["PATH"], str(VENV / "bin")])
    argv = [str(venv / "bin" / "ansible-test"), "sanity", "--local", "--python", version, "--color", "no"]
    return Check("ansible-test sanity", argv, cwd=STAGED, env={"PATH": path})


def checks() -> list[Check]:
    package = "ansible_collections.sshfleet.containers.plugins"
    scripts = sorted(str(path) for path in CHECKOUT.glob("scripts/*.py"))
    namespaces = ["--namespace-packages", "--explicit-package-bases"]
    return [
        Check("ruff check", ["ruff", "check"]),
        Check("ruff format", ["ruff", "format", "--check"]),
        Check("mypy plugins", ["mypy", *namespaces, "-p", package], env={"MYPYPATH": ".dev"}),
        Check(
            "mypy scripts",
            ["mypy", "--strict", *scripts],
            env={"MYPYPATH": "scripts"},
        ),
        Check("mypy lxc_host", ["mypy", "--strict", "roles/lxc_host/files/network.py"]),
        Check("yamllint", ["yamllint", "--strict", "."]),
        Check("ansible-lint", ["ansible-lint", "--offline", "--profile", "production"]),
        Check("antsibull-docs", ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "."]),
        Check("antsibull-changelog", ["antsibull-changelog", "lint"]),
        ansible_test(),
    ]
