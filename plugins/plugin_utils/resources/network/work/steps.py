# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a network's plan, each as the engine's requests; remaking a network stands in ``recreate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.plan import Step
from .. import endpoints
from ..actual import Member, Network
from ..journal import Journal
from ..options import Options
from ..plan import body_of
from .recreate import Log, Recreation, as_it_was, connect_again, forget_journal, hint, new_journal, write_journal


class Steps:
    """What the steps of one plan do to the network of this name.

    :param journal: what an interrupted remaking has left.
    """

    def __init__(self, name: str, options: Options, journal: Journal | None, log: Log, warn: Log) -> None:
        self._name = name
        self._options = options
        self._journal = journal
        self._log = log
        self._warn = warn
        self._off: list[Member] = []  # containers that were taken off
        self._steps: dict[str, Callable[..., None]] = {
            "create": self._create,
            "remove": self._remove,
            "recreate": self._recreate,
            "connect": self._connect,
            "disconnect": self._disconnect,
            "reconnect": self._reconnect,
            "restore": self._restore,
            "rejoin": self._rejoin,
            "finish": self._finish,
        }

    def do(self, client: Client, step: Step) -> None:
        """Do one step.

        :raises EngineError: the engine refused, with what was done about it.
        """
        try:
            self._steps[step.action](client, **step.args)
        except EngineError as error:
            if step.action == "recreate" or error.status is None:
                raise
            message = f"The network {self._name}: {step.what} was refused: {error.words}."
            raise EngineError(message, error.status, hint(error), error.kind) from error

    def _create(self, client: Client, body: dict[str, Any]) -> None:
        client.networks.create(body)

    def _remove(self, client: Client) -> None:
        """What can't be removed keeps its containers."""
        try:
            client.networks.remove(self._name)
        except EngineError:
            for member in self._off:
                connect_again(client, self._name, member, self._log)
            raise

    def _connect(self, client: Client, container: str) -> None:
        client.networks.connect(self._name, container)

    def _disconnect(self, client: Client, member: Member) -> None:
        client.networks.disconnect(self._name, member.id, force=True)
        self._off.append(member)

    def _reconnect(self, client: Client, member: Member, network: Network) -> None:
        entry = new_journal(network, (member,), self._journal)
        write_journal(client, entry, self._name, self._journal, self._warn)
        client.networks.disconnect(self._name, member.id, force=True)
        client.networks.connect(self._name, member.id, as_it_was(member, client.engine))
        forget_journal(client, entry)

    def _recreate(
        self,
        client: Client,
        old: Network,
        body: dict[str, Any],
        members: tuple[Member, ...],
        pools: Any,
        off: Any,
        gone: bool,
    ) -> None:
        how: dict[str, Any] = {"off": off, "gone": gone, "before": self._journal}
        Recreation(client, old, members, self._log, self._warn, **how).run(body, pools, self._options.keep_addresses)

    def _restore(self, client: Client, old: Network) -> None:
        client.networks.create_again(body_of(old), old.description)

    def _rejoin(self, client: Client, member: Member, pools: Any) -> None:
        keep = self._options.keep_addresses
        engine = client.engine
        settings = as_it_was(member, engine) if pools is None else endpoints.settings(member, pools, keep)
        client.networks.connect(self._name, member.id, settings)

    def _finish(self, client: Client) -> None:
        forget_journal(client, self._journal)
