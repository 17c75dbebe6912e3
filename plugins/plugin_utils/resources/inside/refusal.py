# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of commands that could not be started in a container, or did not come to their own end."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import EngineError
from ..execution import refusal

KILLED = (137, -1)  # exit codes with which a command ends whose container is stopped

# What is added to the complaint of a shell that finds no interpreter for a module; Ansible shows it as it is.
NO_PYTHON = (
    b"The container has no Python there: name another one (ansible_python_interpreter), or use ansible.builtin.raw or "
    b"sshfleet.containers.remote_container_exec, which need none.\n"
)


def not_started(container: str, argv: Sequence[str], words: str) -> EngineError:
    """The error for a command that the engine could not start; ``words`` are the engine's."""
    if refusal.code_of(words) == refusal.NOT_FOUND:
        return EngineError(
            f"The container {container} has no {argv[0]}, without which nothing runs over this connection. "
            f"The engine says: {words}",
            hint="Name a shell that it has (ansible_shell_executable), or work on it from outside, which needs nothing "
            "in it: remote_container_exec, remote_container_copy, remote_container_info.",
            kind="no_shell",
        )
    return EngineError(
        f"No command could be started in the container {container}. The engine says: {words}",
        hint="Does it know the user (ansible_user, sshfleet_container_user) and the directory "
        "(sshfleet_container_working_dir)?",
    )


def file_failed(container: str, path: str, complaint: str) -> EngineError:
    """The error for a file that a command in the container could not read or write."""
    said = complaint.strip() or "the command that did it says nothing"
    return EngineError(f"The file {path} in the container {container}: {said}")


def too_much(container: str, most: int) -> EngineError:
    """The error for a command that writes more than ``most`` bytes, which all have to be held for Ansible."""
    return EngineError(
        f"A command in the container {container} writes more than {most >> 20} MiB. Nothing more of it is read; it may "
        "still run there.",
        hint="Have it write into a file, and fetch that, or use remote_container_exec, whose max_output keeps the "
        "beginning and the end.",
        kind="container_answer",
    )


def ended_meanwhile(container: str, problem: EngineError) -> EngineError:
    """The error for a command whose container was stopped or removed; ``problem`` says what is the matter with it."""
    return EngineError(
        f"The container {container} was stopped or removed while a command ran in it. {problem.message}",
        problem.status, problem.hint, problem.kind,
    )  # fmt: skip
