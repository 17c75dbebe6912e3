# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes down the interface of community.docker's modules: the facts that ours must share.

Run with a Python that has the package ``ansible``:
PYTHON scripts/peer_options.py > tests/unit/data/docker_container.json
PYTHON scripts/peer_options.py docker_network > tests/unit/data/docker_network.json, and so for any other module.
Only names, types, choices, defaults, aliases and default comparisons are taken, no text.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import yaml

PEER = "ansible_collections.community.docker"
CONTAINER = "docker_container"  # of which more is to be known
FACTS = ("type", "elements", "choices", "default", "required", "aliases")


def interface(options: dict[str, Any]) -> dict[str, Any]:
    """{option: its facts}, suboptions included."""
    found = {}
    for name, option in sorted(options.items()):
        found[name] = {key: option[key] for key in FACTS if key in option}
        if "suboptions" in option:
            found[name]["suboptions"] = interface(option["suboptions"])
    return found


def documented(module: str, name: str = "DOCUMENTATION") -> dict[str, Any]:
    source = importlib.import_module(f"{PEER}.plugins.{module}")
    holder = getattr(source, "ModuleDocFragment", source)
    options: dict[str, Any] = yaml.safe_load(getattr(holder, name))["options"]
    return options


def comparisons() -> dict[str, str]:
    """The comparison that the peer uses unless a task says otherwise."""
    groups = importlib.import_module(f"{PEER}.plugins.module_utils._module_container.base").OPTIONS
    return {
        option.name: option.comparison
        for group in groups
        for option in group.options
        if not option.not_an_ansible_option
    }


def main() -> None:
    collection = Path(importlib.import_module(PEER).__path__[0])
    manifest = json.loads((collection / "MANIFEST.json").read_text())["collection_info"]
    module = sys.argv[1] if len(sys.argv) > 1 else CONTAINER
    facts = {"version": manifest["version"], "options": interface(documented(f"modules.{module}"))}
    if module == CONTAINER:
        facts["connection_options"] = interface(documented("doc_fragments._docker"))
        facts["comparisons"] = dict(sorted(comparisons().items()))
    json.dump(facts, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
