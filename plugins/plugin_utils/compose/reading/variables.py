# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a project, and what is put into a model for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..problems import Model, Path, Problems, Source, TooDeep, written
from ..tables import Table
from .scalars import Date, go_text
from .template import BadTemplate, MissingVariable, substitute

_ESCAPE = "Escape a $ that is to stay with another one: $$."
_BOOLEANS = {"true": True, "y": True, "yes": True, "on": True, "false": False, "n": False, "no": False, "off": False}


class _NoValue(Exception):
    """A text is no number, or no boolean."""


def _boolean(text: str) -> bool:
    if text.lower() not in _BOOLEANS:
        raise _NoValue("is no boolean.")
    return _BOOLEANS[text.lower()]


def _whole(text: str) -> int:
    try:
        if text.strip() != text or "_" in text:
            raise ValueError
        return int(text)
    except ValueError as error:
        raise _NoValue("is no whole number.") from error


def _number(text: str) -> float:
    try:
        if text.strip() != text or "_" in text:
            raise ValueError
        return float(text)
    except ValueError as error:
        raise _NoValue("is no number.") from error


_S = "services.*."
_INTEGERS = (
    "cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares deploy.replicas "
    "deploy.update_config.parallelism deploy.rollback_config.parallelism deploy.restart_policy.max_attempts "
    "deploy.placement.max_replicas_per_node healthcheck.retries oom_score_adj pids_limit ports.*.target scale "
    "ulimits.* ulimits.*.hard ulimits.*.soft"
)
_NUMBERS = "cpu_percent cpus deploy.update_config.max_failure_ratio deploy.rollback_config.max_failure_ratio"
_SERVICE_BOOLEANS = (
    "init healthcheck.disable oom_kill_disable privileged read_only stdin_open tty volumes.*.read_only "
    "volumes.*.volume.nocopy"
)
_TOP_BOOLEANS = (
    "networks.*.external networks.*.internal networks.*.attachable networks.*.enable_ipv4 networks.*.enable_ipv6 "
    "volumes.*.external secrets.*.external configs.*.external"
)
# Where a text becomes a number or a boolean once its variables are in.
CASTS = Table(
    {
        **dict.fromkeys((_S + key for key in _INTEGERS.split()), _whole),
        **dict.fromkeys((_S + key for key in _NUMBERS.split()), _number),
        **dict.fromkeys((_S + key for key in _SERVICE_BOOLEANS.split()), _boolean),
        **dict.fromkeys(_TOP_BOOLEANS.split(), _boolean),
    }
)


class Interpolation:
    """Puts a project's variables into models."""

    def __init__(self, variables: Mapping[str, str], problems: Problems) -> None:
        self.variables = variables
        self._problems = problems

    def text(self, text: str, path: Path, source: Source | None) -> str:
        try:
            return substitute(text, self.variables.get, self._unset)
        except BadTemplate:
            self._problems.add(path, "has a ${ that begins no variable.", _ESCAPE, text, source)
        except MissingVariable as error:
            reason = f": {error.reason}" if error.reason else ""
            problem = f"requires the variable {error.name}, which has no value{reason}."
            self._problems.add(path, problem, f"Set {error.name} in env, or in an env file.", source=source)
        except TooDeep:
            self._problems.add(path, "has defaults within defaults too deep.", "Write it simpler.", source=source)
        return text

    def model(self, content: Model, source: Source) -> Model:
        """A document's content with its variables put in; keys stay."""
        return {key: self._value(value, (key,), source) for key, value in content.items()}

    def _value(self, value: Any, path: Path, source: Source) -> Any:
        if isinstance(value, dict):
            self._keys(value, path, source)
            return {key: self._value(item, (*path, key), source) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, (*path, index), source) for index, item in enumerate(value)]
        if not isinstance(value, str) or isinstance(value, Date):
            return value
        text = self.text(value, path, source)
        cast = CASTS.at(path)
        return text if cast is None else self._cast(cast, text, path, source)

    def _cast(self, cast: Any, text: str, path: Path, source: Source) -> Any:
        try:
            made = cast(text)
        except _NoValue as error:
            self._problems.add(path, str(error), "Write true or false." if cast is _boolean else "", text, source)
            return text
        if cast is _boolean and text.lower() not in ("true", "false"):
            word = go_text(made)
            self._problems.warn(f"{source.file}: {written(path)}: {text!r} is taken for {word}; write {word}.")
        return made

    def _keys(self, value: Model, path: Path, source: Source) -> None:
        for key in value:
            if "${" in key and not str(path[0]).startswith("x-"):
                remedy = "Variables are put into values only: write a list, - KEY=VALUE, where it may be one."
                self._problems.add((*path, key), "has a variable in its key.", remedy, source=source)

    def _unset(self, name: str) -> None:
        self._problems.warn(f"The variable {name} is not set, and an empty text stands for it.")
