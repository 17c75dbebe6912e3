# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests have to know of each module, one file of its own each: ``tests/resources/MODULE.py`` has its ``SAMPLE``.

The tests find the modules in the catalogue; one without a sample fails in each of them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "resources"
# The host on which examples and sample calls run; its Podman and its Docker both have this image.
HOST = "bookworm1"
IMAGE = "localhost/busybox:latest"
SHIPPED = "registry.example.com/shop/api:1.4"  # of the examples about images

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Scratch:
    """An engine that has nothing yet, and a directory of the controller that is empty. What a play would make has
    these names.
    """

    engine: str
    host: str
    directory: Path
    container: str = "scratch-app"
    image: str = "localhost/scratch:1"
    network: str = "scratch-net"
    volume: str = "scratch-data"
    registry: str = "127.0.0.1:9"  # where nothing listens

    @property
    def at(self) -> dict[str, str]:
        return {"engine": self.engine}

    @property
    def archive(self) -> str:
        return str(self.directory / "scratch.tar")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What tests have to know of one module.

    :param call: arguments with which it does something on ``HOST``, whose result has all that is documented. Modules
        are called in the order of the catalogue; the first makes the container "shape".
    :param scratch: gives, for an engine that has nothing yet, lists of arguments and what each of them misses in check
        mode ("" for nothing), as a part of the warning. Without anything it can miss, ``needs_nothing``.
    :param peers: by a recorded peer (plugins/plugin_utils/moving/peers): its options that are otherwise here, with what
        they have otherwise, where a peer's value means the same.
    :param made: what the call has made, as arguments to an engine's command line that removes it.
    :param inside: its examples need a running container "app".
    :param host: where its examples and its call run, if the usual host can't have it.
    :param before: what that host's shell makes for its examples and its call, and ``after`` what removes that again.
    """

    call: Arguments
    scratch: Callable[[Scratch], Sequence[tuple[Arguments, str]]]
    peers: Mapping[str, Mapping[str, Arguments]] = field(default_factory=dict)
    made: tuple[tuple[str, ...], ...] = ()
    inside: bool = False
    host: str = HOST
    before: str = ""
    after: str = ""


def needs_nothing(**arguments: Any) -> Callable[[Scratch], Sequence[tuple[Arguments, str]]]:
    """For ``Sample.scratch``: one call with these arguments, which misses nothing."""
    return lambda scratch: [({**scratch.at, **arguments}, "")]


# In a peer, one name; here a list, for which one name is a list of one.
MANY = {"type": "list", "elements": "str", "required": None}


@cache
def sample(module: str) -> Sample:
    """What tests have to know of a module of the catalogue."""
    path = FOLDER / f"{module}.py"
    assert path.is_file(), (
        f"{module} is in the catalogue (action/catalogue.py) and has no tests/resources/{module}.py, which says how "
        "tests call it: see 'A module' in CONTRIBUTING.md"
    )
    spec = importlib.util.spec_from_file_location(f"sample_of_{module}", path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    found: Sample = loaded.SAMPLE
    return found


def names() -> set[str]:
    """The modules that have a sample."""
    return {path.stem for path in FOLDER.glob("*.py")}
