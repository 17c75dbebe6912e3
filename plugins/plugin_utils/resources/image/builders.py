# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuses what an engine's own builder can't do with a Dockerfile, and gives what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ...engine.differences.builders import GIT, HEREDOC, PLATFORM, UNABLE, WAY_OUT
from ...engine.differences.engine import Engine
from ...errors import InvalidOption
from .dockerfile import Instruction

_GIT = re.compile(r"(?:git@|git://|ssh://)\S+|https?://\S+\.git(?:[#?]\S*)?")
# BuildKit and Podman give these to a Dockerfile that names them with ARG.
AUTOMATIC = frozenset(f"{side}{part}" for side in ("TARGET", "BUILD") for part in ("PLATFORM", "OS", "ARCH", "VARIANT"))


def require_buildable(found: Sequence[Instruction], dockerfile: str, engine: Engine) -> None:
    """Refuse a Dockerfile with a line that the engine's builder can't do, or would drop.

    :param dockerfile: its path, for the message.
    :raises InvalidOption: naming the line, the engine and the way out.
    """
    rows = [row for row in UNABLE if row.holds_for(engine)]
    for instruction, what in _uses(found):
        row = next((row for row in rows if instruction.word in row.words and row.what == what), None)
        if row is not None:
            raise InvalidOption(
                "build.dockerfile", f"{dockerfile}, line {instruction.line}: {instruction.word} {what}",
                f"{engine.title} can't do that when it builds over its API.", f"{row.instead} {WAY_OUT}",
            )  # fmt: skip


def _uses(found: Sequence[Instruction]) -> Iterator[tuple[Instruction, str]]:
    """What the instructions use, in their order. What ONBUILD keeps is no part of this build."""
    declared = {name for one in _before_the_first_stage(found) for name in one.names()}
    for one in (one for one in found if not one.kept):
        if one.heredocs:
            yield one, HEREDOC
        for name, value in one.flags:
            yield one, f"--{name}"
            if name == "platform" and AUTOMATIC & set(_variables(value)) - declared:
                yield one, PLATFORM
        if one.word == "ADD" and any(_GIT.fullmatch(source) for source in one.arguments()[:-1]):
            yield one, GIT


def _before_the_first_stage(found: Sequence[Instruction]) -> Iterator[Instruction]:
    for one in found:
        if one.word == "FROM":
            return
        yield one


def _variables(text: str) -> list[str]:
    return re.findall(r"\$\{?(\w+)", text)


def automatic_args(
    found: Sequence[Instruction], given: Mapping[str, str], own: str, target: str | None
) -> dict[str, str]:
    """The values of the platform that a Dockerfile asks for (``ARG TARGETARCH``), and Docker alone does not give.

    :param own: the engine's platform, such as linux/amd64.
    :param target: what is built for, where that is another one.
    """
    values = {**_platform("BUILD", own), **_platform("TARGET", target or own)}
    asked = {name for one in found if one.word == "ARG" and not one.kept for name in one.names()}
    return {name: value for name, value in values.items() if name in asked and name not in given}


def _platform(side: str, platform: str) -> dict[str, str]:
    system, architecture, variant = (*platform.split("/"), "", "")[:3]
    parts = {"PLATFORM": platform, "OS": system, "ARCH": architecture, "VARIANT": variant}
    return {f"{side}{part}": value for part, value in parts.items()}
