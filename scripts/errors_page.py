# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/errors.rst from plugins/plugin_utils/error_classes.py; with --check only compare."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

from common import CHECKOUT
from error_examples import EXAMPLES
from made_page import write_or_check

from ansible_collections.sshfleet.containers.plugins.plugin_utils.error_classes import CLASSES, ErrorClass, Retry, Stage

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "errors.rst"
WIDTH = 120

HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/errors_page.py from plugins/plugin_utils/error_classes.py: change these, and run the script.

.. _ansible_collections.sshfleet.containers.docsite.errors:

Errors
======

Whatever goes wrong has a kind, a message that names host, value and cause, and a hint with what to do about it. A task
that ends in an error gives them in its result:

``msg``
    Message and hint in one text, as Ansible shows it.
``error.kind``
    One of the kinds below. A playbook can decide by it, for instance with
    ``when: answer.error.kind | default('') == 'socket_missing'``.
``error.message``, ``error.hint``
    What is wrong, and what mends it ('' where nothing general can be said).
``error.status``
    With the kinds of the engine only: the HTTP status of its answer, none where there was no answer.
``error.option``
    With ``invalid_option`` only, and where it is a single one: the option.
``error.problems``
    With ``compose_file`` only: all problems of the files, a line for each.

Outcomes
--------

UNREACHABLE
    No connection to the host comes about. As with any Ansible connection, the host takes no further part in the play
    (``ignore_unreachable`` changes that), and the run ends with exit code 4.
FAILED
    Anything else. The task has failed (``ignore_errors``, ``rescue`` and ``failed_when`` apply), and the run ends with
    exit code 2.

An error of a jump host has the kind that it would have as a target, and its message says on the way to which target it
came.

What is tried again
-------------------

A connection that was refused or reset is tried again after about 0.1, 0.2, 0.4 … seconds, ``tunnel_retries`` tries in
all (3 by default). A connection that sshd drops before it says a word, or turns away for a while, is tried again for up
to 30 seconds, because waiting helps there. Nothing else is: an unknown name, a changed host key or a key that is not
accepted stay what they are, and each further try would count against this controller at the host.

Many tasks that wait for one host share one try and its failure.

"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for stage in Stage:
        parts.append(f"{stage.value}\n{'-' * len(stage.value)}\n")
        parts += ["\n".join(section(one)) for one in CLASSES if one.stage is stage]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def section(one: ErrorClass) -> Iterator[str]:
    """A kind's section."""
    yield f"``{one.kind}``"
    yield "^" * (len(one.kind) + 4)
    yield ""
    yield textwrap.fill(one.meaning, WIDTH)
    yield ""
    yield from field("Outcome", outcome(one))
    yield from field("Sign", one.sign)
    if not one.causes:
        yield from field("Tried again", retried(one.retry))
    yield from field("What to do", one.remedy)
    yield ""
    yield from example(one)
    if one.causes:
        yield from causes(one)


def outcome(one: ErrorClass) -> str:
    if one.kind == "hosts_file":
        return "In the inventory, Ansible ends with exit code 1. In a task, FAILED, exit code 2."
    return "UNREACHABLE, exit code 4" if one.unreachable else "FAILED, exit code 2"


def retried(how: Retry) -> str:
    return "no" if how is Retry.NO else f"yes, {how.value.removeprefix('tried again ')}"


def field(name: str, text: str) -> Iterator[str]:
    yield textwrap.fill(text, WIDTH, initial_indent=f":{name}: ", subsequent_indent="    ")


def example(one: ErrorClass) -> Iterator[str]:
    """The message and the hint, as they are in a result."""
    error = EXAMPLES[one.kind]()
    if error.kind != one.kind:
        raise ValueError(f"the example of {one.kind} is of the kind {error.kind}")
    yield "A typical message" + (" and its hint::" if error.hint else "::")
    for text in filter(None, (error.message, error.hint)):
        yield ""
        for line in text.splitlines():
            yield textwrap.fill(
                line, WIDTH, initial_indent="    ", subsequent_indent="    ",
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
    yield ""


def causes(one: ErrorClass) -> Iterator[str]:
    """The table of a kind's causes."""
    yield ".. list-table::"
    yield "   :header-rows: 1"
    yield ""
    rows = [("Sign", "What to do", "Tried again")]
    rows += [(cause.sign, cause.remedy, retried(cause.retry)) for cause in one.causes]
    for row in rows:
        for number, cell in enumerate(row):
            start = "   * - " if number == 0 else "     - "
            yield textwrap.fill(cell, WIDTH, initial_indent=start, subsequent_indent="       ")
    yield ""


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv[1:]))
