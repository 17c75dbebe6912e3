# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes ``ansible_collections.sshfleet.containers`` importable from the checkout, as Ansible itself would."""

from __future__ import annotations

from pathlib import Path

from ansible.utils.collection_loader import _collection_finder as finder

COLLECTIONS = Path(__file__).resolve().parents[2] / ".dev"


def _install_collection_finder() -> None:
    if COLLECTIONS.is_dir():  # ansible-test brings its own finder and stages no .dev
        finder._AnsibleCollectionFinder(paths=[str(COLLECTIONS)])._install()


_install_collection_finder()
