# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, starting, proving and stopping a container: what steps are made of, recreation among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....errors import EngineError
from ...shared import image_names
from ..options.row import NATIVE
from ..plan.native import native_body
from . import put_files
from .context import Context

# While Podman finds the port taken: so many tries, so far apart (seconds), with so many requests between them.
START_TRIES, START_PAUSE, REQUESTS_BETWEEN = 3, 0.1, 10
# Looks at a container after a signal, so far apart (seconds).
KILL_LOOKS, KILL_PAUSE = 100, 0.1


def create(context: Context, body: Mapping[str, Any], connect: Mapping[str, Any], disconnect: list[str]) -> str:
    """Create the container under its name, in all its networks and with its files, and return its ID."""
    client = context.client
    identity = _created(context, body)
    context.ports.release()
    for network, config in connect.items():
        client.networks.connect(network, context.name, config)
    for network in disconnect:
        client.networks.disconnect(network, context.name)
    if context.options.files:
        put_files.put(client, identity, context.options.files)
    return identity


def _created(context: Context, body: Mapping[str, Any]) -> str:
    """The ID of a container that is made of a body, by Podman's own API where only that can say all of it."""
    client, platform = context.client, context.options.behaviour.platform
    if NATIVE not in body:
        more: dict[str, Any] = {"platform": platform} if platform else {}
        return str(client.containers.create(context.name, dict(body), **more))
    image = client.images.inspect(body["Image"])
    named = {**body, "Image": image_names.told_by(body["Image"], image)} if image else body
    return str(client.containers.create_native(native_body(context.name, named, context.engine, platform)))


def start(context: Context, container: str, tries: int = START_TRIES) -> None:
    """Start a container. Podman's service itself keeps the ports of one whose start has failed until its memory is
    collected, which a few requests bring about (seen on 4.3 and 5.4).
    """
    for left in reversed(range(tries)):
        try:
            context.client.containers.start(container)
            return
        except EngineError as error:
            if error.kind != "port_in_use" or not context.engine.keeps_ports_of_failed_starts or not left:
                raise
        for _request in range(REQUESTS_BETWEEN):
            context.client.containers.inspect(container)
        context.sleep(START_PAUSE)


def start_made(context: Context, identity: str, args: Mapping[str, Any], note: Callable[[str], None]) -> None:
    """Start a container that was made just now; where the port that was chosen for it is taken by then, make it again
    with another one.

    :param args: ``body``, ``connect`` and ``disconnect`` that it was made with.
    :param note: is told the ID of each container that takes its place, and '' while there is none.
    """
    body = args["body"]
    while True:
        try:
            start(context, identity)
            return
        except EngineError as error:
            other = context.ports.another(identity, body, error)
            if other is None:
                raise
            context.log(f"{context.name}: {error.message} Another port is chosen.")
            body = other
        context.client.containers.remove(identity, force=True, volumes=True)
        note("")
        identity = create(context, body, args["connect"], args["disconnect"])
        note(identity)


def prove(context: Context, identity: str) -> None:
    """Return when a new container runs, and has come to what the task waits for.

    :raises EngineError: it ended, or did not come to it in time.
    """
    context.waiter.stays_up(identity)
    context.waiter.wait(identity)
    context.proven = identity


def halt(context: Context, container: str) -> None:
    """Stop a container, or kill it where the task says so, and return when it has ended."""
    behaviour, containers = context.options.behaviour, context.client.containers
    if not behaviour.force_kill:
        containers.stop(container, context.options.values.get("stop_timeout"))
        return
    containers.kill(container, behaviour.kill_signal)
    for _look in range(KILL_LOOKS):
        state = (containers.inspect(container) or {}).get("State") or {}
        if not state.get("Running"):
            return
        context.sleep(KILL_PAUSE)
    raise EngineError(
        f"It still runs {KILL_LOOKS * KILL_PAUSE:g} seconds after {behaviour.kill_signal}.",
        hint="Use another kill_signal, or leave it out for SIGKILL.", kind="timeout",
    )  # fmt: skip
