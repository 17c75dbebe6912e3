# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The options of modules that read all hosts of a play at once: which containers, and how.
    DOCUMENTATION = r"""
options:
  every_engine:
    description:
      - Read both engines of hosts that have two, at their usual sockets. A host with one of them is complete.
      - Without it, one engine is read, as O(engine) and O(engine_socket) say.
    type: bool
    default: false
  name:
    description: Names of containers, or shell patterns such as V(shop-*). Others are left out.
    type: list
    elements: str
    aliases:
      - names
  image:
    description:
      - Images as containers name them, or shell patterns such as V(*/nginx:*). Containers of others are left out.
    type: list
    elements: str
    aliases:
      - images
  labels:
    description:
      - Leave out containers without all these labels.
      - An empty value stands for any value of that label.
    type: dict
  state:
    description: Leave out containers in other states.
    type: list
    elements: str
    choices:
      - running
      - paused
      - restarting
      - exited
      - created
      - dead
  health:
    description: Leave out containers whose health check says something else; V(none) are those without one.
    type: list
    elements: str
    choices:
      - healthy
      - unhealthy
      - starting
      - none
  at_once:
    description:
      - So many hosts are read, and connected to, at the same time, 1 to 1000.
      - What that takes is compared with the limits of the controller's user (C(ulimit)) before the first connection.
    type: int
    default: 50
  keep:
    description:
      - Keep the connections that are opened for this, so that the next task finds them.
      - With V(false), each is closed when its host has answered, so that a thousand hosts take no more memory than
        O(at_once) of them. Connections that were there before stay.
    type: bool
    default: true
  timeout_all:
    description:
      - Seconds after which the hosts that have not answered yet are told as failed (kind V(too_late)), and the result
        is what has come so far.
      - Without it, the time-outs of each host (C(ansible_timeout), O(engine_timeout)) are all there is.
    type: float
"""
