# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docker compose itself, as what our resolved compose files are compared with (scripts/compose_reference.py)."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from compose_corners import Corner, filled

sys.path.insert(0, str(CHECKOUT / "scripts"))

import compose_reference
from common import StepError


@dataclass(frozen=True)
class Answer:
    """What docker compose said of a project: its model with single dollars, or None and why not."""

    model: Any
    said: str


def program() -> Path:
    """docker compose. Where it can't be had, a CI machine fails, and any other says that nothing is compared."""
    try:
        return compose_reference.program()
    except StepError as error:
        if os.environ.get("CI"):
            pytest.fail(f"NOTHING WAS COMPARED WITH DOCKER COMPOSE: {error}")
        pytest.skip(f"NOTHING WAS COMPARED WITH DOCKER COMPOSE: {error}")


def ask(corner: Corner, place: Path, docker: Path) -> Answer:
    """Resolve a case's files with docker compose."""
    printed, said = _run(corner, place, docker, corner.arguments(place))
    return Answer(None if printed is None else _single(json.loads(printed)), said)


def hashes(corner: Corner, place: Path, docker: Path) -> dict[str, str]:
    """The hashes that docker compose has of a case's services, by name; none where it refuses the case."""
    printed, _said = _run(corner, place, docker, corner.arguments(place, "--hash", "*"))
    return dict(line.split() for line in (printed or "").splitlines())


def _run(corner: Corner, place: Path, docker: Path, argv: list[str]) -> tuple[str | None, str]:
    """What docker compose prints, None for an error, and what it says; or the answer that this program gave to the very
    same question before: it is pinned, and answers alike.
    """
    first = place / corner.of[0]
    at = first if first.is_dir() else place
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "DOCKER_CONFIG": str(docker.parent / "no-configuration"),
        "PWD": str(place / corner.folder) if corner.folder else str(at if at is first else first.parent),
        **corner.env,
    }
    files = {str(path.relative_to(place)): path.read_text() for path in sorted(place.rglob("*")) if path.is_file()}
    asked = _elsewhere([docker.name, argv, str(at), {key: env[key] for key in env if key != "PATH"}, files], place)
    hashed = hashlib.sha256(json.dumps(["text", asked], sort_keys=True).encode()).hexdigest()[:32]
    kept = docker.parent / "answers" / hashed
    if not kept.is_file():
        done = subprocess.run([str(docker), *argv], cwd=at, env=env, capture_output=True, text=True, check=False)
        said = [done.stdout if done.returncode == 0 else None, done.stderr]
        kept.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False) as made:
            json.dump(_elsewhere(said, place), made)
        Path(made.name).rename(kept)
    printed, said_then = filled(json.loads(kept.read_text()), place)
    return printed, said_then


def _elsewhere(value: Any, place: Path) -> Any:
    """The same for any directory that the files may be in."""
    text = json.dumps(value)
    for path, name in ((place, "{folder}"), (place.parent, "{parent}")):
        text = text.replace(json.dumps(str(path))[1:-1], name)
    return json.loads(text)


def _single(value: Any) -> Any:
    """Without the doubled dollars, which are for a reader of compose files."""
    if isinstance(value, dict):
        return {_single(key): _single(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_single(item) for item in value]
    return value.replace("$$", "$") if isinstance(value, str) else value
