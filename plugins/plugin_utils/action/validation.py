# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options against an argument spec, of a task or of a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError

from ..errors import InvalidOptions
from .empty_texts import without_empty_choices
from .numbers import require_numbers


class Validator:
    """Takes the options of one spec, as often as there are parts with them: to make one costs more than to use it.

    :param rules: what Ansible's validator is told beside the spec.
    :param action: the task's, for messages.
    :param hide: is told the values of options with ``no_log``, before any of them can be in a message.
    """

    def __init__(
        self,
        spec: Mapping[str, Mapping[str, Any]],
        rules: Mapping[str, Any],
        action: str,
        hide: Callable[[Iterable[str]], None],
    ) -> None:
        self._spec = spec
        self._rules = rules
        self._action = action
        self._hide = hide
        self._always = {name: rule for name, rule in spec.items() if _matters_unsaid(rule)}
        self._names = {given: name for name, rule in spec.items() for given in (name, *rule.get("aliases", ()))}
        self._narrow: dict[frozenset[str], ArgumentSpecValidator] = {}

    def validated(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Options with their types and defaults.

        :raises InvalidOptions: a name or type that the spec does not have.
        """
        plain = untagged(given)
        validator = self._of_these(plain)
        arguments = without_empty_choices(validator.argument_spec, plain)
        require_numbers(validator.argument_spec, arguments)
        validation = validator.validate(arguments)
        self._hide(validation._no_log_values)
        if validation.error_messages:  # the whole spec says it better: what would be an option
            self._refuse(ArgumentSpecValidator(self._spec, **self._rules).validate(arguments))
        return {**dict.fromkeys(self._spec), **validation.validated_parameters}

    def _of_these(self, given: Mapping[str, Any]) -> ArgumentSpecValidator:
        """What Ansible's validator does with an option grows with the spec, and of 150 options a task gives ten. Those
        that are not given, and have nothing to say then, are left out.
        """
        names = frozenset(self._names[name] for name in given if name in self._names)
        if names not in self._narrow:
            spec = {name: self._spec[name] for name in (*self._always, *names)}
            self._narrow[names] = ArgumentSpecValidator(spec, **self._rules)
        return self._narrow[names]

    def _refuse(self, validation: ValidationResult) -> NoReturn:
        self._hide(validation._no_log_values)
        problem = validation.errors.msg
        if isinstance(validation.errors[0], UnsupportedError):
            problem = f"Unsupported options for {self._action}: {problem}"
        raise InvalidOptions(str(problem), "See ansible-doc for this module's options.")


def _matters_unsaid(rule: Mapping[str, Any]) -> bool:
    """Whether an option is more than None where a task does not give it."""
    return rule.get("default") is not None or any(rule.get(key) for key in ("required", "fallback", "apply_defaults"))


def untagged(value: Any) -> Any:
    """The same of plain types: since core 2.19 each text remembers where it was written, which the validator's copies
    spend most of their time on, and nobody here asks for.
    """
    if isinstance(value, Mapping):
        return {untagged(key): untagged(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [untagged(item) for item in value]
    return str.__str__(value) if isinstance(value, str) else value
