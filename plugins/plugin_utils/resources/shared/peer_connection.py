# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options by which community.docker reaches an engine, in the modules that stand for one of its own.

What asks for nothing is as if it were not given. What is meant for the socket that is used anyway, or says how the
peer goes about things, is taken with one warning; what names another way to an engine is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption

_SSH = "The engine is reached through SSH, with the settings of Ansible's ssh connection."
_VERSION = "The version is agreed on with the engine."
_VERBOSE = "Run Ansible with -vvv; with result_format=engine, it adds actions to the result."
_UNIX = "unix://"
_DEBUG = "debug"
_SOCKET, _TIMEOUT = "engine_socket", "engine_timeout"


@dataclass(frozen=True)
class Row:
    """One of the peer's options.

    :param instead: what there is here.
    :param refused: it names another way to the engine, or what belongs to one.
    :param nothing: values beside the empty text that ask for nothing.
    :param becomes: our option that takes its value.
    """

    spec: Mapping[str, Any]
    instead: str
    refused: bool = False
    nothing: tuple[Any, ...] = ()
    becomes: str = ""


ROWS: dict[str, Row] = {
    "docker_host": Row(
        {"type": "str", "aliases": ["docker_url"]},
        "The host is Ansible's; its socket is chosen by engine and engine_socket.", becomes=_SOCKET,
    ),
    "tls_hostname": Row({"type": "str"}, _SSH, refused=True),
    "api_version": Row({"type": "str", "aliases": ["docker_api_version"]}, _VERSION, nothing=("auto",)),
    "timeout": Row(
        {"type": "int"}, "It is for the engine's answers, as engine_timeout is, and ends no container.",
        becomes=_TIMEOUT,
    ),
    "ca_path": Row({"type": "path", "aliases": ["ca_cert", "tls_ca_cert", "cacert_path"]}, _SSH, refused=True),
    "client_cert": Row({"type": "path", "aliases": ["tls_client_cert", "cert_path"]}, _SSH, refused=True),
    "client_key": Row(
        {"type": "path", "aliases": ["tls_client_key", "key_path"], "no_log": False}, _SSH, refused=True
    ),
    "tls": Row({"type": "bool"}, _SSH, nothing=(False,)),
    "use_ssh_client": Row({"type": "bool"}, _SSH, nothing=(False,)),
    "validate_certs": Row({"type": "bool", "aliases": ["tls_verify"]}, _SSH),
    _DEBUG: Row({"type": "bool"}, _VERBOSE, nothing=(False,)),
}  # fmt: skip
SPEC: dict[str, Mapping[str, Any]] = {name: row.spec for name, row in ROWS.items()}


def settled(
    params: Mapping[str, Any], spec: Mapping[str, Any], *, listed: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """The parameters of a task with what the peer's options mean here, and the warning about them, if there is one.

    :param spec: the options of its module; one that has a meaning of its own under such a name keeps it.
    :param listed: whether ``debug`` does something: the result's format lists actions with it.
    :raises InvalidOption: for another way to an engine; the value is not shown.
    """
    result = dict(params)
    taken: list[str] = []
    idle: dict[str, list[str]] = {}
    for name, row in ROWS.items():
        value = None if listed and name == _DEBUG else params.get(name)
        if spec.get(name) is not row.spec or value is None or value == "" or value in row.nothing:
            continue
        if row.becomes:
            result[row.becomes] = _taken(name, row, value, params.get(row.becomes))
            taken.append(f"{name} was taken as {row.becomes}={result[row.becomes]}. {row.instead}")
        elif row.refused:
            raise _refused(name, row.instead)
        else:
            idle.setdefault(row.instead, []).append(name)
    said = [f"{', '.join(names)} had no effect. {instead}" for instead, names in idle.items()]
    return result, [" ".join((*taken, *said))] if taken or said else []


def _taken(name: str, row: Row, value: Any, given: Any) -> Any:
    """The value of our option that this one stands for."""
    meant: Any = value
    if row.becomes == _SOCKET:
        if not str(value).startswith(_UNIX):
            raise _refused(name, row.instead)
        meant = f"/{str(value).removeprefix(_UNIX).lstrip('/')}"
    elif value < 1:
        raise InvalidOption(name, value, "it is no time to wait for an answer.", "Give seconds, or leave it out.")
    if given is not None and given != meant:
        raise InvalidOption(name, meant, f"{row.becomes} is {given}.", f"Leave {name} out.")
    return meant


def _refused(name: str, instead: str) -> InvalidOption:
    """An error that does not show the value, which may have a password in it."""
    error = InvalidOption(name, None, "", instead)
    error.message = f"Option {name!r} names another way to the engine, which there is not here."
    return error
