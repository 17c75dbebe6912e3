# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  rollback:
    description:
      - What comes back when a step fails.
      - With V(container), a container whose new version does not start, or does not come to what is waited for, comes
        back as it was. What else has been done stays.
      - With V(project), the replaced containers are kept until everything has worked. If anything fails, all of them
        come back, and containers that the task has created are removed. Networks, volumes and images stay as they have
        become, and so does what was changed of a container without recreating it.
    type: str
    choices: [project, container]
    default: container
  rollout_delay:
    description: With a rollout of V(start_first), so many seconds both serve before the old one gets its stop signal.
    type: float
    default: 0
  parallel:
    description: So many steps are done at the same time, at most, where they don't wait for each other. 1 to 64.
    type: int
    default: 8
"""
