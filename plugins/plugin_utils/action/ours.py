# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook can move to: all modules of the catalogue."""

from __future__ import annotations

from typing import Any

from ..moving.names import Ours
from ..resources.shared.work.module import Module
from ..seam import settings
from . import catalogue


def ours() -> Ours:
    """The modules with their options, and whose places they take."""
    modules = {name: catalogue.module(name) for name in catalogue.MODULES}
    return Ours(
        {name: {**_connection(module), **module.options} for name, module in modules.items()},
        {peer: name for name, module in modules.items() for peer in module.peers},
    )


def _connection(module: Module[Any]) -> dict[str, Any]:
    """The options that all modules have, without the one that means nothing to this."""
    told = {"result_format"} if not module.formats else set()
    return {name: spec for name, spec in settings.ARGUMENT_SPEC.items() if name not in told}
