# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seam to Ansible: validate, open a session, hand over, map errors to results, scrub secrets."""

from __future__ import annotations

import traceback
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader, shell_loader

from ..engine.wire import UNREADABLE
from ..errors import EngineError, FleetError, InvalidOption, InvalidOptions, SshError
from ..resources.registry.work import logins
from ..resources.shared import openly
from ..resources.shared.secrets import Masker
from ..session.session import WELL_KNOWN_SOCKETS, Session, open_session
from ..session.settings import ConnectionSettings
from ..ssh.address.target import SshTarget
from ..telling import as_message, everywhere_visible
from . import settings as connection_settings
from .become import become_of
from .empty_texts import without_empty_choices
from .numbers import require_numbers
from .target import JUMP_KEYS, ssh_target

# Ansible's ad hoc command, unlike ansible-playbook, does not load these before it forks: each worker would then load
# them anew, which takes as long as the rest of the task.
connection_loader.get("ssh", class_only=True)
shell_loader.get("sh", class_only=True)

NO_ASYNC = (
    "Leave async and poll out. Hosts are worked on beside each other anyway (forks, strategy: free); on one host, "
    "begin things in one task (containers without wait_for, commands with detach) and wait for them in a later one."
)

# Registered with Ansible's own configuration manager: variables, environment and ini then work as for any plugin.
CONFIG_NAME = "sshfleet.containers.remote"
C.config.initialize_plugin_configuration_definitions("action", CONFIG_NAME, connection_settings.CONFIG_DEFINITIONS)


class RemoteAction(ActionBase):
    """Base of the action plugins: a subclass names its options and does its work in :meth:`perform`."""

    _supports_check_mode = True
    _supports_async = False
    _requires_connection = True

    ARGUMENT_SPEC: Mapping[str, Mapping[str, Any]] = {}
    SPEC_RULES: Mapping[str, Any] = {}

    # Set by run(), for prepare() (the masker) and perform().
    masker: Masker
    target: SshTarget
    settings: ConnectionSettings

    def prepare(self, params: dict[str, Any]) -> Any:
        """Check the options beyond their types, before anything is touched; what it returns goes to perform().

        :raises InvalidOption: for the first value that can't be used.
        """
        return params

    @abstractmethod
    def perform(self, session: Session, prepared: Any) -> dict[str, Any]:
        """Do the work (in check mode: tell what it would do) and return the result."""

    def work(self, prepared: Any) -> dict[str, Any]:
        """Open a session and perform; a remembered engine that does not answer any more is looked for once again."""
        session = self.opened(self.target, self.settings, self.log)
        try:
            try:
                return self._performed(session, prepared)
            except EngineError as error:
                if error.kind != "no_answer" or session.problem or _has_begun(session):
                    raise
            # The tunnel or the engine went away since the last task: nothing was changed, so once more from the start.
            session.close()
            session.forget_engine()
            session = self.opened(self.target, self.settings, self.log)
            return self._performed(session, prepared)
        except EngineError as error:
            if (problem := _why_unanswered(session, error)) is None:
                raise
            raise problem from error
        finally:
            session.close()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        if self._task.async_val:
            refused = InvalidOption("async", self._task.async_val, "it takes Python on the target.", NO_ASYNC)
            return failure(refused, Masker())
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._variables = task_vars or {}
        self._no_log_values: set[str] = set()
        self.masker = Masker()
        self.masker.learn(self._task.args)
        self.masker.leave(openly.of_options(self._task.args))
        try:
            params = self._validated()
            self.masker.learn(params)
            self.masker.leave((*openly.of_options(params), *WELL_KNOWN_SOCKETS.values()))
            self.settings = connection_settings.resolve(params, self._look_up)
            prepared = self.prepare(params)
            self._find_target()
            result.update(self.work(prepared))
        except FleetError as error:
            result.update(failure(error, self.masker))
        result.setdefault("changed", False)
        if self._task.no_log:
            _hide_what_ansible_shows(result)
        if not self._task.diff or not result["changed"]:
            result.pop("diff", None)
        scrubbed: dict[str, Any] = remove_values(result, self._no_log_values)
        return for_people(scrubbed)

    @property
    def check_mode(self) -> bool:
        return bool(self._task.check_mode)

    def setting(self, setting: connection_settings.Setting, params: Mapping[str, Any]) -> Any:
        """One option from the task, variables, environment, ini or its default.

        :raises InvalidOption: naming where the value came from.
        """
        return connection_settings.resolve_one(setting, params, self._look_up)

    def log(self, message: str) -> None:
        """Show a line at -vvv, without secrets; nothing of a task with no_log, whose secrets nobody knows."""
        if not self._task.no_log:
            line = self.masker.text(remove_values(message, self._no_log_values))
            self._display.vvv(as_message(line), host=self._host_name())

    def warn(self, message: str) -> None:
        """Show a warning before there is a result; without secrets, and nothing of a task with no_log."""
        if not self._task.no_log:
            line = self.masker.text(remove_values(message, self._no_log_values))
            self._display.warning(as_message(line))

    @staticmethod
    def opened(target: SshTarget, settings: ConnectionSettings, log: Callable[[str], None]) -> Session:
        """A session whose engine gets the logins at registries that earlier tasks have made over this connection.

        :raises FleetError: as with ``open_session``.
        """
        session = open_session(target, settings, log)
        session.client.credentials = logins.given(session)
        return session

    def _find_target(self) -> None:
        """Set ``target``, and what Ansible says of becoming there."""
        self.target = ssh_target(self._connection, self._host_name(), self._host_variable(JUMP_KEYS))
        self.masker.leave(filter(None, (self.target.name, self.target.host, self.target.user)))
        self.settings = replace(self.settings, become=become_of(self._connection))

    def _performed(self, session: Session, prepared: Any) -> dict[str, Any]:
        try:
            return {"engine": session.engine(), **self.perform(session, prepared)}
        except UNREADABLE as problem:
            self.log("".join(traceback.format_exception(problem)))
            raise session.client.unreadable(problem) from problem

    def _validated(self) -> dict[str, Any]:
        spec = {**connection_settings.ARGUMENT_SPEC, **self.ARGUMENT_SPEC}
        arguments = without_empty_choices(spec, self._task.args)
        require_numbers(spec, arguments)
        validation = ArgumentSpecValidator(spec, **self.SPEC_RULES).validate(arguments)
        self._no_log_values = set(validation._no_log_values)
        for error in validation.errors:
            problem = validation.errors.msg
            if isinstance(error, UnsupportedError):
                problem = f"Unsupported options for {self._task.action}: {problem}"
            raise InvalidOptions(str(problem), "See ansible-doc for this module's options.")
        params: dict[str, Any] = validation.validated_parameters
        return params

    def _host_name(self) -> str:
        return str(self._task.delegate_to or self._variables.get("inventory_hostname", ""))

    def _look_up(self, option: str) -> tuple[Any, str]:
        value, origin = C.config.get_config_value_and_origin(
            option, plugin_type="action", plugin_name=CONFIG_NAME, variables=self._connection_variables()
        )
        return value, str(origin)

    def _connection_variables(self) -> dict[str, Any]:
        """The variables that set connection options, templated; a delegate's own where the task is delegated."""
        variables = self._host_variables()
        names = [setting.variable for setting in connection_settings.LOOKED_UP if setting.variable in variables]
        return {name: self._templar.template(variables[name]) for name in names}

    def _host_variable(self, name: str) -> Any:
        """One variable of the host that the task talks to, templated; None where it has none."""
        variables = self._host_variables()
        return self._templar.template(variables[name]) if name in variables else None

    def _host_variables(self) -> Mapping[str, Any]:
        if not self._task.delegate_to:
            return self._variables
        delegated: Mapping[str, Any] = self._variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        return delegated


