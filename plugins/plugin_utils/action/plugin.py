# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the action plugin of a module of the catalogue."""

from __future__ import annotations

from typing import Any

from ..errors import EngineError
from ..resources.shared.work.module import Module
from ..session.session import Session
from . import catalogue
from .base import RemoteAction
from .info import InfoAction


def action_of(name: str) -> type[RemoteAction]:
    """The class that Ansible looks for in ``plugins/action/NAME.py``, for a module that is given a session."""
    module = catalogue.module(name)
    base = InfoAction if module.query else RemoteAction

    def prepare(self: RemoteAction, params: dict[str, Any]) -> Any:
        return module.prepare(self, params)

    def perform(self: RemoteAction, session: Session, prepared: Any) -> dict[str, Any]:
        require_engine(name, module, session)
        assert module.perform is not None, f"{name} opens its sessions by itself"  # noqa: S101 - a slip in our own files
        return module.perform(self, session, prepared)

    parts = {"ARGUMENT_SPEC": module.options, "SPEC_RULES": module.spec_rules, "prepare": prepare, "perform": perform}
    return type("ActionModule", (base,), {"__doc__": f"Runs {name}.", **parts})


def require_engine(name: str, module: Module[Any], session: Session) -> None:
    """Refuse an engine that has nothing of the kind.

    :raises EngineError: kind ``engine_mismatch``.
    """
    engine = session.identity
    if engine.name in module.engines:
        return
    known = " or ".join(module.engines)
    raise EngineError(
        f"{name} is for {known}, and {session.socket} is served by {engine.name} {engine.version}.",
        hint=f"Set engine to {known}, or name the socket of such an engine in engine_socket.",
        kind="engine_mismatch",
    )
