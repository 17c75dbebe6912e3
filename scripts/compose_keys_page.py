# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/compose_keys.rst, with the table of keys of resources/compose/translation/keys.py and what
engines can't do of it (engine/differences); with --check only compare.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from common import CHECKOUT
from made_page import code, table, write_or_check

sys.path.insert(0, str(CHECKOUT / ".dev"))

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.networks import REFUSALS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.support import REFUSED, SUPPORT
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.keys import (
    CONTAINERS,
    KEYS,
    NETWORKS,
    Key,
    always,
)

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "compose_keys.rst"

HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/compose_keys_page.py: change that, or plugins/plugin_utils/resources/compose/translation/keys.py, and
   run the script.

.. _ansible_collections.sshfleet.containers.docsite.compose_keys:

What becomes of a compose file on a host
========================================

Each key of a resolved compose file becomes options of our modules, which then do on Podman and Docker what they do for
a task. What can't be done is refused, all at once and before anything is touched, with the service, the key, and what
to write instead; nothing is dropped without a word.

The files of the controller
---------------------------

docker compose takes a relative path of a bind mount, and one with ``~``, for a path beside the compose file. That is on
the controller, and the host has other files: such a path is refused. Put single files into ``configs``, fill a volume
with ``remote_container_copy``, or name an absolute path, which is always the host's. ``host_paths: host`` takes
relative ones for the host's, too, below the same directory as on the controller.

Files of ``configs`` and ``secrets`` are read on the controller and put into each container before it starts, with their
``mode``, ``uid`` and ``gid``, which docker compose drops for those of a file.

docker compose beside it
------------------------

Containers, networks and volumes have the labels by which docker compose knows its own, and its hashes of how they are
configured. Whichever made them, the other takes them over as they are. The hash is the same but for a service with
``label_file``, whose path docker compose has in it.

The keys
--------
"""

MARKUP = re.compile(r"[CVO]\(([^)]*)\)")


def page() -> Iterator[str]:
    yield HEAD
    rows = ((code(key.pattern), told(key), engines(key)) for key in KEYS)
    yield from table(("Key", "What becomes of it", "On engines"), rows)


def told(key: Key) -> str:
    some = "" if key.when is always else " for some values"
    words = [f"Refused{some}: it {key.refused} {key.instead}"] if key.refused else []
    words += [f"Without effect, and warned of: it {key.warned}"] if key.warned else []
    words += [f"{', '.join(map(code, key.options))} of ``{key.module}``."] if key.options else []
    return " ".join([*words, key.told])


def engines(key: Key) -> str:
    """What engines can't do with the options that a key becomes."""
    if key.module == NETWORKS:
        rows = [row for row in REFUSALS if row.option in key.options or row.option.partition(".")[0] in key.options]
        return MARKUP.sub(r"``\1``", " ".join(row.sentence for row in rows))
    found = [row for row in SUPPORT if row.level == REFUSED and re.split("[.=]", row.option)[0] in key.options]
    if key.module != CONTAINERS:
        return ""
    return " ".join(
        f"{row.versions()} does not support {code(row.option)}{f', but {code(row.usual)}' if row.usual else ''}."
        for row in found
    )


def main() -> int:
    return write_or_check(PAGE, "\n".join(page()) + "\n", sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