def _has_begun(session: Session) -> bool:
    """Whether doing the task again could do something twice, or hide what was done: the engine has answered, or a
    request that changes something has gone out.
    """
    return session.client.answered or session.client.may_have_changed


def _why_unanswered(session: Session, error: EngineError) -> FleetError | None:
    """The cause of a request that got no answer; None where the error itself says all that can be said."""
    if not error.unanswered:
        return None
    if session.problem is None and session.answers():
        error.hint = f"{error.hint} The engine answers again; its log there may tell what happened.".strip()
        return None
    problem = session.diagnose()
    if error.kind == "answer_lost":
        error.hint = f"{error.hint} Now: {problem.message} {problem.hint}".strip()
        return None
    problem.hint = f"{problem.hint} {error.hint}".strip()
    return problem


def _hide_what_ansible_shows(result: dict[str, Any]) -> None:
    """Of a task with no_log, Ansible shows the warnings and the message of a failure all the same."""
    result.pop("warnings", None)
    if "error" in result:
        result["msg"] = f"The task failed ({result['error']['kind']}), and no_log hides the rest."


def for_people(result: dict[str, Any]) -> dict[str, Any]:
    """A result whose messages, warnings and diff can be shown on a terminal, whoever wrote them; data stay as they are.

    This is the one place for that: whatever a task says goes through here or through ``log`` and ``warn``.
    """
    for owner, names in ((result, ("msg",)), (result.get("error") or {}, ("message", "hint"))):
        owner.update({name: as_message(owner[name]) for name in names if isinstance(owner.get(name), str)})
    if "warnings" in result:
        result["warnings"] = [as_message(str(warning)) for warning in result["warnings"] or ()]
    if "diff" in result:
        result["diff"] = everywhere_visible(result["diff"])
    return result


def failure(error: FleetError, masker: Masker) -> dict[str, Any]:
    """The result of a task that ended in this error: UNREACHABLE where the host is, else FAILED."""
    outcome = "unreachable" if isinstance(error, SshError) and error.unreachable else "failed"
    if isinstance(error, InvalidOptions):
        message, hint = error.told(masker.strictly), masker.strictly(error.hint)
    else:
        message, hint = masker.text(error.message), masker.text(error.hint)
    details: dict[str, Any] = {"kind": error.kind, "message": message, "hint": hint}
    if isinstance(error, InvalidOption):
        details["option"] = error.option
    if isinstance(error, EngineError):
        details["status"] = error.status
    between = "\n" if "\n" in message else " "  # a hint is no part of the log at a message's end
    return {outcome: True, "msg": f"{message}{between}{hint}".strip(), "error": details}
