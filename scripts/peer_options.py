# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes down the interfaces of the peers: the facts that our modules must share, or must say that they do not.

Run with a Python that has the package ``ansible``; the argument is a module (docker_network, podman_container, …):
PYTHON scripts/peer_options.py docker_container > plugins/plugin_utils/moving/peers/docker_container.json
Only names, types, choices, defaults, aliases and default comparisons are taken, no text.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import yaml

PEERS = {"docker": "ansible_collections.community.docker", "podman": "ansible_collections.containers.podman"}
FACTS = ("type", "elements", "choices", "default", "required", "aliases")


def interface(options: dict[str, Any]) -> dict[str, Any]:
    """{option: its facts}, suboptions included."""
    found = {}
    for name, option in sorted(options.items()):
        found[name] = {key: option[key] for key in FACTS if key in option}
        if isinstance(option.get("choices"), dict):  # each with its text
            found[name]["choices"] = list(option["choices"])
        if "suboptions" in option:
            found[name]["suboptions"] = interface(option["suboptions"])
    return found


def documented(collection: str, module: str, name: str = "DOCUMENTATION") -> dict[str, Any]:
    source = importlib.import_module(f"{collection}.plugins.{module}")
    holder = getattr(source, "ModuleDocFragment", source)
    options: dict[str, Any] = yaml.safe_load(getattr(holder, name))["options"]
    return options


def comparisons(collection: str) -> dict[str, str]:
    """The comparison that docker_container uses unless a task says otherwise."""
    groups = importlib.import_module(f"{collection}.plugins.module_utils._module_container.base").OPTIONS
    return {
        option.name: option.comparison
        for group in groups
        for option in group.options
        if not option.not_an_ansible_option
    }


def facts(module: str) -> dict[str, Any]:
    """{version (of its collection), options} of a peer, and of docker_container all that it has beside them."""
    collection = PEERS[module.partition("_")[0]]
    folder = Path(importlib.import_module(collection).__path__[0])
    manifest = json.loads((folder / "MANIFEST.json").read_text())["collection_info"]
    found = {"version": manifest["version"], "options": interface(documented(collection, f"modules.{module}"))}
    if module == "docker_container":
        found["connection_options"] = interface(documented(collection, "doc_fragments._docker"))
        found["comparisons"] = dict(sorted(comparisons(collection).items()))
    return found


def main() -> None:
    json.dump(facts(sys.argv[1]), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
