# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checkout, and how its collection becomes importable as Ansible itself would make it."""

from __future__ import annotations

from pathlib import Path

from ansible.utils.collection_loader import _collection_finder as finder

CHECKOUT = Path(__file__).resolve().parents[2]


def install_collection_finder() -> None:
    """Make ``ansible_collections.sshfleet.containers`` importable from the checkout, once in a process."""
    try:
        import ansible_collections.sshfleet.containers  # noqa: F401
    except ImportError:
        finder._AnsibleCollectionFinder(paths=[str(CHECKOUT / ".dev")])._install()
