# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers of real engines that answer our commands as they like: nothing outside is touched, and all has an end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from engine_cases import Case, Make, killer
from on_every_engine import on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import listing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.container_files import (
    ContainerFiles,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.into import CopyInto, sources
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.out import CopyOut

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
BUSYBOX = "#!/bin/busybox sh\n"


@contextmanager
def hostile(case: Case, make: Make) -> Iterator[tuple[str, ContainerFiles]]:
    """A container with some files."""
    name = make("sh", "-c", "mkdir -p /srv/d && echo x > /srv/d/f && echo y > /srv/conf; sleep 600", StopTimeout=0)
    case.ssh(case.engine, "exec", name, "sh", "-c", "'while [ ! -e /srv/conf ]; do sleep 0.05; done'")
    yield name, ContainerFiles(case.client, case.client.containers.inspect(name) or {}, killer(case, name).end)


def becomes(case: Case, name: str, tool: str, script: str) -> None:
    """A tool of the container is another program from now on."""
    case.ssh(case.engine, "exec", "-i", name, "/bin/busybox", "sh", "-c",
             f"'rm -f /bin/{tool}; cat > /bin/{tool}; chmod 755 /bin/{tool}'", input=BUSYBOX + script)  # fmt: skip


def out(files: ContainerFiles, path: Path) -> dict[str, Any]:
    given = {"container": "app", "direction": "out_of", "path": str(path), "container_path": "/srv/d"}
    return CopyOut(files, parse({**DEFAULTS, **given}), path, None).run(False)


def into(files: ContainerFiles) -> dict[str, Any]:
    copy = parse(
        {**DEFAULTS, "container": "app", "content": "y" * 100_000, "mode": "0644", "container_path": "/srv/conf"}
    )
    return CopyInto(files, copy, sources(copy, 0.0), None).run(False)


def record(path: str, kind: str = "d", extra: str = "") -> str:
    return f"printf '%s\\0%s\\0%s\\0%s\\0' '{path}' {kind} '0 0 777 0' '{extra}'\n"


OUTSIDE = ["/srv/d/../victim", "/srv/d/..", "/victim"]  # more are in the unit tests


@pytest.mark.fault("A container of the engine answers as it likes")
@pytest.mark.provokes("container_answer")
@on_every_engine
def test_a_name_that_leads_outside_is_refused(case: Case, make: Make, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o700)
    with hostile(case, make) as (name, files):
        for path in OUTSIDE:
            becomes(case, name, "find", record("/srv/d") + record(path))
            with pytest.raises(EngineError) as caught:
                out(files, tmp_path / "copy")
            assert caught.value.kind == "container_answer" and repr(path) in caught.value.message, path
            assert name in caught.value.message
        assert victim.stat().st_mode & 0o777 == 0o700
        assert [path.name for path in tmp_path.iterdir()] == ["victim"]


@on_every_engine
def test_links_that_lead_outside_together(case: Case, make: Make, tmp_path: Path) -> None:
    """Each alone looks harmless; told by the container's shell, and fetched from one that has none."""
    (tmp_path / "victim").mkdir()
    with hostile(case, make) as (name, files):
        chain = "cd /srv/d && ln -s . b && ln -s b/.. l && ln -s l/victim leak"
        case.ssh(case.engine, "exec", name, "sh", "-c", f"'{chain}'")
        for shell in (True, False):
            if not shell:
                case.ssh(case.engine, "exec", name, "/bin/busybox", "rm", "/bin/sh")
            with pytest.raises(InvalidOption, match="leads out of what is copied"):
                out(files, tmp_path / "copy")
            assert not (tmp_path / "copy").exists()


ENDLESS = "echo go; exec /bin/busybox yes {}\n".format("x" * 2000)
SILENT = "exec /bin/busybox sleep 7777\n"


def left(case: Case, name: str) -> list[str]:
    """What runs in a container beside its own process."""
    found = case.ssh(case.engine, "exec", name, "/bin/busybox", "ps", "-o", "args").splitlines()
    return [line for line in found if "yes x" in line or "7777" in line or "/bin/find" in line or "/bin/sh" in line]


@pytest.mark.fault("A container of the engine answers as it likes")
@on_every_engine
def test_what_has_no_end_is_ended(case: Case, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where silence is looked for, it is short; elsewhere a busy machine may be silent. Who drips is in a unit test."""
    monkeypatch.setattr(listing, "MOST_PRINTED", 1 << 20)
    with hostile(case, make) as (name, files):
        for script, words in ((ENDLESS, "prints more"), (SILENT, "come to an end")):
            becomes(case, name, "find", script)
            if script != ENDLESS:
                monkeypatch.setattr(files._asking, "_silence", 1.2)
                monkeypatch.setattr(files._asking, "_total", 2.4)
            with pytest.raises(EngineError, match=words) as caught:
                out(files, tmp_path / "copy")
            assert caught.value.kind == "container_answer" and "the command was ended" in caught.value.message
            assert left(case, name) == []
        files = ContainerFiles(case.client, case.client.containers.inspect(name) or {}, killer(case, name).end)
        becomes(case, name, "sh", ENDLESS)
        with pytest.raises(EngineError, match="prints more"):
            into(files)
        assert left(case, name) == []
        assert not (tmp_path / "copy").exists()
