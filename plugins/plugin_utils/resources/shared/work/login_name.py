# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The name of the user who runs Ansible, as it is told to others."""

from __future__ import annotations

import getpass


def login_name(unnamed: str) -> str:
    """That of the environment, else of the user ID; ``unnamed`` where there is none (in a container, for example)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return unnamed
