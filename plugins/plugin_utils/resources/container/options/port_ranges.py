# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host ports that are chosen from a range: the one that the container has had, or a free one. Nothing is read here.

A host end that is to be chosen is written ``[address:]auto(FIRST-LAST)``, beside those of ``ports``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption
from .port_uses import ANY_IPV4, Use, clash, protocol_of

Bindings = Mapping[str, list[str]]
Span = tuple[int, int]  # first and last port

AUTO = "auto"
HIGHEST_PORT = 65535
# Between the ports of well-known services, and those that Kubernetes (30000) and the kernel (32768) give away.
DEFAULT_RANGE = "20000-29999"
SHOWN_HOLDERS = 5

_RANGE = re.compile(r"\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?")


@dataclass(frozen=True)
class Own:
    """The ports that the container has had so far, and whether it runs with them."""

    bindings: Bindings
    runs: bool


NEW = Own({}, False)


def parse_range(text: Any) -> Span:
    """``FIRST-LAST``, or a single port.

    :raises ValueError: what is wrong with it.
    """
    match = _RANGE.fullmatch(str(text))
    if not match:
        raise ValueError(f"{str(text)!r} is no range of ports such as {DEFAULT_RANGE}")
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last <= HIGHEST_PORT:
        raise ValueError(f"a range goes from a lower to a higher port, each from 1 to {HIGHEST_PORT}")
    return first, last


def is_auto(end: str) -> bool:
    """Whether this host end is still to be chosen."""
    return end.rpartition(":")[2].startswith(AUTO)


def asks(bindings: Bindings) -> bool:
    return any(is_auto(end) for ends in bindings.values() for end in ends)


def written(span: Span) -> str:
    return f"{AUTO}({span[0]}-{span[1]})"


def span_of(end: str) -> Span:
    return parse_range(end.rpartition(":")[2].removeprefix(AUTO).strip("()"))


def with_default(bindings: Bindings, span: Span) -> dict[str, list[str]]:
    """The ends that name no range of their own get this one."""
    suffix = written(span).removeprefix(AUTO)
    given = bindings.items()
    return {port: sorted(end + suffix if end.endswith(AUTO) else end for end in ends) for port, ends in given}


def require_room(option: str, bindings: Bindings) -> None:
    """Refuse ranges that are smaller than what the task itself asks of them.

    :raises InvalidOption: naming the range.
    """
    if asks(bindings):
        choose(option, bindings, ())


def choose(
    option: str,
    wanted: Bindings,
    uses: Iterable[Use],
    own: Own = NEW,
    avoid: Collection[tuple[str, int]] = (),
) -> dict[str, list[str]]:
    """Give every end that is to be chosen a port: the one that the container has had, else the lowest that is free.

    :param uses: who has which port; what the container itself is configured with must not be among them.
    :param avoid: (protocol, port) that are not to be had, whatever is known of them.
    :raises InvalidOption: no port of a range is free, with who has them.
    """
    return _Choice(option, wanted, uses, own, avoid).made()


def ports_in_message(message: str, wanted: Bindings, chosen: Bindings) -> set[tuple[str, int]]:
    """The chosen ports that an engine's message is about, as (protocol, port)."""
    new = ((port, end) for port, ends in chosen.items() for end in ends if end not in wanted.get(port, ()))
    found = {(protocol_of(port), _number(end)) for port, end in new}
    return {(protocol, number) for protocol, number in found if re.search(rf":{number}(?![0-9])", message)}


