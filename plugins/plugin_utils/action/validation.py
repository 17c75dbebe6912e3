# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options against an argument spec, of a task or of a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
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
        self._validator = ArgumentSpecValidator(spec, **rules)
        self._action = action
        self._hide = hide

    def validated(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Options with their types and defaults.

        :raises InvalidOptions: a name or type that the spec does not have.
        """
        arguments = without_empty_choices(self._spec, untagged(given))
        require_numbers(self._spec, arguments)
        validation = self._validator.validate(arguments)
        self._hide(validation._no_log_values)
        for error in validation.errors:
            problem = validation.errors.msg
            if isinstance(error, UnsupportedError):
                problem = f"Unsupported options for {self._action}: {problem}"
            raise InvalidOptions(str(problem), "See ansible-doc for this module's options.")
        params: dict[str, Any] = validation.validated_parameters
        return params


def untagged(value: Any) -> Any:
    """The same of plain types: since core 2.19 each text remembers where it was written, which the validator's copies
    spend most of their time on, and nobody here asks for.
    """
    if isinstance(value, Mapping):
        return {untagged(key): untagged(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [untagged(item) for item in value]
    return str.__str__(value) if isinstance(value, str) else value
