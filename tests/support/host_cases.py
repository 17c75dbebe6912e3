# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many cases in one run of Ansible: the host stands in an inventory under a name for each, with variables of its own.

Each asks for facts of an engine, with arguments of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_hosts import Lab, parse_results

HOST = "bookworm1"
OPTIONS = ("engine", "engine_socket", "engine_timeout", "tunnel_retries")


@dataclass(frozen=True)
class Case:
    """The arguments of a task, and the variables of its host."""

    arguments: Mapping[str, Any]
    variables: Mapping[str, Any]


def case(arguments: Mapping[str, Any] | None = None, **variables: Any) -> Case:
    return Case(arguments or {}, variables)


@dataclass(frozen=True)
class Outcomes:
    """What became of the cases of one run, by their names, and the exit code of Ansible."""

    results: Mapping[str, dict[str, Any]]
    code: int

    def of(self, name: str) -> dict[str, Any]:
        return self.results[named(name)]


def named(name: str) -> str:
    """The host of a case."""
    return f"{HOST}-{name}"


def outcomes(lab: Lab, cases: Mapping[str, Case], folder: Path, **options: Any) -> Outcomes:
    """All cases in one run, each with its own host."""
    here = {
        "ansible_host": lab.hosts[HOST]["hostname"], "ansible_user": "root", "ansible_ssh_private_key_file": lab.key,
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={lab.known_hosts} -o StrictHostKeyChecking=yes",
    }  # fmt: skip
    hosts = {named(name): {**here, **one.variables, "given": one.arguments} for name, one in cases.items()}
    inventory = folder / "cases.yml"  # JSON is YAML
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    arguments = {name: f"{{{{ given[{name!r}] | default(omit) }}}}" for name in OPTIONS}
    words = ("all", "-m", "remote_engine_info", "-a", json.dumps(arguments))
    done = lab.run("ansible", *words, inventory=str(inventory), timeout=120, **options)
    return Outcomes(parse_results(done.stdout, done.stderr), done.returncode)
