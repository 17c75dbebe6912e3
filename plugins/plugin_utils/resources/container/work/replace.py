# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replacement without an outage: the new container is started beside the old one, and proven, before others find it;
only then the old one ends.

Until the new one is proven, its name is that of a new one that failed: a run that finds it removes it, and the old one
was never touched. From then on the names say what they say in ``recreate``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as with_other
from typing import Any

from ....errors import EngineError
from ...shared.states import RUNNING
from ..plan import rollout
from ..plan.leftover import new_mark
from ..plan.waiting import WaitFor
from . import lifecycle
from .context import Context
from .recreate import Change
from .removal import discard


def replace(context: Context, old: Mapping[str, Any], delay: float, **made: Any) -> None:
    """Replace a running container by a new one of the same name, which others find before the old one ends.

    :param old: its inspect.
    :param delay: seconds in which both serve.
    :param made: ``body``, ``connect`` and ``disconnect`` as for a creation.
    :raises EngineError: telling what went wrong with the new one, and how it stands with the old one.
    """
    change = Change(context, str(old["Id"]), new_mark(context.name, old, RUNNING))
    _start_beside(change, made)
    try:
        change.put_aside()
        context.client.containers.rename(change.new, context.name)
        _be_found(change, made)
        context.sleep(delay)
        change.stop_old()
    except EngineError as error:
        raise change.undone(error) from error
    if not context.keep_old:
        change.drop_old()


def _start_beside(change: Change, made: Mapping[str, Any]) -> None:
    """Start the new one where nobody finds it, and wait until it has proven itself.

    :raises EngineError: it has not; it is gone, and the old one was not touched.
    """
    context, name = change.context, str(change.mark.of_the_failed)
    beside = with_other(context, name=name)
    try:
        change.new = lifecycle.create(beside, **rollout.unfound(made))
        lifecycle.start(beside, change.new)
        lifecycle.prove(context, change.new)
        context.waiter.until(change.new, WaitFor(healthy=True, timeout=context.options.healthy_wait_timeout))
    except EngineError as error:
        if error.unanswered:
            raise
        ending = context.log_end(change.new) if change.new else ""
        if change.new:
            discard(context.client, change.new, True, context.sleep)
        failure = context.failure(f"The container {context.name} could not be replaced", error, logs=False)
        message = f"{failure.message} The old container was not touched.{ending}"
        raise EngineError(message, failure.status, failure.hint, failure.kind) from error


def _be_found(change: Change, made: Mapping[str, Any]) -> None:
    """Let others find the new one by its aliases, which no engine can give to a container that is in the network
    already. Podman's names are those at that time, too.
    """
    networks, by_name = change.client.networks, change.context.engine.found_by_name_at_start
    for name, endpoint in rollout.endpoints(made):
        if by_name or (endpoint or {}).get("Aliases"):
            networks.disconnect(name, change.new)
            networks.connect(name, change.new, endpoint)
