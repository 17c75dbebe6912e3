# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection in an execution environment, as far as ansible-builder goes without a registry: the build context, and
what it finds of the installed collection's needs. What is in such an image is run in tests/controllers.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml
from checkout import CHECKOUT
from installed import build_and_install

BUILDER = Path(sys.executable).with_name("ansible-builder")


def builder(*words: str) -> str:
    done = subprocess.run([str(BUILDER), *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_definition_becomes_a_build_context(tmp_path: Path) -> None:
    definition = CHECKOUT / "execution-environment.yml"
    builder("create", "-f", str(definition), "-c", str(tmp_path / "context"), "--output-filename", "Containerfile")
    lines = (tmp_path / "context" / "Containerfile").read_text().splitlines()
    base = yaml.safe_load(definition.read_text())["images"]["base_image"]["name"]
    assert f'ARG EE_BASE_IMAGE="{base}"' in lines and 'ARG PKGMGR="/usr/bin/apt-get"' in lines
    assert lines.index("RUN apt-get update") < next(n for n, line in enumerate(lines) if "$PKGMGR install" in line)
    required = yaml.safe_load((tmp_path / "context" / "_build" / "requirements.yml").read_text())
    assert required == {"collections": [{"name": "sshfleet.containers"}]}


def test_what_the_installed_collection_needs_is_found(tmp_path: Path) -> None:
    installed = build_and_install(tmp_path)
    _head, _line, text = builder("introspect", str(installed.collections)).partition("---\n")
    needs = yaml.safe_load(text)
    python = [line for line in (CHECKOUT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert [need.partition("  #")[0] for need in needs["python"]] == [line.partition("  #")[0] for line in python]
    assert [need.split()[0] for need in needs["system"]] == ["openssh-client", "openssh-clients"]
