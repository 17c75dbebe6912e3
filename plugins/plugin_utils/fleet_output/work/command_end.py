# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last word on a command's exit code.

Ansible gives no callback a say in it, nor tells any what it will be: the executor hands a number to
``CLI.cli_executor``, whose last line is ``sys.exit(exit_code)``. That one call is asked about here. ``sys`` is replaced
in that one module only: all that ends with a command has ended before, and other users of Ansible in Python never meet
this.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn


class _Sys:
    """``sys`` for one module, but for ``exit``."""

    def __init__(self, decided: Callable[[int], int]) -> None:
        self._decided = decided

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def exit(self, code: Any = None) -> NoReturn:
        sys.exit(self._decided(int(code)) if isinstance(code, int) else code)


def decide(module: ModuleType, decided: Callable[[int], int]) -> bool:
    """Have this decide with which code a command ends. Whether it can: the module must be as it is known.

    :param module: ``ansible.cli``.
    :param decided: gets the code that Ansible has, returns that with which to end.
    """
    if getattr(module, "sys", None) is not sys or not hasattr(getattr(module, "CLI", None), "cli_executor"):
        return False
    module.sys = _Sys(decided)  # type: ignore[attr-defined]
    return True
