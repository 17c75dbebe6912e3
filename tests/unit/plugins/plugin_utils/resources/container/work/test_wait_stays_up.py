# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a new container counts as failed: what the engine tells at each look, one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.wait import Waiter

RUNS = {"State": {"Running": True, "ExitCode": 0}}
RUNS_AGAIN = {"RestartCount": 1, "State": {"Running": True, "ExitCode": 0}}
WAITS_FOR_RESTART = {"RestartCount": 2, "State": {"Running": True, "Restarting": True, "ExitCode": 3}}
DONE = {"State": {"Running": False, "ExitCode": 0}}
FAILED = {"State": {"Running": False, "ExitCode": 7}}

LOOKS: dict[str, tuple[list[dict[str, Any] | None], str]] = {
    "it runs": ([RUNS, RUNS, RUNS], ""),
    "its work is done": ([RUNS, DONE, DONE], ""),
    "it failed at the last look": ([RUNS, RUNS, FAILED], "exit code 7"),
    "the exit code shows between two starts": ([RUNS_AGAIN, WAITS_FOR_RESTART], "exit code 3"),
    "its engine has removed it": ([RUNS, None], "the engine removed it"),
    "no look sees the exit code": ([RUNS, RUNS_AGAIN, RUNS_AGAIN], "its restart policy starts it over"),
}


@pytest.mark.parametrize(("looks", "message"), LOOKS.values(), ids=LOOKS)
def test_a_new_container_has_to_run(looks: list[dict[str, Any] | None], message: str) -> None:
    told = iter(looks)
    client = FakeClient()
    client.containers_inspect = lambda _name: next(told)  # type: ignore[attr-defined]
    waiter = Waiter(client, parse({"name": "app"}), lambda: 0.0, lambda _seconds: None)
    if not message:
        waiter.stays_up("app")
        return
    with pytest.raises(EngineError, match=message) as caught:
        waiter.stays_up("app")
    assert caught.value.kind == "container_ended"
