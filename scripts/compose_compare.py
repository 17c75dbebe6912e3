# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare how compose files are resolved here and by docker compose, for files of any origin.

    .venv/bin/python scripts/compose_compare.py FILE...

Each file is resolved by itself, in its own directory, all profiles on. The last line counts: equal, refused by both,
refused here only (see the table of differences), refused there only, different.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import compose_reference
from common import CHECKOUT, say

sys.path.insert(0, str(CHECKOUT / ".dev"))

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.result import escaped


def here(file: Path) -> tuple[str, str]:
    """The model as text and '', or '' and what is wrong."""
    try:
        return text(escaped(resolve(Wanted(paths=[str(file)], profiles=["*"])).config)), ""
    except ComposeFileError as error:
        return "", error.message


def there(file: Path, docker: Path) -> tuple[str, str]:
    """The same of docker compose."""
    names = {name: os.environ[name] for name in ("PATH", "HOME")}
    env = {**names, "PWD": str(file.parent), "DOCKER_CONFIG": str(docker.parent / "no-configuration")}
    argv = [str(docker), "-f", str(file), "--profile", "*", "config", "--format", "json"]
    done = subprocess.run(argv, cwd=file.parent, env=env, capture_output=True, text=True, check=False)
    return (text(json.loads(done.stdout)), "") if done.returncode == 0 else ("", done.stderr)


def text(model: Any) -> str:
    return json.dumps(model, indent=1, sort_keys=True)


def compared(file: Path, docker: Path) -> tuple[str, str]:
    """In which way both agree or not, and what is to be told of it."""
    (ours, why), (theirs, said) = here(file), there(file, docker)
    if ours == theirs:
        return ("equal", "") if ours else ("refused by both", "")
    if not ours:
        return "refused here only", why
    if not theirs:
        return "refused there only", said
    lines = difflib.unified_diff(theirs.split("\n"), ours.split("\n"), "docker compose", "here", lineterm="", n=2)
    return "different", "\n".join(lines)


def main() -> int:
    docker = compose_reference.program()
    counts: Counter[str] = Counter()
    for name in sys.argv[1:]:
        result, told = compared(Path(name).absolute(), docker)
        counts[result] += 1
        if told:
            say(f"{result}: {name}\n{told}\n")
    say(", ".join(f"{count} {result}" for result, count in counts.most_common()))
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
