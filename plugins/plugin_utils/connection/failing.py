# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes of our errors what Ansible takes from a connection: UNREACHABLE, or a task that fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError

from ..errors import FleetError, InvalidOptions, SshError
from ..resources.inside.escalation import NotBecome
from ..telling import as_message

# Kinds of an engine's errors after which the container can't be reached. What else goes wrong fails the task.
UNREACHABLE = ("container_missing", "container_stopped", "no_answer", "answer_lost")


class Unreachable(AnsibleConnectionFailure):
    """UNREACHABLE, with the result's ``error``."""

    def __init__(self, message: str, details: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.details = dict(details)

    @property
    def result_contribution(self) -> Mapping[str, object]:
        """For ansible-core 2.19 and 2.20."""
        return {**super().result_contribution, "error": self.details}

    def as_task_result(self, utr: Any) -> Any:
        """For ansible-core 2.21 and newer."""
        utr = super().as_task_result(utr)
        utr.result_data["error"] = self.details
        return utr


@contextmanager
def told() -> Iterator[None]:
    """Our errors inside are Ansible's outside.

    :raises AnsibleConnectionFailure: the container, its engine or its host can't be reached.
    :raises AnsibleError: anything else.
    """
    try:
        yield
    except FleetError as error:
        raise ansible_error(error) from None  # Ansible would tell each error on the way
    except NotBecome as problem:
        raise AnsibleError(as_message(str(problem))) from None
    except OSError as problem:
        raise AnsibleError(as_message(f"On the controller: {problem}")) from None


def ansible_error(error: FleetError) -> AnsibleError:
    """The error to raise in Ansible's place; message, kind and hint are those that a module's result has."""
    message = error.told(str) if isinstance(error, InvalidOptions) else error.message
    message, hint = as_message(message), as_message(error.hint)
    details = error.details(message, hint)
    text = f"{message} {hint}".strip()
    if is_unreachable(error):
        return Unreachable(text, details)
    return AnsibleActionFail(text, result={"error": details})


def is_unreachable(error: FleetError) -> bool:
    """Whether the container can't be reached, rather than that something in it fails. A host of the inventory that is
    reached is one on which commands run: so an engine's socket that can't be used makes its containers unreachable.
    """
    if isinstance(error, SshError):
        return error.kind != "connection"
    return error.kind in UNREACHABLE
