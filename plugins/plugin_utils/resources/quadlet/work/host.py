# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host's side of quadlets: the script of ``script.py``, run as the user whom the engine belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from ....errors import EngineError, SshError
from ....session.session import Finished, Session
from ....session.settings import Become
from ...shared.work.engine_user import SYSTEM, USER, EngineUser
from .. import script, told
from ..told import Look, State

LOOKS_WITHIN = 60.0  # seconds


def _none(message: str, hint: str) -> EngineError:
    return EngineError(message, hint=hint, kind="no_quadlets")


class QuadletHost:
    """The quadlets of one engine. Methods raise SshError where no command can be run there.

    :raises EngineError: kind ``no_quadlets``: the engine has none.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._user = EngineUser(session, _none)
        engine = session.client.engine
        if not engine.has_quadlets:
            raise self._user.error(
                f"{engine.title} has no quadlets.",
                "They came with Podman 4.4. Use a newer one, or remote_container.",
            )

    @property
    def scope(self) -> str:
        """Whose systemd it is."""
        return self._user.scope

    def look(self, name: str, texts: Mapping[str, str], gone: list[str]) -> Look:
        """See what is there, and what the generator makes of it.

        :raises EngineError: kind ``no_quadlets``: commands there run as somebody else than the engine, or the host
            lacks systemd or Podman's generator.
        """
        said = script.to_look(texts, gone)

        def looked(become: Become | None) -> tuple[int, Look]:
            look = self._looked(become, name, said)
            return look.uid, look

        return self._complete(self._user.found(looked))

    def _looked(self, become: Become | None, name: str, said: str) -> Look:
        argv = script.argv(self.scope, "look", name)
        done = self._session.run_on_host(argv, said, LOOKS_WITHIN, become=become)
        look = told.read_look(done.stdout) if done.returncode == 0 else None
        if look is None:
            raise self._failed("looked at", name, done)
        return look

    def _complete(self, look: Look) -> Look:
        if not look.systemd:
            linger = "" if self.scope == SYSTEM else " As root there: loginctl enable-linger USER."
            whose = "the host" if self.scope == SYSTEM else "this user"
            raise self._user.error(f"{whose} has no systemd that runs.", f"A quadlet is a unit of systemd's.{linger}")
        if not look.generator:
            raise self._user.error("Podman's generator for systemd is not there.", "Install it: it comes with Podman.")
        return look

    def state(self, name: str, unit: str) -> State:
        """What a unit does."""
        done = self._run("state", name, unit=unit)
        if done.returncode != 0:
            raise self._failed("asked about", unit, done)
        return told.read_state(done.stdout)

    def write(self, name: str, file: str, mode: str, text: str) -> None:
        """Put a file in its place, whole."""
        done = self._run("write", name, script.to_write(file, mode, text))
        if done.returncode != 0:
            raise self._failed("written", file, done)

    def remove(self, name: str, file: str) -> None:
        done = self._run("remove", name, script.to_remove(file))
        if done.returncode != 0:
            raise self._failed("removed", file, done)

    def reload(self, name: str) -> None:
        """Let systemd read the quadlets."""
        done = self._run("reload", name, within=2 * LOOKS_WITHIN)
        if done.returncode != 0:
            raise self._failed("read by systemd", name, done)

    def change(self, verb: str, name: str, unit: str, within: float) -> None:
        """Start, restart or stop a unit, or forget that it has failed.

        :param within: seconds.
        :raises EngineError: kind ``unit_failed``, with the last lines of its log; ``not_in_time``.
        """
        done = self._run(verb, name, unit=unit, within=within)
        if done.returncode == 0:
            return
        if done.returncode is None:
            raise EngineError(
                f"The unit {unit} did not {verb} within {within:g} seconds; it is still at it. {self.words(unit)}",
                hint="Raise timeout; an image that is pulled takes its time.",
                kind="not_in_time",
            )
        raise self.unit_failed(unit, f"did not {verb}: {(done.stdout or done.stderr).strip()}")

    def settle(self, name: str, unit: str, seconds: float) -> None:
        """Wait as long as a unit stays up, and no longer than this."""
        done = self._run("settle", name, script.to_settle(seconds), unit=unit, within=LOOKS_WITHIN + seconds)
        if done.returncode != 0:
            raise self._failed("watched", name, done)

    def doubts(self, name: str, unit: str, text: str) -> list[str]:
        """What systemd would not read of a unit, in its own words; nothing where it can't be asked."""
        done = self._run("verify", name, script.to_verify(text), unit=unit)
        return sorted(set(done.stdout.splitlines())) if done.returncode == 0 else []

    def unit_failed(self, unit: str, what: str) -> EngineError:
        """The error for a unit that does not run."""
        user = " --user" if self.scope == USER else ""
        return EngineError(
            f"The unit {unit} {what.rstrip('.')}. {self.words(unit)}",
            hint=f"Look there: systemctl{user} status {unit}; journalctl{user} -xeu {unit}",
            kind="unit_failed",
        )

    def words(self, unit: str) -> str:
        """The last lines of a unit's log, for a message."""
        try:
            said = self._run("words", unit, unit=unit).stdout.strip()
        except SshError:
            said = ""
        return f"The end of its log:\n{said}" if said else "Its log says nothing."

    def _run(self, verb: str, name: str, said: str = "", *, unit: str = "", within: float = LOOKS_WITHIN) -> Finished:
        argv = script.argv(self.scope, verb, name, unit)
        return self._user.run(argv, said, within)

    def _failed(self, what: str, name: str, done: Finished) -> EngineError:
        words = " ".join(done.stderr.split()) or (
            "it did not end in time" if done.returncode is None else f"exit code {done.returncode}, without a word"
        )
        host = self._session.transport.target.display
        return EngineError(f"{name} could not be {what} on {host}: {words}.", kind="engine_error")
