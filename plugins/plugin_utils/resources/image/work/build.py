# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One build: what the engine's builder can do with the Dockerfile, and what it is handed."""

from __future__ import annotations

from collections.abc import Mapping

from ....engine.protocol import Client
from ...registry.credentials import Credentials
from .. import build as options
from ..build import Build
from ..builders import automatic_args, require_buildable
from ..dockerfile import instructions, registries
from ..progress import Progress
from .build_context import Context


def require_possible(client: Client, build: Build, context: Context) -> None:
    """Refuse what this engine can't do, or would leave out without a word.

    :raises InvalidOption: naming the option, or the Dockerfile's line.
    """
    identity, engine = client.identity, client.engine
    options.require_possible(
        build, f"{identity.name} {identity.version}", namespaces=engine.build_takes_namespaces,
        host_gateway=engine.build_resolves_host_gateway,
    )  # fmt: skip
    require_buildable(instructions(context.text()), context.shown, engine)


def build(
    client: Client, name: str, build: Build, context: Context, progress: Progress, known: Credentials | None
) -> None:
    """Build an image under this name.

    :param known: the task's credentials, None where it gives none.
    """
    more = {"silence": build.silence} if build.silence else {}
    query = build.request(name, context.dockerfile, _automatic_args(client, build, context))
    client.images.build(
        query, context.stream(), progress, auths=_base_credentials(client, build, context, known), **more
    )


def _automatic_args(client: Client, build: Build, context: Context) -> dict[str, str]:
    if client.engine.build_gives_platforms:
        return {}
    return automatic_args(instructions(context.text()), build.args, own_platform(client), build.platform)


def own_platform(client: Client) -> str:
    """The engine's platform, such as linux/amd64."""
    return f"{client.identity.os or 'linux'}/{client.identity.arch}"


def _base_credentials(
    client: Client, build: Build, context: Context, known: Credentials | None
) -> dict[str, Mapping[str, str]]:
    """The credentials for the registries that the build pulls from, by their address."""
    found: list[Mapping[str, str]] = [known.auth()] if known else []
    for registry in registries(context.text(), build.args):
        if (not known or known.registry != registry) and (login := client.credentials(registry)):
            found.append(login)
    return {auth["serveraddress"]: auth for auth in found}
