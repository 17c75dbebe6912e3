# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one fake of the client (tests/support/fake_client.py) is as the client is, and cannot drift from it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from fake_client import METHODS, SIGNATURES, FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import client as real
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.permission import UnpermittedChange
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import GROUPS, Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

REAL = {
    "system": real.System, "containers": real.Containers, "execs": real.Execs, "archives": real.Archives,
    "images": real.Images, "networks": real.Networks, "volumes": real.Volumes, "registries": real.Registries,
    "events": real.Events, "secrets": real.Secrets, "pods": real.Pods, "kube": real.Kube,
}  # fmt: skip


class Engine(FakeClient):
    """Starts and inspects containers."""

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Id": "1", "Name": f"/{name}"}

    def containers_start(self, name: str) -> None:
        """It starts."""


@pytest.mark.parametrize("request_", SIGNATURES)
def test_the_declared_signature_is_the_real_one(request_: str) -> None:
    """mypy holds the types together; names, order and defaults are what a call meets."""
    group, _dot, name = request_.partition(".")

    def seen(signature: inspect.Signature) -> list[Any]:
        parameters = signature.parameters.values()
        return [(one.name, one.kind, one.default is inspect.Parameter.empty) for one in parameters]

    own = inspect.signature(getattr(REAL[group], name))
    assert seen(own) == seen(SIGNATURES[request_])
    for one in SIGNATURES[request_].parameters.values():
        assert one.default is ... or one.default == own.parameters[one.name].default


def test_it_has_all_that_a_client_has() -> None:
    fake = FakeClient()
    assert [name for name in vars(Client) if not name.startswith("_") and not hasattr(fake, name)] == []
    assert {group for group in GROUPS if not hasattr(fake, group)} == set()


@pytest.mark.parametrize("method", METHODS)
def test_a_script_with_another_signature_is_refused(method: str) -> None:
    def other(self: Any, unheard_of: str, *, and_more: bool) -> None:
        """No request is like it."""

    with pytest.raises(AssertionError, match=f"Drifted.{method} has"):
        type("Drifted", (FakeClient,), {method: other})


def test_a_call_that_the_client_would_not_take_is_refused() -> None:
    engine = Engine(guarded=False)
    engine.containers_remove = lambda *_args, **_options: None  # type: ignore[attr-defined]
    engine.containers.remove("x", force=True)
    with pytest.raises(TypeError):
        engine.containers.remove("x", True)
    with pytest.raises(TypeError):
        engine.containers.start("x", force=True)
    with pytest.raises(AttributeError):
        engine.containers.begin("x")
    with pytest.raises(AssertionError, match=r"does not say what containers\.stop does"):
        engine.containers.stop("x")


def test_what_was_asked_and_what_fails() -> None:
    engine = Engine(guarded=False)
    engine.fail["containers.start"] = EngineError("no", 500)
    with pytest.raises(EngineError):
        engine.containers.start("x")
    engine.containers.start(name="x")
    assert engine.containers.inspect("x") == {"Id": "1", "Name": "/x"}
    assert engine.calls == [("containers.start", "x")] * 2 + [("containers.inspect", "x")]
    assert engine.given("containers.start")["name"] == "x" and engine.may_have_changed
    assert engine.changes() == ["containers.start"] * 2 and engine.calls == [] and not engine.may_have_changed


def test_changes_go_out_only_where_they_may() -> None:
    engine = Engine()
    engine.containers.inspect("x")
    with pytest.raises(UnpermittedChange):
        engine.containers.start("x")
    with engine.changing():
        engine.containers.start("x")
    assert engine.changes() == ["containers.start"]
