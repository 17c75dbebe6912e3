# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine tells about a path in a container."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.archives import STAT_HEADER, path_stat
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import BadAnswer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import PathStat
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError


def header(**found: Any) -> str:
    return base64.b64encode(json.dumps({"name": "x", "mtime": "2026-01-31T12:00:00Z", **found}).encode()).decode()


STATS = [
    (header(size=5, mode=0o644, linkTarget=""), PathStat("file", 5, 0o644)),
    (header(size=4096, mode=1 << 31 | 1 << 20 | 0o777), PathStat("dir", 4096, 0o1777)),
    (header(size=7, mode=1 << 27 | 0o777, linkTarget="/etc/x"), PathStat("link", 7, 0o777, "/etc/x")),
    (header(size=0, mode=1 << 25 | 0o600), PathStat("other", 0, 0o600)),
    (header(size=0, mode=1 << 26 | 1 << 21 | 0o600), PathStat("other", 0, 0o600)),
    (header(size=9, mode=1 << 23 | 1 << 22 | 0o755), PathStat("file", 9, 0o6755)),
]


@pytest.mark.parametrize(("said", "stat"), STATS)
def test_the_header(said: str, stat: PathStat) -> None:
    assert path_stat(said) == stat


@pytest.mark.parametrize("said", [None, "", "%%", base64.b64encode(b"[1]").decode(), header()])
def test_a_header_that_is_no_engines(said: str | None) -> None:
    with pytest.raises(BadAnswer, match=STAT_HEADER):
        path_stat(said)


def test_requests(engine: Any, connect: Callable[..., Any], answer: Any) -> None:
    client = connect()
    engine.answers["HEAD /containers/app/archive"] = answer(headers={STAT_HEADER: STATS[0][0]})
    assert client.archives.stat("app", "/a b/ä") == STATS[0][1]
    assert engine.paths()[-1].endswith("/containers/app/archive?path=%2Fa+b%2F%C3%A4")
    engine.answers["HEAD /containers/app/archive"] = answer(404)
    assert client.archives.stat("app", "/x") is None
    engine.answers["HEAD /containers/app/archive"] = answer(500)
    engine.answers["GET /containers/app/archive"] = answer(500, {"message": "not a directory"})
    with pytest.raises(EngineError, match="not a directory"):
        client.archives.stat("app", "/x/y")
    engine.answers["GET /containers/app/archive"] = answer(200, b"tar")
    with client.archives.get("app", "/x") as pieces:
        assert b"".join(pieces) == b"tar"
    with pytest.raises(PermissionError), client.archives.get("app", "/x") as pieces:
        raise PermissionError  # of the reader's own
