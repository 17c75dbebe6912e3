# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host's side of auto-update: the script of ``command.py``, run as the user whom the engine belongs to."""

from __future__ import annotations

from ....errors import EngineError, SshError
from ....session.session import Finished, Session
from ....session.settings import Become
from ...shared.work.engine_user import EngineUser
from .. import command
from ..command import Report
from ..options import Options

LOOKS_WITHIN = 60.0  # seconds


def _none(message: str, hint: str) -> EngineError:
    return EngineError(message, hint=hint, kind="no_auto_update")


class UpdateHost:
    """Podman's command on the engine's host. Methods raise SshError where no command can be run there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._user = EngineUser(session, _none)
        self._hides_errors = session.client.engine.auto_update_hides_errors

    def require(self) -> None:
        """
        :raises EngineError: kind ``no_auto_update``: commands there run as somebody else than the engine, or there is
            no podman.
        """
        if not self._user.found(self._who):
            raise self._user.error(
                "there is no command podman.", "Install it: what updates containers is no part of the engine's API."
            )

    def pending(self, options: Options) -> Report:
        """What would be updated.

        :raises EngineError: kind ``not_in_time``, ``engine_error``.
        """
        return self._run(options, dry=True)

    def update(self, options: Options) -> Report:
        """Update what can be, and tell what became of it.

        :raises EngineError: kind ``not_in_time``, ``engine_error``.
        """
        return self._run(options, dry=False)

    def words(self, unit: str, since: int) -> str:
        """The beginning of a unit's log.

        :param since: seconds since 1970.
        """
        argv = command.argv(self._user.scope, "words", unit, str(since))
        try:
            return self._user.run(argv, "", LOOKS_WITHIN).stdout.strip()
        except SshError:
            return ""

    def _who(self, become: Become | None) -> tuple[int, bool]:
        argv = command.argv(self._user.scope, "who")
        done = self._session.run_on_host(argv, "", LOOKS_WITHIN, become=become)
        uid, _end, podman = done.stdout.partition("\n")
        if done.returncode != 0 or not uid.isdigit():
            raise self._failed(done)
        return int(uid), bool(podman.strip())

    def _run(self, options: Options, *, dry: bool) -> Report:
        words = command.command(options, dry=dry, hides_errors=self._hides_errors)
        done = self._user.run(command.argv(self._user.scope, "update", *words), "", options.timeout)
        if done.returncode is None:
            raise EngineError(
                f"The update did not end within {options.timeout:g} seconds; it is still at it.",
                hint="Raise timeout; images that are pulled take their time. Another run finds out what became of it.",
                kind="not_in_time",
            )
        report = command.read(done.stdout, done.stderr)
        if report is None or (done.returncode != 0 and not report.errors):
            raise self._failed(done)
        return report

    def _failed(self, done: Finished) -> EngineError:
        words = " ".join(done.stderr.split())[-500:] or f"exit code {done.returncode}, without a word"
        host = self._session.transport.target.display
        return EngineError(f"podman auto-update gave no report on {host}: {words}.", kind="engine_error")
