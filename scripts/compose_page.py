# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/compose_files.rst, with plugin_utils/compose/differences.py; with --check only compare."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from common import CHECKOUT
from made_page import table, write_or_check

sys.path.insert(0, str(CHECKOUT / ".dev"))

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.differences import DIFFERENCES

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "compose_files.rst"

HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/compose_page.py: change that, or plugins/plugin_utils/compose/differences.py, and run the script.

.. _ansible_collections.sshfleet.containers.docsite.compose_files:

Compose files
=============

Compose files are read on the controller. ``remote_compose_info`` resolves them as ``docker compose config`` does and
gives the model as data, without a host, without Docker and without Podman:

.. code-block:: console

    $ ansible localhost -m remote_compose_info -a path=compose.yml

``remote_compose`` runs such a project on a host; what becomes of each key there is in
:ref:`a page of its own <ansible_collections.sshfleet.containers.docsite.compose_keys>`.

Everything that the Compose Specification says of such files is there: several files over each other with ``!reset``
and ``!override``, several documents in a file, anchors and ``<<``, ``extends``, ``include`` with its own variables,
all forms of ``${...}``, ``.env``, ``env_file`` with ``required`` and ``format``, ``label_file``, profiles, and short
and long forms of all keys. Files are checked with the specification's own JSON schema, which needs the Python package
``jsonschema`` on the controller.

The reference is docker compose 2.40.3: for some 300 corners of the format, and for whole projects, the tests compare
what both resolve.

Variables
---------

What stands in ``env`` wins over ``.env`` in the project's directory, or over the files in ``env_files``. The
variables of the shell that runs Ansible do not count unless ``inherit_env`` says so: a playbook then means the same
whoever runs it. ``PWD`` is the project's directory. ``COMPOSE_PROJECT_NAME``, ``COMPOSE_PROFILES`` and
``COMPOSE_ENV_FILES`` mean what they do for docker compose.

A variable that is not set stands for an empty text, and is warned of; so is a profile that no service has.

The result
----------

``config`` is what ``docker compose config --format json`` prints, with two differences that can be switched off.
Dollars are not doubled (``escape_dollars`` doubles them, so that the model is a compose file again), and values whose
names look secret are masked (``mask_env: false`` shows them). The contents of secrets are never in it.

What is wrong
-------------

All problems are told at once, each with file, line, service, key, value and what to write instead, and nothing is
resolved:

.. code-block:: text

    compose.yml:4: services.web.enviroment is no key of the Compose Specification. Is environment meant?
    compose.yml:9: services.web.mem_limit has the value '1e9': it is a number with a point or exponent, which compose
    takes for no limit. Write 1g or "1e9".

Values that may be secrets are not repeated. The error's kind is ``compose_file``, and ``error.problems`` has the
lines as a list.

Refused here
------------

docker compose takes these without a word, and does otherwise than anybody means.
"""

OTHERS = """\
Otherwise here
--------------
"""


def page() -> Iterator[str]:
    yield HEAD
    refused = [(one.written, one.compose, one.ours) for one in DIFFERENCES if one.refused]
    yield from table(("Written", "docker compose 2.40.3", "What to write"), refused)
    yield f"\n{OTHERS}"
    others = [(one.written, one.compose, one.ours) for one in DIFFERENCES if not one.refused]
    yield from table(("Written", "docker compose 2.40.3", "Here"), others)


def main() -> int:
    return write_or_check(PAGE, "\n".join(page()) + "\n", sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
