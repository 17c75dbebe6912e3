# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/coming_from.rst from the code's tables, moving/peer_differences.py among them; --check only
compares.

What the peers have is in plugins/plugin_utils/moving/peers, written by scripts/peer_options.py.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coming_from_texts import (
    BEHAVIOUR,
    BESIDE,
    ENGINES_TEXT,
    HEAD,
    HELPER,
    INFO_MODULES_DIFFER,
    MODULES_END,
    MODULES_TEXT,
    PODMAN_RESULTS,
    PODMAN_TEXT,
    RETURN_TEXT,
)
from common import CHECKOUT
from engines_page import BECOMES
from made_page import WIDTH, code, heading, paragraph, table, write_or_check

sys.path.insert(0, str(CHECKOUT / ".dev"))

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving.peer_differences import (
    DOCKER,
    PODMAN,
    RETURNED,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import peer_connection
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import settings

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "coming_from.rst"
DATA = CHECKOUT / "plugins" / "plugin_utils" / "moving" / "peers"


def peer(module: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{module}.json").read_text())
    return found


def page() -> str:
    """The whole page."""
    docker, podman = peer("docker_container"), peer("podman_container")
    parts = [
        HEAD,
        HELPER,
        BEHAVIOUR,
        BESIDE,
        heading("From docker_container: options", "-"),
        *paragraph(
            f"All options of docker_container {docker['version']} are here, with their names, aliases, types, choices, "
            "suboptions, defaults and comparisons, on both engines. These differ:"
        ),
        *table(("Option", "What is different"), ((code(name), text) for name, text in sorted(DOCKER.items()))),
        *paragraph(
            "The ways to the engine are options of every module that stands for one of community.docker. What asks for "
            "nothing else than there is here is taken, with one warning for all of them:"
        ),
        *table(("Option", "What becomes of it", "Instead"), ways()),
        *paragraph("These options are new:"),
        *table(("Option", "Default"), new_options(docker)),
        heading("What an engine cannot do, or does not report", "-"),
        ENGINES_TEXT,
        heading("From community.docker: results", "-"),
        RETURN_TEXT,
        *table(
            ("docker_container, and result_format=engine", "In container with result_format=unified"),
            ((code(old), new) for old, new in RETURNED.items()),
        ),
        heading("From podman_container: options", "-"),
        PODMAN_TEXT.format(version=podman["version"]),
        *table(("podman_container", "Here", "What is different, or why there is none"), podman_rows()),
        PODMAN_RESULTS,
        heading("Modules", "-"),
        *table(("Instead of", "There is"), ((code_list(module.peers), code(name)) for name, module in modules())),
        MODULES_TEXT,
        *module_differences(),
        MODULES_END,
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def code_list(names: Iterable[str]) -> str:
    return ", ".join(map(code, names)) or "(new)"


def modules() -> Iterator[tuple[str, Any]]:
    """The modules of the catalogue."""
    return ((name, catalogue.module(name)) for name in catalogue.MODULES)


def module_differences() -> Iterator[str]:
    """What the modules say themselves, as one list."""
    lines = [f"- {code(name)} {module.differs}" for name, module in modules() if module.differs]
    lines.append(INFO_MODULES_DIFFER)
    yield "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False) for line in lines)


def ways() -> Iterator[tuple[str, str, str]]:
    """The peer's ways to an engine."""
    for name, row in peer_connection.ROWS.items():
        only = " where it is ``unix://PATH``, otherwise refused" if name == "docker_host" else ""
        becomes = f"Taken as {code(row.becomes)}{only}." if row.becomes else "Has no effect."
        yield code(name), "Refused." if row.refused else becomes, row.instead


def new_options(docker: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The options that the peer does not have, the connection's included."""
    defaults = {setting.name: setting.default for setting in settings.LOOKED_UP}
    known = {*docker["options"], *docker["connection_options"]}
    for name, spec in sorted({**ARGUMENT_SPEC, **settings.ARGUMENT_SPEC}.items()):
        if name not in known:
            default = spec.get("default", defaults.get(name))
            yield code(name), "none" if default is None else code(str(default).lower())


def podman_rows() -> Iterator[tuple[str, str, str]]:
    for name, (ours, text) in sorted(PODMAN.items()):
        refused = [
            row
            for row in support.SUPPORT
            if (row.option, row.engine) == (ours, "podman") and row.level != support.REPORTED
        ]
        limits = [f"{BECOMES[row.level].rstrip('.')} by {row.versions()}. {row.instead}" for row in refused]
        yield code(name), code(ours) or "none", " ".join([text, *limits]).strip()


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv[1:]))
