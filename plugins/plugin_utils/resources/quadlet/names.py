# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of quadlet files, of what lies beside them, and of the units that are made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...errors import InvalidOption

# What a file's name ends with -> what the name of its unit gets.
KINDS = {
    ".container": "", ".volume": "-volume", ".network": "-network", ".pod": "-pod", ".kube": "", ".image": "-image",
    ".build": "-build",
}  # fmt: skip
# The least that the generator takes for one of each kind.
LEAST = {
    ".container": "[Container]\nImage=localhost/none\n", ".volume": "[Volume]\n", ".network": "[Network]\n",
    ".pod": "[Pod]\n", ".kube": "[Kube]\nYaml=/dev/null\n", ".image": "[Image]\nImage=localhost/none\n",
    ".build": "[Build]\nImageTag=localhost/none\nSetWorkingDirectory=/\n",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,200}")
_DROPIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,200}\.conf")


def file_name(name: str, *, of_options: bool) -> str:
    """The name of a quadlet's file.

    :param of_options: whether it is made of a container's options; the ending may be left out then.
    :raises InvalidOption: no quadlet can have this name.
    """
    text = f"{name}.container" if of_options and kind(name) is None else name
    found = kind(text)
    if found is None or not _NAME.fullmatch(text) or text.startswith("@"):
        raise InvalidOption(
            "name", name, "no quadlet can have this name.",
            f"Write letters, digits, '_', '-', '.' and one of the endings {', '.join(KINDS)}.",
        )  # fmt: skip
    if of_options and found != ".container":
        raise InvalidOption("name", name, "options of a container make a .container.", "Call it NAME.container.")
    return text


def kind(name: str) -> str | None:
    """The ending of a quadlet's file; None for what is none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending}" if stem and f"{dot}{ending}" in KINDS else None


def stem(name: str) -> str:
    return name.rpartition(".")[0]


def is_template(name: str) -> bool:
    """Whether units are made of it for instances only (``web@.container``)."""
    return stem(name).endswith("@")


def usual_unit(name: str) -> str:
    """The unit that a file is made into, where it does not say otherwise itself (``ServiceName=``)."""
    return f"{stem(name)}{KINDS[kind(name) or '.container']}.service"


def dropin_folder(name: str) -> str:
    return f"{name}.d"


def dropins(name: str, given: Mapping[str, Any] | None) -> dict[str, str]:
    """{path beside the quadlet: text} of drop-ins; an empty text is one that is to go.

    :raises InvalidOption: no drop-in can have this name.
    """
    found = {}
    for file, text in (given or {}).items():
        if not _DROPIN.fullmatch(str(file)):
            raise InvalidOption("dropins", file, "no drop-in can have this name.", "Call it like 10-limits.conf.")
        found[f"{dropin_folder(name)}/{file}"] = _text("dropins", str(file), text)
    return found


def beside(given: Mapping[str, Any] | None) -> dict[str, str]:
    """{name: text} of other files in the same directory; an empty text is one that is to go.

    :raises InvalidOption: Podman would take it for a quadlet, or for drop-ins, or it would lie elsewhere.
    """
    found = {}
    for file, text in (given or {}).items():
        name = str(file)
        if not _NAME.fullmatch(name) or name.endswith(".d") or kind(name) is not None:
            raise InvalidOption(
                "files", file, "no file beside a quadlet can have this name.",
                "Name a file without a directory, such as web.yaml; each quadlet is a task of its own.",
            )  # fmt: skip
        found[name] = _text("files", name, text)
    return found


def _text(option: str, file: str, text: Any) -> str:
    if text is None:
        return ""
    if not isinstance(text, str):
        raise InvalidOption(f"{option}.{file}", type(text).__name__, "it is no text.", "Give the file's text.")
    return whole_lines(f"{option}.{file}", text)


def whole_lines(option: str, text: str) -> str:
    """A file's text, with the end of its last line.

    :raises InvalidOption: it has a character that ends a text where others read it.
    """
    if "\0" in text:
        raise InvalidOption(option, "…", "it contains a NUL character.", "Leave it out.")
    return text if not text or text.endswith("\n") else f"{text}\n"
