# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our quick frozen classes beside the standard library's: what one does, the other does."""

from __future__ import annotations

import copy
import dataclasses
import functools
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils import dataclass as quick

MAKERS = [pytest.param(dataclasses.dataclass, id="standard"), pytest.param(quick.dataclass, id="ours")]
Maker = Callable[..., Any]
FrozenInstanceError = dataclasses.FrozenInstanceError


def made(maker: Maker, **options: Any) -> Any:
    class One:
        """A class with a field of each sort."""

        # pylint: disable=invalid-field-call
        # It becomes a dataclass below.

        a: int
        b: str = "b"
        secret: str = dataclasses.field(default="s", repr=False)
        items: list[int] = dataclasses.field(default_factory=list, compare=False)

        @functools.cached_property
        def double(self) -> int:
            return 2 * self.a

    return maker(frozen=True, **options)(One)


@quick.dataclass(frozen=True)
class Travelling:
    """One that can be pickled, which a class inside a function can't be."""

    a: int
    b: tuple[int, ...] = ()


@pytest.mark.parametrize("maker", MAKERS)
class TestFrozen:
    def test_it_compares_and_hashes_by_what_is_compared(self, maker: Maker) -> None:
        one_of = made(maker)
        assert one_of(1, items=[1]) == one_of(1, items=[2]) and hash(one_of(1)) == hash(one_of(1, items=[3]))
        assert (
            one_of(1) != one_of(2)
            and one_of(1) != (1, "b", "s")
            and len({one_of(1), one_of(1), one_of(1, secret="t")}) == 2
        )
        assert one_of(1).__eq__(1) is NotImplemented

    def test_two_classes_of_equal_fields_are_not_equal(self, maker: Maker) -> None:
        assert made(maker)(1) != made(maker)(1)

    def test_it_shows_itself_without_what_is_not_shown(self, maker: Maker) -> None:
        assert repr(made(maker)(1)).endswith("One(a=1, b='b', items=[])")

    def test_nothing_can_be_set_or_deleted(self, maker: Maker) -> None:
        one = made(maker)(1)
        for change in (lambda: setattr(one, "a", 2), lambda: setattr(one, "new", 2), lambda: delattr(one, "a")):
            with pytest.raises(FrozenInstanceError):
                change()
        assert one.a == 1 and one.double == 2 and one.double == 2

    def test_the_librarys_functions_know_it(self, maker: Maker) -> None:
        one_of = made(maker)
        assert dataclasses.replace(one_of(1), a=3) == one_of(3)
        assert dataclasses.asdict(one_of(1)) == {"a": 1, "b": "b", "secret": "s", "items": []}
        assert [field.name for field in dataclasses.fields(one_of)] == ["a", "b", "secret", "items"]
        assert one_of(1).items is not one_of(1).items and copy.deepcopy(one_of(1)) == one_of(1)

    def test_arguments(self, maker: Maker) -> None:
        with pytest.raises(TypeError):
            made(maker)()
        with pytest.raises(TypeError):
            made(maker, kw_only=True)(1)
        assert made(maker, kw_only=True)(a=1).a == 1

    def test_without_eq_each_is_itself(self, maker: Maker) -> None:
        one_of = made(maker, eq=False)
        assert one_of(1) != one_of(1) and hash(one_of(1)) is not None

    def test_methods_of_its_own_stay(self, maker: Maker) -> None:
        class Named:
            name: str

            def __repr__(self) -> str:
                return "mine"

            def __eq__(self, other: object) -> bool:
                return True

            __hash__ = object.__hash__

            def __post_init__(self) -> None:
                object.__setattr__(self, "name", self.name.upper())

        one = maker(frozen=True)(Named)("x")
        assert repr(one) == "mine" and one == 1 and one.name == "X"

    def test_a_class_below_has_both_classes_fields(self, maker: Maker) -> None:
        one_of = made(maker)

        class More(one_of):  # type: ignore[misc, valid-type]
            c: int = 3

        below = maker(frozen=True)(More)
        assert below(1).c == 3 and below(1) != one_of(1) and below(1) == below(1, c=3) != below(1, c=4)

    def test_no_fields(self, maker: Maker) -> None:
        class Empty:
            """Nothing."""

        empty = maker(frozen=True)(Empty)
        assert empty() == empty() and hash(empty()) == hash(empty())


def test_it_travels() -> None:
    assert copy.deepcopy(Travelling(1, (2,))) == pickle.loads(pickle.dumps(Travelling(1, (2,)))) == Travelling(1, (2,))  # noqa: S301 (our own bytes)


def test_what_is_more_than_frozen_is_the_standard_librarys() -> None:
    @quick.dataclass(frozen=True, order=True)
    class Ordered:
        a: int

    @quick.dataclass
    class Open:
        a: int

    assert Ordered(1) < Ordered(2)
    one = Open(1)
    one.a = 2
    assert one == Open(2)
