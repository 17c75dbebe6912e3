# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes ``ansible_collections.sshfleet.containers`` importable from the checkout, as Ansible itself would."""

from __future__ import annotations

from checkout import install_collection_finder

install_collection_finder()
