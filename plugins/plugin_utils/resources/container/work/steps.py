# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a container's plan, each as the engine's requests; what a recreation does stands in ``recreate``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....errors import EngineError
from ...shared.plan import Step
from ...shared.platforms import require_platform
from .context import Context
from .foreground import run_to_end
from .lifecycle import create, halt, start, start_made
from .recreate import finish, recreate, restore
from .removal import discard
from .replace import replace

# Seconds between two looks at a container that is being removed.
REMOVAL_PAUSE = 0.2


def do(context: Context, step: Step) -> None:
    """Do one step.

    :raises EngineError: with what was tried, the engine's words and the end of the container's log.
    """
    if step.action not in SIMPLE:
        ACTIONS[step.action](context, **step.args)
        return
    try:
        SIMPLE[step.action](context)
    except EngineError as error:
        error.hint = context.ports.hint(error) or error.hint
        raise context.failure(f"The container {context.name} could not {step.action}", error) from error


def pull(context: Context) -> dict[str, Any]:
    """Pull the task's image and return its inspect."""
    options, images = context.options, context.client.images
    reference, platform = str(options.image), options.behaviour.platform
    more: dict[str, Any] = {"platform": platform} if platform else {}
    try:
        images.pull(reference, **more)
    except EngineError as error:
        raise context.failure(f"The image {reference} could not be pulled", error, logs=False) from error
    image: dict[str, Any] | None = images.inspect(reference)
    if image is None:
        raise EngineError(f"The image {reference} was pulled, and is not on the host.")
    if options.comparisons["platform"] != "ignore":
        require_platform(reference, "pulled", platform, image)
    return image


def _start(context: Context) -> None:
    if context.made is None:
        start(context, context.name)
    else:
        start_made(context, *context.made, note=lambda identity: None)


def _restart(context: Context) -> None:
    context.client.containers.restart(context.name, context.options.values.get("stop_timeout"))


def _create(context: Context, body: Mapping[str, Any], connect: Mapping[str, Any], disconnect: list[str]) -> None:
    try:
        identity = create(context, body, connect, disconnect)
    except EngineError as error:
        message = f"The container {context.name} could not be created from {body['Image']}"
        raise context.failure(message, error, logs=False) from error
    context.made = identity, {"body": body, "connect": connect, "disconnect": disconnect}


def _recreate(context: Context, delay: float | None = None, **args: Any) -> None:
    """With a delay, the new one is started beside the old one."""
    if delay is None:
        recreate(context, **args)
    else:
        replace(context, args["old"], delay, **{key: args[key] for key in ("body", "connect", "disconnect")})


def _remove_leftover(context: Context, container: str, volumes: bool) -> None:
    try:
        discard(context.client, container, volumes, context.sleep)
    except EngineError as error:
        what = f"What a recreation of {context.name} has left ({container[:12]}) could not be removed"
        raise context.failure(what, error, logs=False) from error


def _update(context: Context, body: Mapping[str, Any]) -> None:
    """What an engine refuses to change live is seen in the next inspect, and then recreates."""
    try:
        context.client.containers.update(context.name, dict(body))
    except EngineError as error:
        if error.status is None:
            raise
        context.update_refused = True
        context.log(f"{context.name}: the engine refused the update: {error.message}")


def _connect_network(context: Context, network: str, config: Mapping[str, Any]) -> None:
    try:
        context.client.networks.connect(network, context.name, dict(config))
    except EngineError as error:
        if context.engine.notes_failed_connections:
            _forget_connection(context, network)
        message = f"The container {context.name} could not be connected to the network {network}"
        raise context.failure(message, error, logs=False) from error


def _forget_connection(context: Context, network: str) -> None:
    """Podman (4.3 and 5.4) writes a connection down before it fails, and can then neither inspect the container nor
    list any. Its answer to the disconnection is an error, too.
    """
    try:
        context.client.networks.disconnect(network, context.name)
    except EngineError as error:
        context.log(f"{context.name}: {error.message}")


def _disconnect_network(context: Context, network: str) -> None:
    try:
        context.client.networks.disconnect(network, context.name)
    except EngineError as error:
        message = f"The container {context.name} could not be disconnected from the network {network}"
        raise context.failure(message, error, logs=False) from error


def _remove(context: Context, volumes: bool) -> None:
    try:
        if not context.options.behaviour.force_kill:  # a removal by force kills
            context.client.containers.stop(context.name, context.options.values.get("stop_timeout"))
    except EngineError as error:  # a paused or broken container can still be removed by force
        context.log(f"{context.name}: {error.message}")
    try:
        discard(context.client, context.name, volumes, context.sleep)
    except EngineError as error:
        raise context.failure(f"The container {context.name} could not be removed", error, logs=False) from error
    _wait_for_removal(context)


def _wait_for_removal(context: Context) -> None:
    limit, waited = context.options.behaviour.removal_wait_timeout, 0.0
    while context.client.containers.inspect(context.name) is not None:
        if limit is not None and waited >= limit:
            raise EngineError(
                f"The container {context.name} was still being removed after {limit:g} seconds.",
                hint="Raise removal_wait_timeout.", kind="timeout",
            )  # fmt: skip
        context.sleep(REMOVAL_PAUSE)
        waited += REMOVAL_PAUSE


def _await_end(context: Context) -> None:
    context.outcome = run_to_end(context.client, context.name, context.sleep, context.warn)


# What takes no arguments and fails in one way: "could not start".
SIMPLE: dict[str, Callable[[Context], None]] = {
    "start": _start,
    "stop": lambda context: halt(context, context.name),
    "restart": _restart,
    "pause": lambda context: context.client.containers.pause(context.name),
    "unpause": lambda context: context.client.containers.unpause(context.name),
}
ACTIONS: dict[str, Callable[..., None]] = {
    "create": _create,
    "recreate": _recreate,
    "finish": finish,
    "restore": restore,
    "remove_leftover": _remove_leftover,
    "update": _update,
    "connect_network": _connect_network,
    "disconnect_network": _disconnect_network,
    "remove": _remove,
    "await_end": _await_end,
}
