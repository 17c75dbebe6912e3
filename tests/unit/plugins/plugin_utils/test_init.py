# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Under Ansible's loader of collections, the modules of plugin_utils keep their bytecode."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SUPPORT = Path(__file__).resolve().parents[3] / "support"
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from checkout import install_collection_finder
install_collection_finder()
from ansible_collections.sshfleet.containers.plugins.plugin_utils import errors, hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts import entry
for module in (errors, entry, hosts):
    print(module.__name__.rpartition(".")[2], type(module.__loader__).__name__)
try:
    from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts import no_such_module
except ImportError as problem:
    print(type(problem).__name__)
"""


def loaded(prefix: Path) -> list[str]:
    """The loaders that a new process takes, with its bytecode below ``prefix``."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    argv = [sys.executable, "-c", PROGRAM, str(SUPPORT)]
    environment["PYTHONPYCACHEPREFIX"] = str(prefix)
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


def test_bytecode_is_kept_where_python_keeps_it(tmp_path: Path) -> None:
    first = loaded(tmp_path)
    kept = {path.name.partition(".")[0]: path.stat().st_mtime_ns for path in tmp_path.rglob("plugin_utils/**/*.pyc")}
    assert first == [
        "errors SourceFileLoader",
        "entry SourceFileLoader",
        "hosts _AnsibleCollectionLoader",
        "ImportError",
    ]
    assert {"errors", "entry"} <= set(kept)
    assert loaded(tmp_path) == first
    again = {path.name.partition(".")[0]: path.stat().st_mtime_ns for path in tmp_path.rglob("plugin_utils/**/*.pyc")}
    assert again == kept, "the second process has compiled anew"
