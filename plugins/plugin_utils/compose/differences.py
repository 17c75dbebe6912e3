# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one table of what is different here from docker compose 2.40.3, for people; its page is made of it.

The code of each stands where the key is read. ``corners`` names the cases of the tests that show it, and a test holds
that no other case differs.
"""

from __future__ import annotations

from ..dataclass import dataclass


@dataclass(frozen=True)
class Difference:
    """What is written, what docker compose makes of it, and what is to be done, or is done here; as reStructuredText.

    :param refused: it is refused here, with these words about what to write.
    :param corners: the names of its cases.
    """

    written: str
    compose: str
    ours: str
    refused: bool
    corners: tuple[str, ...]


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        '``volumes: ["d:/data"]``, a volume with a name of one letter',
        "takes ``d:`` for a drive of Windows: an anonymous volume at ``d:/data``, or a bind mount of it.",
        "Write the long form: ``{type: volume, source: d, target: /data}``.",
        True,
        ("a volume of one letter", "a volume of one letter and a mode"),
    ),
    Difference(
        '``volumes: ["./a:/a:U"]``, a word that is no mode',
        "drops it.",
        "Leave it out. ``cached``, ``consistent`` and ``delegated``, which mean nothing on Linux, are only warned of.",
        True,
        ("unknown mode words",),
    ),
    Difference(
        '``devices: ["/dev/a:rw"]``',
        "takes ``rw`` for the path in the container.",
        "Write the path, too: ``/dev/a:/dev/a:rw``.",
        True,
        ("permissions where the target belongs",),
    ),
    Difference(
        "``mem_limit: 1e9`` and other sizes as a number with a point or exponent",
        "sets no limit.",
        'Write ``1g``, or quote it: ``"1e9"``.',
        True,
        ("bytes as a number with an exponent", "bytes as a number with a point"),
    ),
    Difference(
        "``VERSION: 1.10``, ``0755``, ``0x1F``, ``1_000`` or ``1e3`` where a text belongs",
        "gives ``1.1``, ``493``, ``31``, ``1000``.",
        "Quote it.",
        True,
        (
            "an octal number as a text",
            "another octal number",
            "a hexadecimal number",
            "a number with an underscore",
            "a version",
            "an exponent",
            "a long number with a point",
            "a number that may be a secret is not told",
        ),
    ),
    Difference(
        "``mode: 440`` of a secret, config or tmpfs, without the 0 in front",
        "reads it as a decimal number, which is ``0670``.",
        "Write ``0440``.",
        True,
        ("a file mode without the zero", "the mode of a tmpfs without the zero"),
    ),
    Difference(
        "``command: npm ci && npm start``, and other texts with ``;``, ``|``, ``<`` or ``>`` outside of quotes",
        "cuts the command there: ``[npm, ci]``.",
        'Write ``[sh, -c, "npm ci && npm start"]``.',
        True,
        ("a command that is cut", "a command with a redirection", "a command with a pipe"),
    ),
    Difference(
        "``depends_on: [db]`` over ``depends_on: {db: {condition: service_healthy}}`` of an earlier file or of a base",
        "takes the condition back, and ``required: false`` as well.",
        "Leave it out of the list, or write the condition.",
        True,
        (
            "depends_on list that undoes a condition",
            "depends_on list that undoes required",
            "depends_on list in extends",
        ),
    ),
    Difference(
        '``ports: [!reset "80:80"]``, a tag on an item of a list',
        "does nothing with what earlier files have.",
        "Put ``!reset`` or ``!override`` before the list.",
        True,
        ("reset of an item of a list",),
    ),
    Difference(
        '``labels: {"${K}": v}``, a variable in a key',
        "leaves it as it is.",
        'Write a list: ``["${K}=v"]``.',
        True,
        ("variable in a key",),
    ),
    Difference(
        '``A="x"y`` in a file of variables, text after the closing quote',
        "drops ``y``, or takes it for a line of its own.",
        "Quote all of it.",
        True,
        ("text after the closing quote",),
    ),
    Difference(
        "``restart: sometimes``",
        "takes it; the engine refuses it.",
        "There are ``no``, ``always``, ``unless-stopped``, ``on-failure`` and ``on-failure:N``.",
        True,
        ("an unknown restart policy",),
    ),
    Difference(
        "two ports that are the same, one of them with ``published: 80`` as a number",
        "has both.",
        "Leave one of them out.",
        True,
        ("two ports that are the same",),
    ),
    Difference(
        "a bind mount's ``source`` or ``device`` that is empty, as by a variable that is not set",
        "mounts the project's directory.",
        "Write the path.",
        True,
        ("an empty device of a bind", "an empty source of a bind"),
    ),
    Difference(
        "``include`` or ``extends`` of something remote (``https://``, ``git@``, ``oci://``)",
        "fetches it.",
        "Fetch it beforehand, and name the file.",
        True,
        ("a remote include",),
    ),
    Difference(
        "a label, variable or the like whose name begins with ``x-``",
        "replaces all of them by one called ``#extensions``.",
        "It is kept.",
        False,
        ("labels that begin with x-", "variables that begin with x-"),
    ),
    Difference(
        "an empty list below a key of the top level that begins with ``x-``",
        "prints null.",
        "It stays an empty list.",
        False,
        ("an empty list below x-",),
    ),
    Difference(
        "``build.ssh`` with a path",
        "ends with an error about its own output.",
        "It is ``NAME=PATH`` in a list.",
        False,
        ("a key for ssh with its path",),
    ),
    Difference(
        "``extends`` of a service that is empty",
        "leaves ``extends`` in the result.",
        "Nothing is left of it.",
        False,
        ("an empty service is extended",),
    ),
    Difference(
        "a name alone on the last line of a file of variables, without a line break",
        "makes it the value of a variable without a name.",
        "It is passed through, as on any other line.",
        False,
        ("a name alone on the last line of an env_file",),
    ),
)
