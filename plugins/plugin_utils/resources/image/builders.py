# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine's own builder can't do with a Dockerfile: one table, for the code and for the documentation.

Docker builds what comes over its API with the builder that it had before BuildKit. That drops some of what only
BuildKit knows without a word, and refers to a switch of Docker's own client for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...errors import InvalidOption
from ..container.options.support import title
from ..shared.engines import Engine
from .dockerfile import Instruction

HEREDOC, GIT, PLATFORM = "<<", "(a Git repository)", "--platform=$"
_GIT = re.compile(r"(?:git@|git://|ssh://)\S+|https?://\S+\.git(?:[#?]\S*)?")
# BuildKit and Podman give these to a Dockerfile that names them with ARG.
AUTOMATIC = frozenset(f"{side}{part}" for side in ("TARGET", "BUILD") for part in ("PLATFORM", "OS", "ARCH", "VARIANT"))
WAY_OUT = (
    "Or build the image where docker buildx or a newer Podman is, and bring it here with source=load or with "
    "remote_image_ship."
)


@dataclass(frozen=True)
class Row:
    """One fact: instructions and what of them an engine can't do; ``instead`` is how to write it there."""

    words: tuple[str, ...]
    what: str
    engine: str
    instead: str
    before: tuple[int, ...] | None = None

    def holds_for(self, engine: Engine) -> bool:
        return engine.name == self.engine and (self.before is None or engine.version < self.before)


_RUN, _FILES = ("RUN",), ("COPY", "ADD")
_LINES = "Join the commands with && and continue their lines with the escape character, or COPY a script and RUN that."
_FILE = "Put the file into the build's directory, and COPY that."
_MODE = "Set the mode of the files in the build's directory, or RUN chmod."
# Found by trying on Podman 4.3, 5.4 and 5.8, Docker 20.10, 26.1 and 28.5. What Podman refuses in words that name the
# flag is not here. Docker drops heredocs (26.1, 28.5), ADD's --checksum and --keep-git-dir (26.1, 28.5), --exclude and
# --unpack (28.5), and takes a page of the web for a repository; the rest it refuses.
UNABLE: tuple[Row, ...] = (
    Row(_RUN, HEREDOC, "docker", _LINES),
    Row(_RUN, HEREDOC, "podman", _LINES, before=(4, 8)),
    Row(_FILES, HEREDOC, "docker", _FILE),
    Row(_FILES, HEREDOC, "podman", _FILE, before=(4, 8)),
    Row(_RUN, "--mount", "docker", "COPY what is mounted, and remove it in the same stage or use another stage."),
    Row(_RUN, "--network", "docker", "Set build.network, which is for all lines."),
    Row(_RUN, "--security", "docker", "Leave it out."),
    Row(_RUN, "--device", "docker", "Leave it out."),
    Row(_FILES, "--chmod", "docker", _MODE),
    Row(_FILES, "--exclude", "docker", "Leave the files out in .dockerignore."),
    Row(_FILES, "--parents", "docker", "Name the directories in the destination."),
    Row(_FILES, "--link", "docker", "Leave it out, the files are the same.", before=(23,)),
    Row(("ADD",), "--checksum", "docker", "RUN sha256sum -c after it."),
    Row(("ADD",), "--keep-git-dir", "docker", "Check the repository out on the controller, and COPY it."),
    Row(("ADD",), "--unpack", "docker", "COPY the archive, or ADD it from the build's directory to unpack it."),
    Row(("ADD",), GIT, "docker", "Check the repository out on the controller, and COPY it."),
    Row(("ADD",), GIT, "podman", "Check the repository out on the controller, and COPY it.", before=(4, 4)),
    Row(("FROM",), PLATFORM, "docker", "Name the variable with ARG before the first FROM."),
)


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
                f"{title(engine)} can't do that when it builds over its API.", f"{row.instead} {WAY_OUT}",
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
