# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The name of the user who runs Ansible: the one rule for it."""

from __future__ import annotations

import getpass
import os
import pwd


def login_name() -> str:
    """The name of the user ID, as ssh itself takes it, else that of the environment (``LOGNAME``, which anybody may
    set); '' where there is none (a container with an arbitrary user ID).
    """
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        pass
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
