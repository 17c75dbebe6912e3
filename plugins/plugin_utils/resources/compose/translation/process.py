# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process of a service's containers: what runs, with what environment, when it is restarted, how it is checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ....compose.model.durations import nanoseconds
from ....compose.model.paths import joined
from .scope import Params, Scope

Translator = Callable[[Any, Scope], Params]
_MILLISECOND, _SECOND = 10**6, 10**9
# What the conditions of deploy.restart_policy are called for a container.
_CONDITIONS = {"none": "no", "any": "always"}
_SECCOMP = "seccomp"
_NO_FILES = ("unconfined", "builtin")


def same(value: Any) -> Any:
    return value


def to(option: str, make: Callable[[Any], Any] = same) -> Translator:
    """A key that is one option, with the value that ``make`` makes of the key's."""
    return lambda value, _scope: {option: make(value)}


def unless_null(option: str) -> Translator:
    """A key for which null means that nothing is said, as for commands."""
    return lambda value, _scope: {} if value is None else {option: value}


def environment(value: Mapping[str, str | None], _scope: Scope) -> Params:
    """A variable without a value is not set."""
    return {"env": {key: item for key, item in value.items() if item is not None}}


def length(text: str) -> str:
    """A length of time as our options have it, of one as Go writes it; what is below a millisecond is dropped."""
    parts = nanoseconds(text) // _MILLISECOND
    seconds, rest = divmod(parts, 1000)
    return f"{parts}ms" if rest else f"{seconds}s"


def whole_seconds(text: str) -> int:
    """Rounded up: nobody who allows half a second means none."""
    return -(-nanoseconds(text) // _SECOND)


def healthcheck(value: Mapping[str, Any], _scope: Scope) -> Params:
    if value.get("disable"):
        return {"healthcheck": {"test": ["NONE"]}}
    times = ("interval", "timeout", "start_period", "start_interval")
    check = {key: length(value[key]) for key in times if key in value}
    check |= {key: value[key] for key in ("test", "retries") if key in value}
    # Without a test of its own, the image's is meant.
    return {"healthcheck": {**check, "test_cli_compatible": True}}


def restart(value: str, _scope: Scope) -> Params:
    """on-failure may have a number of attempts behind it."""
    policy, _colon, attempts = value.partition(":")
    return _policy(policy, int(attempts) if attempts.isdigit() else 0)


def deployed_restart(value: Mapping[str, Any]) -> Params:
    """``deploy.restart_policy``, which stands above ``restart``."""
    condition = str(value.get("condition") or "any")
    return _policy(_CONDITIONS.get(condition, condition), int(value.get("max_attempts") or 0))


def _policy(name: str, attempts: int) -> Params:
    retries = {"restart_retries": attempts} if attempts and name == "on-failure" else {}
    return {"restart_policy": name, **retries}


def logging(value: Mapping[str, Any], _scope: Scope) -> Params:
    names = {"driver": "log_driver", "options": "log_options"}
    return {option: value[key] for key, option in names.items() if key in value}


def security(value: list[str], scope: Scope) -> Params:
    """A seccomp profile is a file of the controller, and its text is what the engine gets."""
    return {"security_opts": [_profile(index, option, scope) for index, option in enumerate(value)]}


def _profile(index: int, option: str, scope: Scope) -> str:
    key, sign, path = option.partition("=" if "=" in option else ":")
    if key != _SECCOMP or not sign or path in _NO_FILES:
        return option
    place = joined(scope.given.folder, path)
    try:
        profile = json.loads(scope.given.read(place))
    except (OSError, ValueError) as error:
        scope.refuse(("security_opt", index), f"names {place}, which can't be used: {error}.", "Correct the path.")
        return option
    return f"{_SECCOMP}={json.dumps(profile, separators=(',', ':'), ensure_ascii=False)}"
