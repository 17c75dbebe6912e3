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


def validated(
    spec: Mapping[str, Mapping[str, Any]],
    rules: Mapping[str, Any],
    given: Mapping[str, Any],
    action: str,
    hide: Callable[[Iterable[str]], None],
) -> dict[str, Any]:
    """Options with their types and defaults.

    :param rules: what the validator is told beside the spec.
    :param action: the task's, for messages.
    :param hide: is told the values of options with ``no_log``, before any of them can be in a message.
    :raises InvalidOptions: a name or type that the spec does not have.
    """
    arguments = without_empty_choices(spec, given)
    require_numbers(spec, arguments)
    validation = ArgumentSpecValidator(spec, **rules).validate(arguments)
    hide(validation._no_log_values)
    for error in validation.errors:
        problem = validation.errors.msg
        if isinstance(error, UnsupportedError):
            problem = f"Unsupported options for {action}: {problem}"
        raise InvalidOptions(str(problem), "See ansible-doc for this module's options.")
    params: dict[str, Any] = validation.validated_parameters
    return params
