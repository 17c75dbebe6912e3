# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seam to Ansible: options are validated, a session is opened and handed over, errors become results without
secrets.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader, shell_loader

from ..engine.protocol import Client
from ..errors import ComposeFileError, FleetError, InvalidOption, InvalidOptions, SshError
from ..resources.registry.work import logins
from ..resources.shared import audit, openly, peer_connection
from ..resources.shared.result_format import PLAIN, UNIFIED, Telling
from ..resources.shared.secrets import Masker
from ..resources.shared.work.module import FileNotThere, Module
from ..resources.shared.work.ownership import owners_of
from ..resources.shared.work.runner import Hooks, Runner
from ..seam import settings as connection_settings
from ..seam.host import Host, Hosts
from ..seam.rules import Rules, rules_of
from ..session.attempt import attempted
from ..session.session import WELL_KNOWN_SOCKETS, Session, open_session
from ..session.settings import ConnectionSettings
from ..ssh.address.target import SshTarget
from ..ssh.transport import open_transport
from ..telling import as_message, everywhere_visible
from .validation import Validator

# Ansible's ad hoc command, unlike ansible-playbook, does not load these before it forks: each worker would then load
# them anew, which takes as long as the rest of the task.
connection_loader.get("ssh", class_only=True)
shell_loader.get("sh", class_only=True)

NO_ASYNC = (
    "Leave async and poll out. Hosts are worked on beside each other anyway (forks, strategy: free); on one host, "
    "begin things in one task (containers without wait_for, commands with detach) and wait for them in a later one."
)


