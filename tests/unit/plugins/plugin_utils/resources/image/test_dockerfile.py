# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Dockerfile's instructions, and what of them an engine can't do."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.builders import (
    AUTOMATIC,
    automatic_args,
    require_buildable,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.dockerfile import instructions

READ = [
    ("FROM a \\\n  # said between\n\n AS b\nRUN x", [("FROM", 1, ()), ("RUN", 5, ())]),
    ("\ufeff# escape=`\r\nFROM a `\r\n AS b\r\nRUN c\\\r\nRUN d", [("FROM", 2, ()), ("RUN", 4, ()), ("RUN", 5, ())]),
    ("# syntax=x\n# escape=`\nRUN a `\nb", [("RUN", 3, ())]),
    ("# a comment\n# escape=`\nRUN a `\nRUN b", [("RUN", 3, ()), ("RUN", 4, ())]),
    ("RUN a\\\\\nRUN b", [("RUN", 1, ()), ("RUN", 2, ())]),
    ("RUN <<EOF\nCOPY a b\n# kept\nEOF\nrun\tb", [("RUN", 1, ("EOF",)), ("RUN", 5, ())]),
    ("RUN cat <<-'E' \\\n > /x\n\tb\n\tE\nRUN c", [("RUN", 1, ("E",)), ("RUN", 5, ())]),
    ('RUN cat <<"E F"\nE\nE F\nRUN c', [("RUN", 1, ("E F",)), ("RUN", 4, ())]),
    ("COPY --link a <<b 3<<c /\nb\nc\nADD <<d /\nd", [("COPY", 1, ("b", "c")), ("ADD", 4, ("d",))]),
    # What only looks like one: it never ends, is quoted, is a JSON list, or the shell's affair.
    ("RUN echo $((1 <<2))\nRUN b", [("RUN", 1, ()), ("RUN", 2, ())]),
    ("RUN echo '<<a' \"<<a\"\na", [("RUN", 1, ()), ("A", 2, ())]),
    ('RUN ["a", "<<a"]\na', [("RUN", 1, ()), ("A", 2, ())]),
    ("RUN it's <<a\na", [("RUN", 1, ()), ("A", 2, ())]),
    ("RUN a<<b\nb", [("RUN", 1, ()), ("B", 2, ())]),
    ("LABEL a <<b\nb", [("LABEL", 1, ()), ("B", 2, ())]),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_it_is_read_as_buildkit_does(text: str, expected: list[tuple[str, int, tuple[str, ...]]]) -> None:
    assert [(one.word, one.line, one.heredocs) for one in instructions(text)] == expected


def test_flags_and_what_is_kept_for_later() -> None:
    copy, run = instructions('COPY --chmod=0755 --exclude="a b" -- x y\nONBUILD RUN <<E\nE\n')
    assert copy.flags == (("chmod", "0755"), ("exclude", "a b")) and copy.arguments() == ["x", "y"]
    assert run.kept and run.word == "RUN" and run.heredocs == ("E",)


def test_a_long_line_is_read_in_no_time() -> None:
    assert len(instructions("RUN " + "'\\" * 200_000 + "<<a\nRUN " + '"' * 199_999 + " <<a\n")) == 2


OLD_PODMAN, PODMAN = Engine("podman", (4, 3, 1)), Engine("podman", (5, 4, 2))
OLD_DOCKER, DOCKER = Engine("docker", (20, 10, 24)), Engine("docker", (26, 1, 5))
EVERY = {OLD_PODMAN, PODMAN, OLD_DOCKER, DOCKER}
UNABLE = [
    ("RUN <<EOF\necho\nEOF", EVERY - {PODMAN}),
    ("COPY a <<b /\nb", EVERY - {PODMAN}),
    ("RUN --mount=type=cache,target=/c x", {OLD_DOCKER, DOCKER}),
    ("COPY --chmod=0755 a b", {OLD_DOCKER, DOCKER}),
    ("COPY --link a b", {OLD_DOCKER}),
    ("ADD --checksum=sha256:0 http://a/b /", {OLD_DOCKER, DOCKER}),
    ("ADD https://example.com/a.git#v1 /", EVERY - {PODMAN}),
    ("ADD https://example.com/a.tar.gz /a.git", set()),
    ("FROM --platform=$BUILDPLATFORM a", {OLD_DOCKER, DOCKER}),
    ("ARG BUILDPLATFORM\nFROM --platform=${BUILDPLATFORM} a", set()),
    ("FROM --platform=linux/amd64 a", set()),
    ("ONBUILD COPY --chmod=0755 a b", set()),
    ("COPY --chown=1 --from=a b c", set()),
]


@pytest.mark.parametrize(("text", "unable"), UNABLE)
def test_what_no_builder_can_do_is_refused_by_line(text: str, unable: set[Engine]) -> None:
    found = instructions(f"FROM a\n\n{text}") if not text.startswith(("FROM", "ARG")) else instructions(text)
    for engine in EVERY:
        if engine not in unable:
            require_buildable(found, "/web/Dockerfile", engine)
            continue
        with pytest.raises(InvalidOption) as refused:
            require_buildable(found, "/web/Dockerfile", engine)
        line = 1 if text.startswith("FROM") else 3
        assert f"/web/Dockerfile, line {line}: {text.split()[0]} " in refused.value.message
        assert "remote_image_ship" in refused.value.hint and engine.name.title() in refused.value.message


def test_the_arguments_that_name_platforms() -> None:
    asked = instructions("ARG BUILDARCH\nFROM a\nARG TARGETARCH TARGETVARIANT\nARG TARGETOS=mine\nARG OTHER")
    assert automatic_args(asked, {}, "linux/amd64", "linux/arm/v7") == {
        "BUILDARCH": "amd64", "TARGETARCH": "arm", "TARGETVARIANT": "v7",
    }  # fmt: skip
    assert automatic_args(asked, {"TARGETARCH": "x"}, "linux/amd64", None) == {
        "BUILDARCH": "amd64", "TARGETVARIANT": "",
    }  # fmt: skip
    assert len(AUTOMATIC) == 8 and automatic_args(instructions("FROM a"), {}, "linux/amd64", None) == {}
