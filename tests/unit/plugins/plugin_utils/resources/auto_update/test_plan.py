# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engine lists and Podman's command says, together: what is to be done, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update.command import Line, Report
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update.options import (
    Options,
    parse,
    require_taken,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update.plan import (
    LABEL,
    UNIT_LABEL,
    Observed,
    labelled,
    observed,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.auto_update.result import failure, result

IMAGE = "registry.example.com/web:1"


def listed(name: str, policy: str = "registry", unit: str | None = "", image: str = IMAGE) -> dict[str, Any]:
    """A container of the engine's list; its ID is its name, four times."""
    labels = {LABEL: policy} | ({} if unit is None else {UNIT_LABEL: unit or f"{name}.service"})
    return {"Id": name * 4, "Names": [f"/{name}"], "Image": image, "ImageID": "sha256:" + "ab" * 32, "Labels": labels}


def line(name: str, status: str) -> Line:
    return Line(name, name * 4, IMAGE, "registry", f"{name}.service", status)


def seen(*containers: dict[str, Any], lines: tuple[Line, ...] = (), errors: tuple[str, ...] = ()) -> Observed:
    return observed(labelled(containers), Report(17, lines, errors))


def test_what_is_pending_is_one_step() -> None:
    others = [listed("off", "disabled"), {"Id": "plain", "Names": ["/plain"], "Labels": None}]
    found = seen(listed("b"), listed("a"), listed("c"), *others, lines=(line("a", "pending"), line("b", "current")))
    planned = plan(found)
    assert str(planned) == "1. auto-update a: update (there are newer images)"
    assert planned.actions()[0]["units"] == ["a.service"]
    assert planned.diff()["before"] == {"a": f"{IMAGE} (abababababab)"}
    told = {one["name"]: one["status"] for one in result(planned, found)["containers"]}
    assert told == {"a": "pending", "b": "current", "c": "not_running"} and failure(planned, found) is None
    assert not plan(seen(listed("b"), lines=(line("b", "current"),))).changed


@pytest.mark.parametrize(("container", "status", "error"), [
    (listed("a"), "failed", "checking image updates for container aaaa: denied"),
    (listed("a"), "failed", 'restarting unit a.service during update: expected "done" but received "failed"'),
    (listed("a"), "current", f"Error checking updates for image {IMAGE}: no route (ignoring error)"),
    (listed("a", unit=None), "", 'auto-updating container "aaaa": no PODMAN_SYSTEMD_UNIT label found'),
    (listed("a", "sometimes"), "", 'invalid auto-update policy "sometimes": valid policies are ["disabled"]'),
])  # fmt: skip
def test_an_error_is_its_containers(container: dict[str, Any], status: str, error: str) -> None:
    other = listed("b", image="registry.example.com/b:1")
    lines = (line("b", "updated"), *([line("a", status)] if status else []))
    found = seen(other, container, lines=lines, errors=(error,))
    assert [(one.status, bool(one.reason)) for one in found.containers] == [("failed", True), ("updated", False)]
    told = failure(plan(found), found)
    assert found.errors == () and told is not None and "a " in told.message and told.kind == "update_failed"


def test_what_was_put_back_fails_the_task_and_is_changed() -> None:
    before = seen(listed("a"), listed("b"), lines=(line("a", "pending"), line("b", "pending")))
    after = seen(listed("a"), listed("b"), lines=(line("a", "rolled_back"), line("b", "updated")))
    told = failure(plan(before), after)
    assert told is not None and "a (unit a.service) was put back to its old image" in told.message
    assert told.beside["changed"] and [one["status"] for one in told.beside["containers"]] == ["rolled_back", "updated"]
    assert (lost := failure(plan(before), seen(errors=("no bus",)))) and "no bus" in lost.message


def test_a_second_report_tells_anew() -> None:
    first = seen(listed("a"), lines=(line("a", "failed"),), errors=("checking image updates for container aaaa: x",))
    again = observed(first.containers, Report(18, (line("a", "updated"),)))
    assert again.containers[0].status == "updated" and again.containers[0].reason == ""


def test_options() -> None:
    given = {"rollback": True, "authfile": None, "validate_certs": None, "timeout": 900.0}
    assert parse(given) == Options()
    for option, bad in (("authfile", "auth.json"), ("authfile", "/a\n"), ("timeout", 0)):
        with pytest.raises(InvalidOption, match=option):
            parse({**given, option: bad})
    old, new = Engine("podman", (4, 3, 1)), Engine("podman", (4, 7))
    for options in (Options(authfile="/a"), Options(validate_certs=True)):
        require_taken(options, new)
        with pytest.raises(InvalidOption, match=r"Podman 4\.7"):
            require_taken(options, old)
