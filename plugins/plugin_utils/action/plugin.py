# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the action plugin of a module of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import EngineError
from ..resources.shared.work.module import Module, Task
from ..seam import settings as connection_settings
from ..session.session import Session
from . import catalogue
from .base import RemoteAction
from .info import InfoAction


def action_of(name: str) -> type[RemoteAction]:
    """The class that Ansible looks for in ``plugins/action/NAME.py``. Where a module does no work by itself, its file
    has a subclass of RemoteAction instead, whose ``work`` does.
    """
    module = catalogue.module(name)
    parts: dict[str, Any] = {
        "__doc__": f"Runs {name}.",
        "ARGUMENT_SPEC": module.options,
        "SPEC_RULES": module.spec_rules,
        "FORMATS": module.formats,
        "advice": lambda _self, given: module.advice(given, connection_settings.ARGUMENT_SPEC),
    }
    parts |= {"prepare": module.prepare, "perform": _perform_of(name, module)}
    if module.perform_for_all is not None:
        parts |= _once_for_all(module.perform_for_all)
    if module.perform_here is not None:
        parts |= _without_a_host(module, module.perform_here)
    return type("ActionModule", (InfoAction if module.query else RemoteAction,), parts)


def _perform_of(name: str, module: Module[Any]) -> Any:
    def perform(self: RemoteAction, session: Session, prepared: Any) -> dict[str, Any]:
        if module.perform is None:
            raise NotImplementedError(f"{name} opens its sessions by itself")
        require_engine(name, module, session)
        return module.perform(self, session, prepared)

    return perform


def _once_for_all(work: Callable[[Task, Any], dict[str, Any]]) -> Mapping[str, Any]:
    """The parts of a plugin that Ansible runs once, and whose own host is one of many, or none of them: what is wrong
    with that one is found where its turn comes.
    """
    return {
        "BYPASS_HOST_LOOP": True,
        "_find_settings": lambda _self, _params: None,
        "_find_target": lambda _self: None,
        "work": lambda self, prepared: self.queried(work(self, prepared)),
    }


def _without_a_host(module: Module[Any], here: Callable[[Task, Any], dict[str, Any]]) -> Mapping[str, Any]:
    """The parts of a plugin that works on the controller alone, unless a task asks for more."""

    def work(self: RemoteAction, prepared: Any) -> dict[str, Any]:
        if not module.asks_host(prepared):
            return self.queried(here(self, prepared))
        RemoteAction._find_target(self)
        return RemoteAction.work(self, prepared)

    return {"_requires_connection": False, "_find_target": lambda _self: None, "work": work}


def require_engine(name: str, module: Module[Any], session: Session) -> None:
    """Refuse an engine that has nothing of the kind.

    :raises EngineError: kind ``engine_mismatch``.
    """
    engine = session.identity
    if engine.name in module.engines:
        return
    known = " or ".join(module.engines)
    remedy = f"Set engine to {known}, or name the socket of such an engine in engine_socket."
    raise EngineError(
        f"{name} is for {known}, and {session.socket} is served by {engine.name} {engine.version}.",
        hint=f"{remedy} {module.elsewhere}".strip(),
        kind="engine_mismatch",
    )
