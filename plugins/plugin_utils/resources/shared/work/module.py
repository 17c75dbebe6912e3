# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module of the collection consists of, and what it may ask of the task that it runs for.

``resources/FOLDER/work/MODULE.py`` holds the ``MODULE`` of each; ``action/catalogue.py`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, Protocol, TypeVar

from ....dataclass import dataclass
from ....engine.protocol import Client
from ....errors import FleetError
from ....session.session import Session
from ....session.settings import ConnectionSettings
from .. import peer_connection, query
from ..result_format import Telling
from ..secrets import Masker
from .runner import Runner

BOTH_ENGINES = ("podman", "docker")


class FileNotThere(Exception):
    """A relative path leads to no file of the controller; the text is Ansible's."""


class Reader(Protocol):
    """As much of a task as reading one engine asks for."""

    telling: Telling  # in which shape the result is wanted; for modules with ``formats``


class FleetReader(Reader, Protocol):
    """As much of a task as reading many hosts asks for; an inventory plugin gives that, too."""

    @property
    def play_hosts(self) -> list[str]:
        """The names of the play's hosts that have not failed yet; with ``serial``, those of this batch."""

    @property
    def groups(self) -> Mapping[str, list[str]]:
        """The names of the hosts of every group of the inventory, by its name."""

    def log(self, message: str) -> None:
        """Show a line at -vvv, without secrets."""

    def tell(self, message: str) -> None:
        """Show a line at -v, without secrets, from whatever thread."""

    def way(self, host: str, params: Mapping[str, Any]) -> Callable[[], Session]:
        """A function that opens a session to a host of the inventory; other threads may call it.

        :param params: the connection options that the task has for this host.
        :raises InvalidOption: a setting of the host's that can't be honoured.
        """

    def failure(self, error: FleetError) -> dict[str, Any]:
        """What a task's result says of an error (``msg`` and ``error`` among it), without secrets."""


class Task(FleetReader, Protocol):
    """The task that a module runs for. Ansible's side of it is ``RemoteAction``."""

    masker: Masker
    settings: ConnectionSettings

    @property
    def check_mode(self) -> bool:
        """Whether nothing may be changed."""

    @property
    def identity(self) -> str:
        """The same text for all items of a task's loop, and another one for any other task."""

    @property
    def hostvars(self) -> Mapping[str, Any]:
        """The variables of every host of the inventory, by its name."""

    @property
    def diff_limit(self) -> int | None:
        """The largest file, in bytes, of which a diff shows the content; None where no diff is wanted."""

    def warn(self, message: str) -> None:
        """Show a warning at once, without secrets."""

    def hide(self, secrets: Iterable[str]) -> None:
        """Remove these texts from whatever the task shows or returns, wherever they turn up."""

    def setting(self, name: str, params: Mapping[str, Any]) -> Any:
        """An option that may also stand in variables, environment or ini file.

        :raises InvalidOption: naming where the value came from.
        """

    def find_file(self, path: str) -> str:
        """The absolute path of a file that Ansible looks for beside a role's and a playbook's files.

        :raises FileNotThere: there is none.
        """

    def beside_playbook(self, path: str) -> str:
        """The absolute path of what a relative one means; nothing has to be there."""

    def validated(self, module: Module[Any], params: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a part of the task, which are those of another module, as they would be in a task of that one.

        :raises InvalidOptions: a name or type that this module does not take.
        """

    def runner(self, session: Session, client: Client | None = None, at_once: int = 1) -> Runner:
        """What does the steps of plans on a session's engine.

        :param client: the session's, wrapped, where that is used.
        :param at_once: so many steps at a time, where they don't wait for each other.
        """

    def runner_here(self) -> Runner:
        """What does steps on the controller, for which no engine is asked."""

    def reach(self, name: str, variables: Mapping[str, Any], groups: Sequence[str]) -> None:
        """Connect over SSH to a host that need not be in the inventory. A connection that is made for this is closed
        again.

        :param variables: what its inventory would say of it.
        :param groups: the groups that it would be in; of those that there are, it gets the variables.
        :raises SshError: it can't be reached.
        :raises InvalidOption: a setting that can't be honoured.
        """


Prepared = TypeVar("Prepared")


def parsed_by(parse: Callable[[dict[str, Any]], Prepared]) -> Callable[[Task, dict[str, Any]], Prepared]:
    """A ``prepare`` that needs nothing of the task."""
    return lambda _task, params: parse(params)


@dataclass(frozen=True, kw_only=True, eq=False)
class Module(Generic[Prepared]):
    """One module.

    :param argument_spec: its options but for the connection's, as Ansible's ArgumentSpecValidator takes them.
    :param spec_rules: what the validator is told beside them (``required_if`` and the like).
    :param prepare: checks validated options before anything is touched; its result goes to ``perform``.
    :param perform: does the work, or in check mode tells what it would do; the module's result.
    :param perform_for_all: the same, instead of ``perform``, for all hosts of the play in one run; it opens its
        sessions by itself.
    :param perform_here: the same, instead of ``perform``, for what needs no host: none is connected to, and any
        connection will do. Where there is none of the three, the action plugin does the work.
    :param asks_host: of a module with ``perform_here``: whether a task wants ``perform`` all the same.
    :param reads: it never changes anything.
    :param query: its result can be picked from with ``query``.
    :param formats: ``result_format`` means something to it: it heeds ``task.telling``.
    :param engines: the names of the engines that have what it is about.
    :param elsewhere: what to do on one that has not, beside choosing another; a sentence.
    :param peers: the modules of community.docker (docker_…) and containers.podman (podman_…) that it stands for.
    :param advice: what to write instead of options that the spec refuses, by a task's options and those of every
        module; '' where there is nothing to say.
    :param differs: what somebody who comes from them has to know, as a sentence of reStructuredText after its name.
    """

    argument_spec: Mapping[str, Mapping[str, Any]]
    spec_rules: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Task, dict[str, Any]], Prepared]
    perform: Callable[[Task, Session, Prepared], dict[str, Any]] | None = None
    perform_for_all: Callable[[Task, Prepared], dict[str, Any]] | None = None
    perform_here: Callable[[Task, Prepared], dict[str, Any]] | None = None
    asks_host: Callable[[Prepared], bool] = lambda _prepared: False
    reads: bool = False
    query: bool = False
    formats: bool = False
    engines: tuple[str, ...] = BOTH_ENGINES
    elsewhere: str = ""
    peers: tuple[str, ...] = ()
    differs: str = ""
    advice: Callable[[Mapping[str, Any], Mapping[str, Any]], str] = lambda _given, _connection: ""

    @property
    def options(self) -> dict[str, Mapping[str, Any]]:
        """All options but the connection's."""
        docker = any(peer.startswith("docker_") for peer in self.peers)
        return {
            **(peer_connection.SPEC if docker else {}), **self.argument_spec, **(query.SPEC if self.query else {}),
        }  # fmt: skip
