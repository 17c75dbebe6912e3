# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``dataclasses.dataclass`` whose frozen classes are made in a fifth of the time.

Ansible imports a collection anew for each run, and the standard library compiles six methods for each frozen class:
with a hundred classes that was two fifths of what importing a module took. Here only ``__init__`` is compiled, the
other methods are shared. Instances behave alike (a unit test compares them).
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass  # so that type checkers know it
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, kw_only=False, **others):
        """As the standard library's; what is more than a frozen class is left to it."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, eq=eq, kw_only=kw_only, **others)
        if others or not frozen:
            return dataclasses.dataclass(cls, frozen=frozen, eq=eq, kw_only=kw_only, **others)
        return _frozen(cls, eq=eq, kw_only=kw_only)


def _frozen(cls: type[Any], *, eq: bool, kw_only: bool) -> type[Any]:
    own = set(vars(cls))
    if cls.__doc__ is None:  # or the standard library would make one of the signature, which is slow
        cls.__doc__ = cls.__name__
    made = dataclasses.dataclass(repr=False, eq=False, kw_only=kw_only)(cls)
    methods: dict[str, Any] = {"__setattr__": _set_once, "__delattr__": _never_deleted, "__repr__": _repr}
    if eq:
        methods |= _comparison(made)
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _comparison(cls: type[Any]) -> dict[str, Callable[..., Any]]:
    """``__eq__`` and ``__hash__`` of what is compared."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    compared = operator.attrgetter(*names) if names else lambda one: ()

    def equal(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": equal, "__hash__": lambda self: hash(compared(self))}


def _set_once(self: Any, name: str, value: Any) -> None:
    """``__init__`` sets each field once, and nobody sets any again."""
    if name in self.__dict__ or name not in self.__dataclass_fields__:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _never_deleted(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _repr(self: Any) -> str:
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"
