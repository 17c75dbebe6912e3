# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The credentials of one task. The code's table is plugin_utils/resources/registry/credentials.py.
    DOCUMENTATION = r"""
options:
  registry_username:
    description:
      - The user at the registry, for this task only. Without it, a login of M(sshfleet.containers.remote_login) is used
        where there is one.
      - Nothing is taken from anybody's Docker configuration.
    type: str
  registry_password:
    description: The password or token of O(registry_username). It is in no result and no log.
    type: str
  registry:
    description:
      - The registry that O(registry_username) and O(registry_password) are for, such as
        V(registry.example.com:5000). They go to no other. Without it, the registry in the image's name.
    type: str
"""
