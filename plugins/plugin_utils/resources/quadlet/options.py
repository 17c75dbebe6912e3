# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_quadlet: a file of the task's, or one made of the options of a container."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from . import names

ABSENT, PRESENT, STARTED, STOPPED = STATES = ("absent", "present", "started", "stopped")
CHANGED, NEVER = RESTARTS = ("changed", "never")
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": list(STATES), "default": STARTED},
    "path": {"type": "path"},
    "content": {"type": "str"},
    "container": {"type": "dict"},
    "sections": {"type": "dict"},
    "enabled": {"type": "bool"},
    "dropins": {"type": "dict"},
    "files": {"type": "dict"},
    "mode": {"type": "raw", "default": "0644"},
    "restart": {"type": "str", "choices": list(RESTARTS), "default": CHANGED},
    "settle": {"type": "float", "default": 2},
    "timeout": {"type": "float", "default": 300},
}
SPEC_RULES = {"mutually_exclusive": [("path", "content", "container")]}
# Targets that start a unit at boot: the system's, and that of a user's own systemd.
BOOT = "multi-user.target default.target"
LONGEST_SETTLE = 60  # seconds
_MODE = re.compile(r"0?[0-7]{3}")
_OF_CONTAINER = ("sections", "enabled")


@dataclass(frozen=True)
class Options:
    """What a task wants, checked. ``texts`` are files by their path beside the quadlets, the quadlet's own among them
    where the task has one; an empty text is a file that is to go. ``source`` is the option that the quadlet comes from.
    ``settle`` and ``timeout`` are in seconds.
    """

    name: str
    state: str = STARTED
    source: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    mode: str = "644"
    restart: str = CHANGED
    timeout: float = 300
    settle: float = 2

    @property
    def unit(self) -> str:
        """What systemd most likely calls it."""
        return names.usual_unit(self.name)


def source(params: Mapping[str, Any]) -> str:
    """The option that says what is in the quadlet, '' where the task does not."""
    return next((option for option in ("path", "content", "container") if params[option] is not None), "")


def parse(params: Mapping[str, Any], text: str | None) -> Options:
    """Check what can be checked without the host.

    :param text: the quadlet's, None where the task says nothing of it.
    :raises InvalidOption: for the first value that can't be used.
    """
    given = source(params)
    name = names.file_name(params["name"], of_options=given == "container")
    _require_together(params, given)
    if names.is_template(name) and params["state"] in (STARTED, STOPPED):
        raise InvalidOption(
            "state", params["state"], "a template has no unit of its own.", "Use present, and start its instances."
        )
    if params["timeout"] <= 0:
        raise InvalidOption("timeout", params["timeout"], "no unit starts in this time.", "Give seconds.")
    if not 0 <= params["settle"] <= LONGEST_SETTLE:
        raise InvalidOption("settle", params["settle"], "a unit is not watched for so long.", "Give 0 to 60 seconds.")
    own = {} if text is None else {name: names.whole_lines(given, text)}
    if text is not None and not text.strip():
        raise InvalidOption(given, text, "it is empty.", "Write the quadlet, or use state=absent.")
    texts = {**own, **names.dropins(name, params["dropins"]), **names.beside(params["files"])}
    mode, restart = _mode(params["mode"]), params["restart"]
    return Options(name, params["state"], given, texts, mode, restart, params["timeout"], params["settle"])


def _mode(given: Any) -> str:
    """A mode in octal. YAML reads one without quotes as it likes: 0644 is 420 then, and 400 stays a plain 400."""
    if not isinstance(given, str):
        raise InvalidOption(
            "mode", given, "it is a number, of which nobody can tell whether it was octal.",
            "Put it in quotes: mode: '0644'.",
        )  # fmt: skip
    if not _MODE.fullmatch(given):
        raise InvalidOption("mode", given, "this is no file mode.", "Write it in octal, such as '0640'.")
    return given.removeprefix("0")


def _require_together(params: Mapping[str, Any], given: str) -> None:
    for option in _OF_CONTAINER:
        if params[option] is not None and given != "container":
            raise InvalidOption(
                option, params[option], "it is for a quadlet that is made of options (container).",
                f"Write it into the file{': [Install] with WantedBy=' if option == 'enabled' else ''}.",
            )  # fmt: skip
