# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failure says of secrets, whoever raises it."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure, for_people
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
    (
        EngineError("The container web did not start.\nThe end of its log:\n    hidden-one", 500, "Look."),
        f"\n    {MASK}",
    ),
    (EngineError("refused: hidden-one, key=cache", 500, "Look at hidden-one."), f"refused: {MASK}, key=cache"),
]


@pytest.mark.parametrize(("error", "shown"), FAILURES)
def test_a_failure_tells_no_secret(error: FleetError, shown: str) -> None:
    masker = Masker()
    masker.learn({"API_TOKEN": "hidden-one"})
    result = failure(error, masker)
    assert shown in result["msg"] and shown in result["error"]["message"]
    assert "hidden" not in str(result)


def test_what_others_wrote_is_shown_without_control_characters() -> None:
    """In messages, warnings and diffs; data stay as they are. Lines of others never begin at the margin."""
    log = "\x1b]0;x\x07\x9b2J\r\nok: [web1] => {}\u202e"
    error = {"kind": "engine_error", "message": log, "hint": "a\x1b", "status": 500}
    data = {"lines": [log], "container": {"env": {"A": log}}}
    shown = r"\x1b]0;x\x07\x9b2J" + "\n" + r"    ok: [web1] => {}\u202e"
    result = for_people({**data, "msg": log, "error": error, "warnings": [log], "diff": {"before": [log], "after": {}}})
    assert (result["msg"], result["error"]["message"], result["warnings"]) == (shown, shown, [shown])
    assert result["error"]["hint"] == r"a\x1b" and "\x1b" not in str(result["diff"]["before"][0])
    assert {key: result[key] for key in data} == data
    assert for_people({"changed": False}) == {"changed": False}