class RemoteAction(ActionBase):
    """Base of the action plugins: a subclass names its options and does its work in :meth:`perform`."""

    _supports_check_mode = True
    _supports_async = False
    _requires_connection = True

    ARGUMENT_SPEC: Mapping[str, Mapping[str, Any]] = {}
    SPEC_RULES: Mapping[str, Any] = {}
    FORMATS = False  # whether result_format means something to it

    # Set by run(), for prepare() (masker, hosts, host) and perform(); ``host`` is the one that the task talks to.
    masker: Masker
    hosts: Hosts
    host: Host
    target: SshTarget
    settings: ConnectionSettings
    telling: Telling = PLAIN

    def prepare(self, params: dict[str, Any]) -> Any:
        """Check the options beyond their types, before anything is touched. What this returns is handed to
        :meth:`perform`.

        :raises InvalidOption: for the first value that can't be used.
        """
        return params

    def advice(self, given: Mapping[str, Any]) -> str:
        """What to write instead of options that are refused; '' where there is nothing to say."""
        return ""

    @abstractmethod
    def perform(self, session: Session, prepared: Any) -> dict[str, Any]:
        """Do the work (in check mode: find out what it would do) and return the result."""

    def work(self, prepared: Any) -> dict[str, Any]:
        """Open a session and perform."""
        return attempted(
            lambda: self.opened(self.target, self.settings, self.log),
            lambda session: self._performed(session, prepared),
            self.log,
        )

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        if self._task.async_val:
            refused = InvalidOption("async", self._task.async_val, "it takes Python on the target.", NO_ASYNC)
            return failure(refused, Masker())
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._variables = task_vars or {}
        self.hosts = Hosts(self._task, self._play_context, self._connection, self._templar, self._variables)
        self.host = self.hosts.own()
        self._no_log_values: set[str] = set()
        self._validators: dict[Module[Any], Validator] = {}
        self._rules: dict[str, Callable[[], Rules]] = {}  # of hosts that are not the task's own, by name
        self.masker = Masker()
        self.masker.learn(self._task.args)
        self.masker.leave(openly.of_options(self._task.args))
        try:
            params = self._validated()
            self.masker.learn(params)
            self.masker.leave((*openly.of_options(params), *WELL_KNOWN_SOCKETS.values()))
            self.telling = self._telling(params)
            params, warnings = peer_connection.settled(params, self.ARGUMENT_SPEC, listed=self.telling.raw)
            for warning in warnings:
                self.warn(warning)
            self._find_settings(params)
            self.rules = rules_of(self.host, params)
            prepared = self.prepare(params)
            self._find_target()
            result.update(self.work(prepared))
            self._warn_of_policy(result)
        except FleetError as error:
            result.update(failure(error, self.masker))
            if self.telling.raw and error.peers_words:
                result["msg"] = self.masker.text(error.peers_words)
        result.setdefault("changed", False)
        if self._task.no_log:
            _hide_what_ansible_shows(result)
        if not self.telling.raw and not self._task.diff:  # Ansible shows it only where something changed
            result.pop("diff", None)
        scrubbed: dict[str, Any] = remove_values(result, self._no_log_values)
        return for_people(scrubbed)

    def queried(self, result: dict[str, Any]) -> dict[str, Any]:
        """A result with what the task's query picks from it, where it has one."""
        return result

    @property
    def check_mode(self) -> bool:
        return bool(self._task.check_mode)

    @property
    def identity(self) -> str:
        return str(self._task._uuid)

    @property
    def hostvars(self) -> Mapping[str, Any]:
        hostvars: Mapping[str, Any] = self._variables["hostvars"]
        return hostvars

    @property
    def play_hosts(self) -> list[str]:
        hosts = self._variables.get("ansible_play_batch") or self._variables.get("ansible_play_hosts") or []
        return [str(host) for host in hosts]

    @property
    def groups(self) -> Mapping[str, list[str]]:
        groups: Mapping[str, list[str]] = self._variables.get("groups") or {}
        return groups

    @property
    def diff_limit(self) -> int | None:
        return int(C.MAX_FILE_SIZE_FOR_DIFF) if self._task.diff else None

    def setting(self, name: str, params: Mapping[str, Any]) -> Any:
        """One option from the task, variables, environment, ini or its default.

        :raises InvalidOption: naming where the value came from.
        """
        (setting,) = (setting for setting in connection_settings.LOOKED_UP if setting.name == name)
        return self.host.setting(setting, params)

    def hide(self, secrets: Iterable[str]) -> None:
        self._no_log_values |= set(secrets)

    def find_file(self, path: str) -> str:
        try:
            return str(self._find_needle("files", path))
        except AnsibleError as error:
            raise FileNotThere(str(error.message)) from error

    def beside_playbook(self, path: str) -> str:
        return str(self._loader.path_dwim(path))

    def way(self, host: str, params: Mapping[str, Any]) -> Callable[[], Session]:
        other = self.hosts.other(host)
        settings = other.settings(params)
        target = other.target(settings.client)
        self._rules[target.name] = partial(rules_of, other, params)
        return lambda: self.opened(target, settings, lambda message: self.log(f"{host}: {message}"))

    def failure(self, error: FleetError) -> dict[str, Any]:
        return failure(error, self.masker)

    def log(self, message: str) -> None:
        """Show a line at -vvv, without secrets; nothing of a task with no_log, whose secrets nobody knows."""
        self._show(message, partial(self._display.vvv, host=self.host.name))

    def warn(self, message: str) -> None:
        """Show a warning before there is a result; without secrets, and nothing of a task with no_log."""
        self._show(message, self._display.warning)

    def tell(self, message: str) -> None:
        self._show(message, partial(self._display.v, host=self.host.name))

    def _show(self, message: str, show: Callable[[str], object]) -> None:
        if not self._task.no_log:
            show(as_message(self.masker.text(remove_values(message, self._no_log_values))))

    def runner(self, session: Session, client: Client | None = None, at_once: int = 1) -> Runner:
        owners = owners_of(session, self.log, self.warn)
        rules = self._rules.get(session.transport.target.name, lambda: self.rules)()
        client = session.client if client is None else client
        return Runner(client, self.log, owners=owners, hooks=self._hooks(rules, session), at_once=at_once)

    def runner_here(self) -> Runner:
        return Runner(None, self.log, hooks=self._hooks(self.rules, None))

    def _hooks(self, rules: Rules, session: Session | None) -> list[Hooks]:
        module = self._task.action.rpartition(".")[2]
        return rules.hooks(module, session, shown=self._shown, warn=self.warn)

    def reach(self, name: str, variables: Mapping[str, Any], groups: Sequence[str]) -> None:
        settings = self.settings
        target = self.hosts.to_be(name, variables, groups).target(settings.client)
        self.masker.leave(filter(None, (target.name, target.host, target.user)))
        connection = open_transport(
            target, self.log, idle=settings.tunnel_idle, retries=settings.tunnel_retries, client=settings.client
        )
        if connection.opened:
            connection.close()

    def validated(self, module: Module[Any], params: Mapping[str, Any]) -> dict[str, Any]:
        if module not in self._validators:
            spec, rules = module.argument_spec, module.spec_rules
            self._validators[module] = Validator(spec, rules, self._task.action, self.hide)
        return self._validators[module].validated(params)

    def _shown(self, text: str) -> str:
        """A text for the audit trail, without secrets."""
        return audit.HIDDEN if self._task.no_log else self.masker.text(str(remove_values(text, self._no_log_values)))

    def _warn_of_policy(self, result: dict[str, Any]) -> None:
        if self.check_mode and (warning := self.rules.warning(result)):
            result["warnings"] = [*(result.get("warnings") or ()), warning]

    @staticmethod
    def opened(target: SshTarget, settings: ConnectionSettings, log: Callable[[str], None]) -> Session:
        """A session. Its engine gets the logins at registries that earlier tasks have made over this connection.

        :raises FleetError: as ``open_session`` does.
        """
        session = open_session(target, settings, log)
        session.client.credentials = logins.given(session)
        return session

    def _find_settings(self, params: Mapping[str, Any]) -> None:
        """Set ``settings``.

        :raises InvalidOption: naming where the value came from.
        """
        self.settings = self.host.settings(params)

    def _find_target(self) -> None:
        """Set ``target``.

        :raises SshError, InvalidOption: as ``Host.target`` does.
        """
        self.target = self.host.target(self.settings.client)
        self.masker.leave(filter(None, (self.target.name, self.target.host, self.target.user)))

    def _performed(self, session: Session, prepared: Any) -> dict[str, Any]:
        asked = {} if self.telling.raw else {"engine": session.engine()}
        return {**asked, **self.perform(session, prepared)}

    def _telling(self, params: Mapping[str, Any]) -> Telling:
        """In which shape the result is wanted.

        :raises InvalidOption: naming where the value came from.
        """
        wanted = self.setting("result_format", params)
        modes = {"diff": bool(self._task.diff), "check": self.check_mode, "debug": bool(params.get("debug"))}
        return Telling(wanted if self.FORMATS else UNIFIED, **modes)

    def _validated(self) -> dict[str, Any]:
        spec = {**connection_settings.ARGUMENT_SPEC, **self.ARGUMENT_SPEC}
        self._no_log_values = set()
        try:
            return Validator(spec, self.SPEC_RULES, self._task.action, self.hide).validated(self._task.args)
        except InvalidOptions as error:
            error.hint = self.advice(self._task.args) or error.hint
            raise


