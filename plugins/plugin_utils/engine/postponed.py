# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leaves out what an import imports and most don't use, until somebody does.

``importlib.util.LazyLoader`` can't do it: the ``import`` statement itself looks into a module that is already there.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """Stands for a module, and imports it when somebody asks it for anything."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


@contextlib.contextmanager
def postponed(name: str) -> Iterator[None]:
    """Whoever imports the module meanwhile gets one that stands for it; later imports get the module itself. Nothing is
    different where it is loaded already, or not installed.
    """
    if name in sys.modules or importlib.util.find_spec(name) is None:
        yield
        return
    sys.modules[name] = _Postponed(name)
    try:
        yield
    finally:
        del sys.modules[name]
