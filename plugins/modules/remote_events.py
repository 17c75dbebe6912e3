#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_events
short_description: Read what has happened on a container engine of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns the events of a remote Podman or Docker engine in a window of time, in the same shape and with the same
    words for both engines.
  - How far back they go is the engine's affair; Docker keeps the last 256 only, and none over a restart.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
  - sshfleet.containers.query
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  since:
    description:
      - The beginning of the window. A time such as V(2026-01-31T12:00:00Z) (UTC where no offset is given), seconds
        since 1970, or how long ago it was by the host's clock, such as V(90s), V(15m), V(2h30m) or V(1d).
    type: str
    default: 1h
  until:
    description: The end of the window, in the notations of O(since). Without it, and at the latest, now.
    type: str
  types:
    description: Only events of these types, such as V(container), V(image), V(network), V(volume).
    type: list
    elements: str
  actions:
    description:
      - Only events with these actions, in Docker's words, such as V(start), V(die), V(destroy), V(health_status),
        V(exec_start), V(oom).
    type: list
    elements: str
  names:
    description: Only events of things with these names, or with IDs that begin so (12 characters or more).
    type: list
    elements: str
    aliases:
      - name
  labels:
    description:
      - Only events of containers that carry all these labels.
      - An empty value stands for any value of that label.
    type: dict
  limit:
    description: Return so many of the last events.
    type: int
    default: 1000
seealso:
  - module: sshfleet.containers.remote_container_info
  - module: sshfleet.containers.remote_container_logs
"""

EXAMPLES = r"""
- name: What has happened in the last hour
  sshfleet.containers.remote_events:

- name: Which containers have ended today, and how
  sshfleet.containers.remote_events:
    since: 1d
    types:
      - container
    actions:
      - die
      - oom
    query: events[].[time, name, attributes.exitCode]
  register: ended
"""

RETURN = r"""
events:
  description: The events, the oldest first.
  returned: success
  type: list
  elements: dict
  contains:
    time:
      description: When it happened, in UTC.
      type: str
      sample: "2026-01-31T12:00:00.123456Z"
    type:
      description: What it happened to.
      type: str
      sample: container
    action:
      description: What happened, in Docker's words.
      type: str
      sample: die
    detail:
      description: What the engine adds to the action, such as V(healthy), a command or an error; mostly empty.
      type: str
    id:
      description:
        - The ID of what it happened to; a volume's is its name.
        - Podman does not tell the network's when a container is connected to it or taken off.
      type: str
    name:
      description: Its name, where it has one.
      type: str
      sample: app
    attributes:
      description:
        - What the engine tells about it, labels among them. It differs between engines.
        - On both, C(exitCode) is there when a container or a command in it has ended (V(die), V(exec_die)), and
          C(container) when one was connected to a network or taken off.
      type: dict
truncated:
  description: Whether there were more than O(limit).
  returned: success
  type: bool
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