def _hide_what_ansible_shows(result: dict[str, Any]) -> None:
    """Remove from a task's result what Ansible shows in spite of no_log: its warnings, and the message of a failure."""
    result.pop("warnings", None)
    if "error" in result:
        result["msg"] = f"The task failed ({result['error']['kind']}), and no_log hides the rest."


def for_people(result: dict[str, Any]) -> dict[str, Any]:
    """A result with messages, warnings and diff that a terminal can show, whoever wrote them. Data stay as they are.

    This is the only place for that: whatever a task says goes through here, or through ``log`` and ``warn``.
    """
    for owner, names in ((result, ("msg",)), (result.get("error") or {}, ("message", "hint"))):
        owner.update({name: as_message(owner[name]) for name in names if isinstance(owner.get(name), str)})
    if "warnings" in result:
        result["warnings"] = [as_message(str(warning)) for warning in result["warnings"] or ()]
    if "diff" in result:
        result["diff"] = everywhere_visible(result["diff"])
    return result


def failure(error: FleetError, masker: Masker) -> dict[str, Any]:
    """The result of a task that ended in this error: UNREACHABLE where the host can't be reached, else FAILED."""
    outcome = "unreachable" if isinstance(error, SshError) and error.unreachable else "failed"
    if isinstance(error, ComposeFileError):
        message, hint = masker.strictly(error.message), error.hint
    elif isinstance(error, InvalidOptions):
        message, hint = error.told(masker.strictly), masker.strictly(error.hint)
    else:
        message, hint = masker.text(error.message), masker.text(error.hint)
    details = error.details(message, hint)
    if isinstance(error, ComposeFileError):
        details["problems"] = [masker.strictly(problem) for problem in error.problems]
    between = "\n" if "\n" in message else " "  # a hint is no part of the log at a message's end
    return {**error.beside, outcome: True, "msg": f"{message}{between}{hint}".strip(), "error": details}
