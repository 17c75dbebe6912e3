# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_login: the registry in all its spellings, and passwords that are shown nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry import credentials
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.login import (
    ARGUMENT_SPEC,
    failed,
    parse,
    unreached,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.plan import plan


def params(**given: Any) -> dict[str, Any]:
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    return {**defaults, "username": "me", "password": "hunter2", **given}


def test_plans_as_text(golden: Any) -> None:
    wanted, gone = parse(params(registry_url="r.example.com")), parse(params(registry_url="r", state="absent"))
    other = credentials.Credentials("r.example.com", "other", "hunter2")
    plans = {
        "log in": plan(wanted, None), "another login": plan(wanted, other),
        "as it is": plan(wanted, wanted.credentials),
        "log out": plan(gone, other), "nobody to log out": plan(gone, None),
    }  # fmt: skip
    golden("plans.txt", plans)
    assert "hunter2" not in repr(plans)


@pytest.mark.parametrize(
    ("url", "registry", "address"),
    [
        ("https://index.docker.io/v1/", "docker.io", "https://index.docker.io/v1/"),
        ("docker.io", "docker.io", "https://index.docker.io/v1/"),
        ("r.example.com", "r.example.com", "r.example.com"),
        ("https://r.example.com:5000/v2/", "r.example.com:5000", "r.example.com:5000"),
        ("http://10.0.0.1:80", "10.0.0.1:80", "10.0.0.1:80"),
        ("[::1]:5000", "[::1]:5000", "[::1]:5000"),
    ],
)
def test_the_registry(url: str, registry: str, address: str) -> None:
    login = parse(params(registry_url=url))
    assert login.registry == registry and login.credentials is not None
    assert login.credentials.auth() == {"username": "me", "password": "hunter2", "serveraddress": address}
    assert "hunter2" not in repr(login) + str(login.result(changed=True, before=None))


@pytest.mark.parametrize(
    ("kind", "message", "remedy"),
    [
        ("registry_denied", "Logging in to r.example.com as me failed: no.", "Correct username and password"),
        ("engine_error", "Logging in to r.example.com as me failed: no.", "does the host reach it"),
        ("timeout", "no.", "wait"),
    ],
)
def test_a_login_that_failed(kind: str, message: str, remedy: str) -> None:
    wanted = parse(params(registry_url="r.example.com")).credentials
    assert wanted is not None
    error = failed(wanted, EngineError("no.", 500, "wait", kind))
    assert (error.message, error.status, error.kind) == (message, 500, kind) and remedy in error.hint


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("engine_error", "dial tcp: lookup r.example.com: no such host", True),
        (
            "engine_error",
            "login attempt to https://r.example.com/v2/ failed with status: 503 Service Unavailable",
            True,
        ),
        # Docker 20.10, of a wrong password at a registry with TLS on localhost
        ("engine_error", "login attempt to http://localhost:5501/v2/ failed with status: 400 Bad Request", False),
        ("registry_denied", "unauthorized", False),
    ],
)
def test_a_registry_that_answers_is_no_warning_in_check_mode(kind: str, words: str, expected: bool) -> None:
    assert unreached(EngineError(f"{words}.", 500, "", kind)) is expected


def test_a_logout_needs_no_password() -> None:
    login = parse(params(state="absent", username=None, password=None, registry_url="r.example.com"))
    assert login.credentials is None
    assert login.result(changed=True, before="me") == {
        "changed": True, "registry": "r.example.com",
        "diff": {"before": {"username": "me"}, "after": {"username": None}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"registry_url": "a b"}, "registry_url"),
        ({"registry_url": "https://me:hunter2@r.example.com"}, "registry_url"),
        ({"username": ""}, "username"),
        ({"username": "a:b"}, "username"),
        ({"password": ""}, "password"),
        ({"config_path": "/x"}, "config_path"),
    ],
)
def test_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        parse(params(**given))
    assert caught.value.option == option and caught.value.hint and "hunter2" not in str(caught.value)


def test_equal_credentials_are_equal() -> None:
    one = credentials.Credentials("r", "me", "a")
    assert one == credentials.Credentials("r", "me", "a") != credentials.Credentials("r", "me", "b")
