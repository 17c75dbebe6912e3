# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_secret: names and types of containers.podman.podman_secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers
from ..shared.parsers import driver_options
from ..shared.secrets import MASK

DRIVERS = ("file", "pass", "shell")
LONGEST = 512_000  # bytes; a secret is shorter
LONGEST_NAME = 253
_SHELL_COMMANDS = ("delete", "list", "lookup", "store")
_VAULT = b"$ANSIBLE_VAULT;"
_NOT_IN_NAMES = frozenset(",/=")

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["absent", "present"], "default": "present"},
    "data": {"type": "str", "no_log": True},
    "path": {"type": "path"},
    "driver": {"type": "str"},
    "driver_options": {"type": "dict", "aliases": ["driver_opts"]},
    "labels": {"type": "dict"},
    "force": {"type": "bool", "default": False},
    "skip_existing": {"type": "bool", "default": False},
    "restart_containers": {"type": "bool", "default": False},
}
SPEC_RULES: dict[str, Any] = {
    "mutually_exclusive": [("data", "path"), ("force", "skip_existing")],
    "required_if": [("state", "present", ["data", "path"], True)],
}


class Data(bytes):
    """What a secret holds; it never shows itself."""

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__


@dataclass(frozen=True)
class Options:
    """The checked options of one task; ``driver`` is '' where the task leaves it to the engine."""

    name: str
    state: str = "present"
    data: Data = Data()
    driver: str = ""
    driver_options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    skip_existing: bool = False
    restarts: bool = False


def parse(params: Mapping[str, Any], data: bytes) -> Options:
    """Check the options of a task.

    :param data: what the secret is to hold, from either option.
    :raises InvalidOption: for the first that can't be used; the data are not shown.
    """
    options = Options(
        name=secret_name("name", params["name"]),
        state=params["state"],
        data=Data(data),
        driver=params["driver"] or "",
        driver_options=driver_options("driver_options", params["driver_options"]),
        labels=parsers.labels_not_ours("labels", params["labels"] or {}),
        force=params["force"],
        skip_existing=params["skip_existing"],
        restarts=params["restart_containers"],
    )
    if options.state == "present":
        _require_data(params["path"], data)
        _require_driver(options)
    return options


def secret_name(option: str, value: Any) -> str:
    """A name that a secret can have, on the newest Podman.

    :raises InvalidOption: there can be none of this name.
    """
    text = str(value)
    bad = not text or len(text) > LONGEST_NAME or not text.strip(".") or not text.isprintable()
    if bad or not _NOT_IN_NAMES.isdisjoint(text):
        raise InvalidOption(
            option, value, "no secret can have this name.",
            f"Use at most {LONGEST_NAME} characters, best letters, digits, '_', '.' and '-', and no ',', '/' or '='.",
        )  # fmt: skip
    return text


def _require_data(path: str | None, data: bytes) -> None:
    option, shown = ("data", MASK if data else "") if path is None else ("path", path)
    if not data:
        raise InvalidOption(option, shown, "a secret is not empty.", "Give it a value, or remove it (state: absent).")
    if len(data) >= LONGEST:
        raise InvalidOption(
            option, shown, f"it has {LONGEST} bytes or more, and a secret has less.",
            "Mount a file or a volume instead.",
        )  # fmt: skip
    if path is not None and data.startswith(_VAULT):
        raise InvalidOption(
            option, shown, "the file is encrypted with Ansible Vault, and would be sent as it is.",
            "Give data: \"{{ lookup('file', PATH, rstrip=false) }}\" instead, which decrypts it.",
        )  # fmt: skip


def _require_driver(options: Options) -> None:
    if options.driver not in ("", *DRIVERS):
        raise InvalidOption("driver", options.driver, "Podman has no such driver.", f"Use {', '.join(DRIVERS)}.")
    if options.driver_options and not options.driver:
        raise InvalidOption("driver", None, "driver_options are those of a driver.", "Name it in driver.")
    if options.driver != "shell":
        return
    given = options.driver_options
    if sorted(given) != list(_SHELL_COMMANDS) or not all(given.values()):
        raise InvalidOption(
            "driver_options", ", ".join(given), "the driver shell needs its four commands, and nothing else.",
            f"Give {', '.join(_SHELL_COMMANDS)}, each a command of the target's shell.",
        )  # fmt: skip
