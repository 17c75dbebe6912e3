# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs modules of the peers: tasks on stdin, [[module, arguments, check mode], …], their results on stdout.

They run side by side, and the last one, which may need the others, after them. It is a program, because the peers are
collections of a folder of their own: python3 peer_runs.py FOLDER. Each task runs in a fork of it, with the module's own
code as on a target, and without the second that Ansible takes for it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible.module_utils import basic
from ansible.utils.collection_loader import _collection_finder as finder

AT_ONCE = 4
Task = tuple[str, dict[str, Any], bool]


def path_of(name: str) -> str:
    """Where community.docker.docker_container, say, is imported from."""
    *collection, module = name.split(".")
    return ".".join(["ansible_collections", *collection, "plugins.modules", module])


def result_of(task: Task) -> dict[str, Any]:
    """What a module prints, which ends its process."""
    with tempfile.TemporaryFile("w+") as output:
        if (child := os.fork()) == 0:
            os.dup2(output.fileno(), 1)
            os._exit(run(*task))
        os.waitpid(child, 0)
        output.seek(0)
        text = output.read()
    try:
        result: dict[str, Any] = json.loads(text[text.index("{") :])
    except ValueError:
        return {"failed": True, "msg": text}
    return result


def run(name: str, arguments: dict[str, Any], check: bool) -> int:
    given = {**arguments, "_ansible_check_mode": check, "_ansible_diff": True}
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    try:
        modules[name].main()
    except SystemExit:
        pass
    except BaseException:
        print(traceback.format_exc())
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    finder._AnsibleCollectionFinder(paths=[sys.argv[1]])._install()
    tasks: list[Task] = json.load(sys.stdin)
    modules = {name: importlib.import_module(path_of(name)) for name in {name for name, _args, _check in tasks}}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(result_of, tasks[:-1]))
    print(json.dumps([*results, result_of(tasks[-1])]))
