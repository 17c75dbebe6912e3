# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failure says of secrets, when a task is done again, and what becomes of errors that nobody foresaw."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import base
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction, failure, for_people
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import (
    EngineError,
    FleetError,
    InvalidOption,
    InvalidOptions,
    PolicyError,
    SshError,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import peer_connection
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Resource
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.policy import Policy
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import MASK, Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.rules import Rules

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


SECRET = "hidden-" * 60
# An error -> the words around the value.
LONG: list[tuple[InvalidOptions, str, str]] = [
    (InvalidOption("engine_socket", "/run" * 750 + "/", "this is no socket.", "Name one."), "has the value '/run/run",
     "/run/run/': this is no socket."),
    (InvalidOption("ports", ["80:80"] * 500, "no."), "has the value ['80:80', ", "'80:80']: no."),
    (InvalidOption("comparisons." + "k" * 3_000, "x", "no such option."), "Option 'comparisons.kkk",
     "kkk' has the value 'x': no such option."),
    (InvalidOptions("value of state must be one of: present, absent, got: " + "x" * 3_001), "one of: present, absent, "
     "got: xxx", "xxx"),
    (InvalidOption("env", {"a": "x" * 140 + SECRET}, "no."), "{'a': 'xxx", f"{MASK}'}}: no."),
]  # fmt: skip


@pytest.mark.parametrize(("error", "begin", "end"), LONG, ids=range(len(LONG)))
def test_a_long_value_is_quoted_without_its_middle(error: InvalidOptions, begin: str, end: str) -> None:
    """And no half of a secret stays of it."""
    masker = Masker()
    masker.learn({"API_TOKEN": SECRET})
    result = failure(error, masker)
    for told in (result["msg"], result["error"]["message"]):
        assert begin in told and end in told and len(told) < 600 and "hidden" not in told
        assert ("characters are left out here" in told) == (SECRET not in error.message)
    assert result["error"].get("option") == getattr(error, "option", None)


def test_an_error_with_other_words_says_these() -> None:
    with pytest.raises(InvalidOption) as caught:
        peer_connection.settled({"docker_host": "tcp://x"}, peer_connection.SPEC)
    result = failure(caught.value, Masker())
    assert (
        result["error"]["message"] == "Option 'docker_host' names another way to the engine, which there is not here."
    )


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


class Probe(RemoteAction):
    """An action without Ansible; ``doing`` is what it does."""

    doing: Callable[[], Any]

    def __init__(self) -> None:
        self.target = self.settings = None  # type: ignore[assignment]
        self.times = 0

    def log(self, message: str) -> None:
        """Silence."""

    def perform(self, session: Any, prepared: Any) -> dict[str, Any]:
        self.times += 1
        return {"done": self.doing()}


def session(*, answered: bool = False, changed: bool = False, answers: bool = True) -> Any:
    client = SimpleNamespace(
        answered=answered,
        may_have_changed=changed,
        unreadable=lambda problem: EngineError(f"s on h: {problem}", kind="bad_answer"),
    )
    return SimpleNamespace(
        client=client, problem=None, engine=dict, close=lambda: None, forget_engine=lambda: None,
        answers=lambda: answers, transport=SimpleNamespace(opened=False),
        diagnose=lambda: SshError("engine_down", "The engine is down.", "Start it."),
    )  # fmt: skip


def lost(kind: str) -> Callable[[], Any]:
    def raising() -> None:
        raise EngineError("No answer.", kind=kind, hint="Again.")

    return raising


# The session, what goes wrong -> how often the task is done, the error's kind, its hint.
UNANSWERED: list[tuple[dict[str, bool], str, int, str, str]] = [
    ({"answers": False}, "no_answer", 2, "engine_down", "Start it. Again."),
    ({"answered": True, "answers": False}, "no_answer", 1, "engine_down", "Start it. Again."),
    ({"changed": True, "answers": False}, "no_answer", 1, "engine_down", "Start it. Again."),
    ({"answered": True}, "no_answer", 1, "no_answer", "Again. The engine answers again; its log there may tell what "
     "happened."),
    ({"changed": True}, "answer_lost", 1, "answer_lost", "Again. The engine answers again; its log there may tell what "
     "happened."),
    ({"changed": True, "answers": False}, "answer_lost", 1, "answer_lost", "Again. Now: The engine is down. Start it."),
    ({}, "timeout", 1, "timeout", "Again."),
]  # fmt: skip


@pytest.mark.parametrize(("state", "kind", "times", "told", "hint"), UNANSWERED)
def test_when_a_task_is_done_again(
    monkeypatch: pytest.MonkeyPatch, state: dict[str, bool], kind: str, times: int, told: str, hint: str
) -> None:
    """Only where nothing can have been changed; and an engine that answers is not called down."""
    monkeypatch.setattr(base, "open_session", lambda *_args: session(**state))
    probe = Probe()
    probe.doing = lost(kind)
    with pytest.raises(FleetError) as caught:
        probe.work(None)
    assert (probe.times, caught.value.kind, caught.value.hint) == (times, told, hint)


UNFORESEEN: list[Callable[[], Any]] = [
    lambda: "text".get("x"),  # type: ignore[attr-defined]
    lambda: {}["Name"],
    [].pop,
    lambda: int("x"),
]


@pytest.mark.parametrize("doing", UNFORESEEN)
def test_what_nobody_foresaw_has_a_class_and_a_host(monkeypatch: pytest.MonkeyPatch, doing: Callable[[], Any]) -> None:
    monkeypatch.setattr(base, "open_session", lambda *_args: session(answered=True))
    probe = Probe()
    probe.doing = doing
    with pytest.raises(EngineError, match=r"^s on h: ") as caught:
        probe.work(None)
    assert caught.value.kind == "bad_answer"


@pytest.mark.parametrize("formats", [True, False])
def test_a_format_is_for_modules_that_have_both(formats: bool) -> None:
    """Others take the option too, because module_defaults of the action group give it to them."""
    action = Probe()
    action.FORMATS = formats
    action._task = SimpleNamespace(diff=True, check_mode=True)
    action.setting = lambda name, params: {"result_format": "engine"}[name]  # type: ignore[method-assign]
    assert action._telling({"debug": True}) == Telling("engine" if formats else "unified", True, True, True)


@pytest.mark.parametrize(("wanted", "told"), [("unified", {"engine": {}, "done": 1}), ("engine", {"done": 1})])
def test_the_engine_is_told_of_in_the_collections_own_format(wanted: str, told: dict[str, Any]) -> None:
    action = Probe()
    action.doing, action.telling = (lambda: 1), Telling(wanted)
    assert action._performed(session(), None) == told


def test_each_host_of_a_task_has_its_own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    action = Probe()
    action._task = SimpleNamespace(action="sshfleet.containers.remote_image_ship", no_log=False)
    action.rules = Rules("source", Policy(), "", False)
    action._rules = {"target": lambda: Rules("target", Policy("read_only"), "", False)}
    monkeypatch.setattr(base, "owners_of", lambda *_given: None)

    def runner(host: str) -> Any:
        one = session()
        one.transport.target, one.client.changing = SimpleNamespace(name=host), contextlib.nullcontext
        return action.runner(one)

    step = Resource("image", "app on target").step("ship", "it is missing")
    with runner("source").doing(step):
        pass
    with pytest.raises(PolicyError, match="The policy of target is read_only"), runner("target").doing(step):
        raise AssertionError("it is done")
