# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A folder for the sockets of Ansible's and our own SSH connections, which are ended with it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def connections() -> Iterator[Path]:
    """Make the folder, with a name as short as a socket's path needs it."""
    with tempfile.TemporaryDirectory(prefix="b", dir="/tmp") as name:
        directory = Path(name)
        try:
            yield directory
        finally:
            for socket in (path for path in directory.rglob("*") if path.is_socket() and path.suffix != ".sock"):
                argv = ["ssh", "-F", "none", "-S", str(socket), "-O", "exit", "--", "x"]
                subprocess.run(argv, check=False, capture_output=True, timeout=20)
