# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a command in a container writes is kept up to a limit."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside import written


def test_a_command_without_end_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "MOST", 3 << 20)
    kept = written.Written("web")
    for stream in (1, 2, 1):
        kept.take(stream, b"x" * (1 << 20))
    with pytest.raises(EngineError, match="container web writes more than 3 MiB") as caught:
        kept.take(2, b"x")
    assert caught.value.kind == "container_answer" and "max_output" in caught.value.hint
    assert list(map(len, kept.streams())) == [2 << 20, 1 << 20]