class _Choice:
    def __init__(
        self, option: str, wanted: Bindings, uses: Iterable[Use], own: Own, avoid: Collection[tuple[str, int]]
    ) -> None:
        self._option = option
        self._own = own
        self._avoid = avoid
        self._uses: defaultdict[tuple[str, int], list[Use]] = defaultdict(list)
        self._result = {port: [end for end in ends if not is_auto(end)] for port, ends in wanted.items()}
        self._open = {port: _by_last(end for end in ends if is_auto(end)) for port, ends in wanted.items()}
        for use in uses:
            if not self._is_own(use):
                self._uses[use.protocol, use.port].append(use)
        for port, ends in self._result.items():
            for end in ends:
                self._take(port, end)

    def made(self) -> dict[str, list[str]]:
        for port, ends in self._open.items():
            ends[:] = [end for end in ends if not self._kept(port, end)]
        rest = ((port, end) for port, ends in self._open.items() for end in ends)
        for port, end in sorted(rest, key=lambda pair: span_of(pair[1])[1]):
            self._new(port, end)
        return {port: sorted(ends) for port, ends in self._result.items()}

    def _is_own(self, use: Use) -> bool:
        """A container that runs listens on its ports itself."""
        return (
            self._own.runs
            and use.held
            and any(
                protocol_of(port) == use.protocol and _number(end) == use.port and clash(_address(end), use.address)
                for port, ends in self._own.bindings.items()
                for end in ends
            )
        )

    def _kept(self, port: str, end: str) -> bool:
        """What only a stopped container has beside this one does not take its port away from it."""
        for found in fitting(end, self._own.bindings.get(port, ())):
            if not self._holders(port, found, held=True):
                self._give(port, end, _number(found))
                return True
        return False

    def _new(self, port: str, end: str) -> None:
        first, last = span_of(end)
        address = end.rpartition(":")[0]
        for number in range(first, last + 1):
            if not self._holders(port, f"{address}:{number}"):
                self._give(port, end, number)
                return
        raise self._exhausted(port, end)

    def _give(self, port: str, end: str, number: int) -> None:
        address, colon, _auto = end.rpartition(":")
        given = f"{address}{colon}{number}"
        self._result[port].append(given)
        self._take(port, given)

    def _take(self, port: str, end: str) -> None:
        if number := _number(end):
            use = Use(protocol_of(port), _address(end), number, f"its own {port}", task=True)
            self._uses[use.protocol, number].append(use)

    def _holders(self, port: str, end: str, *, held: bool = False) -> list[Use]:
        """Who stands in the way of this end; with ``held``, without those that have the port only in mind."""
        key = protocol_of(port), _number(end)
        if key in self._avoid:
            return [Use(key[0], "", key[1], "somebody who was faster")]
        address = _address(end)
        return [use for use in self._uses.get(key, ()) if clash(use.address, address) and (use.held or not held)]

    def _exhausted(self, port: str, end: str) -> InvalidOption:
        (first, last), address = span_of(end), end.rpartition(":")[0]
        holders = [self._holders(port, f"{address}:{number}")[0] for number in range(first, last + 1)]
        entry, size = f"{end}:{port}", last - first + 1
        if all(use.task for use in holders):
            return InvalidOption(
                self._option, entry, f"the task asks for more than the {size} ports of the range {first}-{last}.",
                "Widen the range.",
            )  # fmt: skip
        shown = [f"{use.port} by {use.by}" for use in holders[:SHOWN_HOLDERS]]
        more = [f"and {size - SHOWN_HOLDERS} more"] if size > SHOWN_HOLDERS else []
        return InvalidOption(
            self._option, entry,
            f"{size} of {size} ports of the range {first}-{last} are taken: {', '.join([*shown, *more])}.",
            "Widen the range, or remove containers that are not needed any more; what else listens on the host, "
            "'ss -lntup' tells there.",
        )  # fmt: skip


def _by_last(ends: Iterable[str]) -> list[str]:
    """The order in which giving each end the lowest port that fits serves all of them, if anything does."""
    return sorted(ends, key=lambda end: (span_of(end)[1], end))


def fitting(end: str, ends: Iterable[str]) -> list[str]:
    """The ends among these that meet one that is to be chosen; lowest port first."""
    (first, last), address = span_of(end), _address(end)
    return sorted((one for one in ends if _address(one) == address and first <= _number(one) <= last), key=_number)


def _number(end: str) -> int:
    """0 for an end that names no port, or a range from which the engine takes one."""
    number = end.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def _address(end: str) -> str:
    address = end.rpartition(":")[0].strip("[]")
    return "" if address == ANY_IPV4 else address
