# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of one result is told to people, and what of it is kept in files. Ansible has censored it before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..telling import shortened, visible

# What differs on every host and with every run.
TIMES = ("start", "end", "delta")
_SAYING = ("exception", "warnings", "deprecations")
# The modules whose standard output is what a person wanted.
RAW = ("remote_container_exec", "remote_container_logs")


def failure(result: Mapping[str, Any]) -> str:
    """A failure in a few lines: the message, the exit code, and what the command wrote."""
    message = as_text(result.get("msg", result.get("censored", "no message")))
    code = result.get("rc")
    found = [f"{message.rstrip('.')} (exit code {code})" if isinstance(code, int) else message]
    for name in ("stderr", "stdout", "module_stderr", "module_stdout"):
        text = result.get(name)
        if isinstance(text, str) and text.strip() and text.strip() not in message:
            text = lines(text)
            found.append(f"{name}:\n{text}" if "\n" in text else f"{name}: {text}")
    return "\n".join(found)


def output(result: Mapping[str, Any]) -> str | None:
    """What a command wrote, for somebody who asked for just that; None where it was no command."""
    both = [result[name] for name in ("stdout", "stderr") if isinstance(result.get(name), str)]
    return "\n".join(lines(text) for text in both if text.strip()) if both else None


def only_message(result: Mapping[str, Any]) -> bool:
    """Whether a result has nothing but a message, as those of debug."""
    return {name for name in result if not name.startswith("_ansible_")} - {"changed"} == {"msg"}


def lines(text: str) -> str:
    """A text of others in lines, with control characters written out, without the middle of a very long one."""
    return visible(shortened(text.replace("\r\n", "\n")).strip("\n"))


def as_text(value: Any) -> str:
    """A text as lines, anything else as JSON."""
    return lines(value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False))


def without_times(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result without what makes equal ones different."""
    return {name: value for name, value in result.items() if name not in TIMES}


def raw(action: str, result: Mapping[str, Any]) -> list[str] | None:
    """The standard outputs of a task that is there for them, one for each item; None where the result itself counts."""
    if action.rpartition(".")[2] not in RAW:
        return None
    items = result["results"] if isinstance(result.get("results"), list) else [result]
    texts = [item["stdout"] for item in items if isinstance(item, Mapping) and isinstance(item.get("stdout"), str)]
    return texts or None


def record(task: str, action: str, status: str, result: Mapping[str, Any]) -> str:
    """One task's result as JSON, without what is Ansible's own in it, and without the task's arguments."""
    kept = {name: value for name, value in _public(result).items() if name != "invocation"}
    return json.dumps(
        {"task": task, "action": action, "status": status, "result": kept},
        default=str,
        ensure_ascii=False,
        indent=2,
    )


def _public(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(_public_items(value))
    return [_public(item) for item in value] if isinstance(value, (list, tuple)) else value


def _public_items(value: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, item in value.items():
        # Ansible censors a result, but leaves the words of the error that it ended in.
        if not str(name).startswith("_ansible_") and ("censored" not in value or name not in _SAYING):
            yield str(name), _public(item)
