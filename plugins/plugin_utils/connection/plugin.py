# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seam to Ansible of the connection plugin: options become a place, a session is kept, errors are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ansible import constants as C
from ansible import context
from ansible.module_utils.common.text.converters import to_bytes, to_text
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display

from ..errors import InvalidOption, SshError
from ..resources.execution.refusal import NOT_FOUND
from ..resources.inside.escalation import Escalation
from ..resources.inside.place import Place, place, reading_all
from ..resources.inside.refusal import NO_PYTHON
from ..resources.inside.work.container import Container
from ..resources.inside.written import Written
from ..seam import elsewhere
from ..seam.host import Host, Inventory
from ..seam.rules import rules_of
from ..session.kept import KeptSession
from ..session.session import open_session
from ..telling import as_message
from .failing import told

# Options that say of which engine of the host a container is; others are the host's own.
OF_THE_ENGINE = ("engine", "engine_socket", "engine_timeout")
CHUNK = 256 * 1024

display = Display()


class ContainerConnection(ConnectionBase):
    """Runs Ansible's commands in a container of a host of the inventory."""

    has_pipelining = True
    has_tty = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connected = False
        self._variables: Mapping[str, Any] = {}
        self._kept: KeptSession | None = None
        self._container: Container | None = None
        self._made_for: tuple[Any, ...] = ()

    def _resolve_option_variables(self, variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
        """Ansible gives a connection plugin only the variables that its options name; the settings of the host are
        another host's. This is where it has all of them.
        """
        self._variables = variables
        resolved: dict[str, Any] = super()._resolve_option_variables(variables, templar)
        return resolved

    def set_options(self, *args: Any, **kwargs: Any) -> None:
        """In a loop, each item may have other options."""
        super().set_options(*args, **kwargs)
        if self._connected and self._wanted() != self._made_for:
            self.close()

    def _connect(self) -> ContainerConnection:
        if not self._connected:
            with told():
                self._made_for = self._wanted()
                self._open(place(self._made_for[0]), str(self._made_for[1]))
            self._connected = True
        return self

    def _wanted(self) -> tuple[Any, ...]:
        """What makes the connection this one: ({option: value} of the place, the host's name, {option: value} of the
        engine, the inventory sources that have the host where they are not the play's).
        """
        here = {name: self.get_option(name) for name in ("container", "remote_user", "working_dir", "env")}
        host = self.get_option("container_host") or self._variables.get("inventory_hostname") or ""
        sources = tuple(self.get_option("container_host_inventory") or ())
        return here, host, {name: self.get_option(name) for name in OF_THE_ENGINE}, sources

    def _open(self, where: Place, name: str) -> None:
        host = self._host(name)
        settings = host.settings(self._made_for[2])
        target = host.target(settings.client)
        self._vvv(f"container {where.container} on {name}", where.container)
        self._kept = KeptSession(lambda: open_session(target, settings, self._vvv), self._vvv)
        rules = rules_of(host, {})
        hooks = partial(rules.hooks, "connection", shown=str, warn=display.warning)
        self._container = Container(self._kept, where, hooks)
        self._container.find()

    def _host(self, name: str) -> Host:
        """The host with the container's engine, as its own entry in the inventory describes it.

        :raises InvalidOption: there is none.
        """
        hostvars = self._variables.get("hostvars") or {}
        if self._made_for[3]:
            hostvars = elsewhere.hostvars(self._made_for[3], hostvars)
        remedy = "Set sshfleet_container_host to the inventory's name of the host on which the container runs."
        if name not in hostvars:
            raise InvalidOption("container_host", name, "the inventory has no host of this name.", remedy)
        keys = {"timeout": context.CLIARGS.get("timeout") or C.DEFAULT_TIMEOUT, "password": self._play_context.password}
        become_pass = self._play_context.become_pass or None
        is_elsewhere = bool(self._made_for[3])
        inventory = Inventory(hostvars, self._play_context, keys, become_pass=become_pass, elsewhere=is_elsewhere)
        found = inventory.host(name)
        if getattr(found.connection, "transport", None) == self.transport:
            problem = "by its own ansible_connection, this is a container itself."
            raise InvalidOption("container_host", name, problem, f"{remedy} That host is reached over ssh.")
        return found

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        """Run a command through the container's shell: (exit code, stdout, stderr)."""
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        self._vvv(f"EXEC {to_text(cmd)}")
        written = Written(str(self.get_option("container")))
        shell, text = self._play_context.executable or "/bin/sh", to_text(cmd)
        with told():
            if sudoable and self.become and self.become.success and self.become.success in text:
                code = self._escalated([shell, "-c", text], in_data, written.take)
            elif in_data is None:
                code = self._inside.run([shell, "-c", text], written.take)
            else:
                code = self._inside.run([shell, "-c", reading_all(text)], written.take, _chunks(in_data))
        stdout, stderr = written.streams()
        if sudoable and self.become and self.become.success:
            stdout, stderr = self._without_preamble(stdout), self.become.strip_become_prompt(stderr)
        if code == NOT_FOUND and in_data is not None:
            stderr += NO_PYTHON
        return code, stdout, stderr

    def _escalated(self, argv: list[str], in_data: bytes | None, keep: Callable[[int, bytes], None]) -> int:
        """Run a command that first becomes another user.

        :raises NotBecome: it does not become them.
        """
        password = None
        if self.become.expect_prompt():
            password = to_bytes(self.become.get_option("become_pass")) + b"\n"
        talk = Escalation(self.become, password, _chunks(in_data or b""))
        seconds = float(self.get_option("timeout"))
        began = time.monotonic()

        def hear(stream: int, data: bytes) -> None:
            keep(stream, data)
            talk.hear(stream, data)

        def waited() -> float:
            return 0.0 if talk.begun else time.monotonic() - began

        source = talk.source() if password is not None or in_data is not None else None
        try:
            code = self._inside.run(argv, hear, source, seconds, waited)
        except TimeoutError:
            raise talk.late(seconds) from None
        talk.ended()
        return code

    def _without_preamble(self, stdout: bytes) -> bytes:
        """What the command itself has written, without what becoming another user has."""
        become = self.become
        stripped: bytes = become.strip_become_success(become.strip_become_prompt(stdout))
        return stripped

    def put_file(self, in_path: str, out_path: str) -> None:
        """Write a file of the controller into the container."""
        super().put_file(in_path, out_path)
        self._vvv(f"PUT {in_path} TO {out_path}")
        with told():
            self._inside.put(to_text(in_path), to_text(out_path))

    def fetch_file(self, in_path: str, out_path: str) -> None:
        """Write a file of the container into one of the controller."""
        super().fetch_file(in_path, out_path)
        self._vvv(f"FETCH {in_path} TO {out_path}")
        with told():
            self._inside.fetch(to_text(in_path), to_text(out_path))

    @property
    def _inside(self) -> Container:
        if self._container is None:
            raise SshError("connection", "The connection to the container is not open.")
        return self._container

    def reset(self) -> None:
        """Forget the container and the session, which the next command opens anew."""
        self.close()

    def close(self) -> None:
        """End the session; the connection to the host stays for the next one."""
        if self._kept is not None:
            self._kept.close()
        self._kept = self._container = None
        self._connected = False

    def _vvv(self, message: str, host: str | None = None) -> None:
        display.vvv(as_message(message), host=host or str(self.get_option("container")))


def _chunks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
