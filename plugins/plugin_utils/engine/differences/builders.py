# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine's own builder can't do with a Dockerfile: one table, for the code and for the documentation.

Docker builds what comes over its API with the builder that it had before BuildKit. That drops some of what only
BuildKit knows without a word, and refers to a switch of Docker's own client for the rest.
"""

from __future__ import annotations

from ...dataclass import dataclass
from .rows import DOCKER, PODMAN, Row

# What a line uses that is no flag of it.
HEREDOC, GIT, PLATFORM = "<<", "(a Git repository)", "--platform=$"
WAY_OUT = (
    "Or build the image where docker buildx or a newer Podman is, and bring it here with source=load or with "
    "remote_image_ship."
)


@dataclass(frozen=True)
class BuilderRow(Row):
    """One fact: instructions and what of them an engine can't do; ``instead`` is how to write it there."""

    words: tuple[str, ...]
    what: str
    engine: str
    instead: str


_RUN, _FILES = ("RUN",), ("COPY", "ADD")
_LINES = "Join the commands with && and continue their lines with the escape character, or COPY a script and RUN that."
_FILE = "Put the file into the build's directory, and COPY that."
_MODE = "Set the mode of the files in the build's directory, or RUN chmod."
# Found by trying on Podman 4.3, 5.4 and 5.8, Docker 20.10, 26.1 and 28.5. What Podman refuses in words that name the
# flag is not here. Docker drops heredocs (26.1, 28.5), ADD's --checksum and --keep-git-dir (26.1, 28.5), --exclude and
# --unpack (28.5), and takes a page of the web for a repository; the rest it refuses.
UNABLE: tuple[BuilderRow, ...] = (
    BuilderRow(_RUN, HEREDOC, DOCKER, _LINES),
    BuilderRow(_RUN, HEREDOC, PODMAN, _LINES, before=(4, 8)),
    BuilderRow(_FILES, HEREDOC, DOCKER, _FILE),
    BuilderRow(_FILES, HEREDOC, PODMAN, _FILE, before=(4, 8)),
    BuilderRow(_RUN, "--mount", DOCKER, "COPY what is mounted, and remove it in the same stage or use another stage."),
    BuilderRow(_RUN, "--network", DOCKER, "Set build.network, which is for all lines."),
    BuilderRow(_RUN, "--security", DOCKER, "Leave it out."),
    BuilderRow(_RUN, "--device", DOCKER, "Leave it out."),
    BuilderRow(_FILES, "--chmod", DOCKER, _MODE),
    BuilderRow(_FILES, "--exclude", DOCKER, "Leave the files out in .dockerignore."),
    BuilderRow(_FILES, "--parents", DOCKER, "Name the directories in the destination."),
    BuilderRow(_FILES, "--link", DOCKER, "Leave it out, the files are the same.", before=(23, 0)),
    BuilderRow(("ADD",), "--checksum", DOCKER, "RUN sha256sum -c after it."),
    BuilderRow(("ADD",), "--keep-git-dir", DOCKER, "Check the repository out on the controller, and COPY it."),
    BuilderRow(("ADD",), "--unpack", DOCKER, "COPY the archive, or ADD it from the build's directory to unpack it."),
    BuilderRow(("ADD",), GIT, DOCKER, "Check the repository out on the controller, and COPY it."),
    BuilderRow(("ADD",), GIT, PODMAN, "Check the repository out on the controller, and COPY it.", before=(4, 4)),
    BuilderRow(("FROM",), PLATFORM, DOCKER, "Name the variable with ARG before the first FROM."),
)
