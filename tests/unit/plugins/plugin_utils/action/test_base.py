# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failure says of secrets, whoever raises it."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import (
    EngineError,
    FleetError,
    InvalidOption,
    InvalidOptions,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import MASK, Masker

FAILURES: list[tuple[FleetError, str]] = [
    (InvalidOption("command", "run 'hidden-one", "no closing quotation.", "Mend it."), f"run '{MASK}"),
    (InvalidOption("env", "DB_PASSWORD=hidden-two", "no variable can have this name."), f"DB_PASSWORD={MASK}"),
    (InvalidOption("mounts.volume_options", {"o": "username=u,password=hidden-two"}, "no."), f"u,password={MASK}"),
    (InvalidOption("mounts.volume_options", {"password": "hidden two"}, "no."), f"'password': '{MASK}'"),
    (InvalidOptions("one of: a, got: pg://app:hidden-two@db"), f"pg://app:{MASK}@db"),
    (EngineError("refused: hidden-one, key=cache", 500, "Look at hidden-one."), f"refused: {MASK}, key=cache"),
]


@pytest.mark.parametrize(("error", "shown"), FAILURES)
def test_a_failure_tells_no_secret(error: FleetError, shown: str) -> None:
    masker = Masker()
    masker.learn({"API_TOKEN": "hidden-one"})
    result = failure(error, masker)
    assert shown in result["msg"] and shown in result["error"]["message"]
    assert "hidden" not in str(result)
