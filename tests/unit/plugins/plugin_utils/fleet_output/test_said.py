# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a result is told, and what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output import said

FAILURES = [
    ({"msg": "no"}, "no"),
    ({"msg": "non-zero return code", "rc": 3}, "non-zero return code (exit code 3)"),
    ({"msg": "Ended.", "rc": 1, "stderr": "oh\n", "stdout": " \n"}, "Ended (exit code 1)\nstderr: oh"),
    ({"msg": "x", "stdout": "a\r\nb\n"}, "x\nstdout:\na\nb"),
    ({"msg": "the log: oh no", "stderr": "oh no"}, "the log: oh no"),
    ({"msg": ["a", 1]}, '["a", 1]'),
    ({"msg": "\x1b[2Jx\x07"}, r"\x1b[2Jx\x07"),
    ({}, "no message"),
    ({"censored": "the output has been hidden"}, "the output has been hidden"),
]


@pytest.mark.parametrize(("result", "text"), FAILURES)
def test_failures(result: dict[str, Any], text: str) -> None:
    assert said.failure(result) == text


def test_what_a_command_wrote() -> None:
    assert said.output({"stdout": "a\n", "stderr": "b\x1b\n", "rc": 0}) == "a\nb\\x1b"
    assert said.output({"stdout": "", "stderr": ""}) == ""
    assert said.output({"ping": "pong"}) is None


def test_a_very_long_text_is_told_without_its_middle() -> None:
    assert len(said.failure({"msg": "x" * 10**6})) < 20_000


def test_only_a_message() -> None:
    assert said.only_message({"msg": "x", "changed": False, "_ansible_verbose_always": True})
    assert not said.only_message({"msg": "x", "rc": 0})
    assert not said.only_message({"changed": False})


def test_times_are_left_out() -> None:
    assert said.without_times({"rc": 0, "start": 1, "end": 2, "delta": 1}) == {"rc": 0}


RAW = [
    ("sshfleet.containers.remote_container_exec", {"stdout": "a\x1b\n"}, ["a\x1b\n"]),
    ("remote_container_logs", {"stdout": ""}, [""]),
    ("remote_container_exec", {"results": [{"stdout": "a"}, {"skipped": True}, {"stdout": "b"}]}, ["a", "b"]),
    ("remote_container_exec", {"msg": "no"}, None),
    ("ansible.builtin.command", {"stdout": "a"}, None),
]


@pytest.mark.parametrize(("action", "result", "texts"), RAW)
def test_whose_output_is_kept_as_it_is(action: str, result: dict[str, Any], texts: list[str] | None) -> None:
    assert said.raw(action, result) == texts


def test_records() -> None:
    result = {
        "rc": 0,
        "_ansible_no_log": False,
        "invocation": {"x": 1},
        "results": [{"_ansible_item_label": 1, "a": {1, 2}}],
    }
    kept = json.loads(said.record("Do", "command", "ok", result))
    assert kept == {
        "task": "Do",
        "action": "command",
        "status": "ok",
        "result": {"rc": 0, "results": [{"a": "{1, 2}"}]},
    }


def test_what_is_censored_is_not_kept_in_other_words() -> None:
    censored = {"censored": "hidden", "changed": True, "exception": "secret", "warnings": ["secret"]}
    kept = said.record("Do", "command", "failed", {**censored, "results": [censored, {"exception": "open"}]})
    assert "secret" not in kept
    assert "open" in kept
