# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the plugins share; here, how Python loads it.

Ansible's loader of collections compiles every module in every play, which takes longer than ten warm tasks. Below this
package, Python's own loader does it, which keeps the bytecode in ``__pycache__``, as for the plugins beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType


class _Finder:
    """Finds the modules below this package. Its folders have no code of their own and are left to Ansible."""

    def __init__(self) -> None:
        self._folders: dict[str, FileFinder] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As ``sys.meta_path`` wants it: ``path`` is that of the package around the module."""
        if not name.startswith(f"{__name__}.") or not path:
            return None
        finder = self._folders.setdefault(path[0], FileFinder(path[0], (SourceFileLoader, [".py"])))
        found = finder.find_spec(name, target)
        return found if found is not None and found.loader is not None else None


def _install() -> None:
    """Put the finder just before Ansible's own, which takes all that is the collections'."""
    kinds = [type(finder).__name__ for finder in sys.meta_path]
    if "_AnsibleCollectionFinder" in kinds:
        sys.meta_path.insert(kinds.index("_AnsibleCollectionFinder"), _Finder())


if not isinstance(sys.modules[__name__].__loader__, SourceFileLoader):  # without Ansible, it is
    _install()
