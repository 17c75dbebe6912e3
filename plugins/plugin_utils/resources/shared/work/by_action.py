# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that are done by the function of their action, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ....engine.protocol import Client
from ....errors import EngineError
from ..plan import Step

# Gets a client, the name of the step's resource, and its arguments.
Function = Callable[..., None]


def by_action(functions: Mapping[str, Function]) -> Callable[[Client, Step], None]:
    """What does steps, each with the function of its action; what an engine refuses says which step it was."""

    def do(client: Client, step: Step) -> None:
        try:
            functions[step.action](client, step.resource.name, **step.args)
        except EngineError as error:
            if error.status is None:
                raise
            message = f"The {step.resource}: {step.what} was refused: {error.words}."
            refused = EngineError(message, error.status, error.hint, error.kind)
            refused.beside = error.beside
            raise refused from error

    return do
