#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_container_logs
short_description: Read what a container of a remote host has written
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns the last lines of a container's log, of a running container as of one that has ended.
  - Standard output and standard error are returned apart, and together in the order in which they came.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  check_mode:
    details: Where the container is not there (yet), the task is skipped with a warning.
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  container:
    description: Name of the container, or its whole ID.
    type: str
    required: true
    aliases:
      - name
  tail:
    description:
      - Return so many of the last lines, or V(all) of them.
      - With O(grep), so many of those that match; without O(stdout) or O(stderr), so many of the other one's. All
        lines of the window then travel, because no engine counts so.
    type: str
    default: "50"
  since:
    description:
      - Leave out what was written before. A time such as V(2026-01-31T12:00:00Z) (UTC where no offset is given),
        seconds since 1970, or how long ago it was by the host's clock, such as V(90s), V(15m), V(2h30m) or V(1d).
    type: str
  until:
    description: Leave out what was written after this, in the notations of O(since).
    type: str
  timestamps:
    description: Begin each line with the time at which it was written.
    type: bool
    default: false
  grep:
    description:
      - Return only lines in which this regular expression (Python's) is found.
      - The search is done on the controller. Narrow the window with O(since) where the log is long.
    type: str
  stdout:
    description: Read the standard output.
    type: bool
    default: true
  stderr:
    description: Read the standard error.
    type: bool
    default: true
  max_output:
    description:
      - Keep no more than this (bytes, or with a unit). The oldest lines are left out, and the end of a line that is
        longer by itself; RV(truncated) is then V(true). So it is beyond 500,000 lines.
      - V(0) keeps everything.
    type: str
    default: 16M
  mask_env:
    description: Mask what the container's environment has under names that look secret, such as C(DB_PASSWORD).
    type: bool
    default: true
notes:
  - What the engine cannot read, because of the container's log driver, it refuses in its own words.
  - A container with a terminal has no standard error of its own; all is standard output. Podman puts the time before
    each piece of it that was written at once, also in the midst of a line.
  - Podman tells times to the second.
  - What O(tail) counts is up to the engine. Docker counts a line of more than 16 KiB as several, so that the first
    line returned may be the end of one. Podman 4 with the log driver C(k8s-file) joins a last line that has no end yet
    to the one before it. V(all) has neither effect.
seealso:
  - module: sshfleet.containers.remote_container
  - module: sshfleet.containers.remote_container_exec
"""

EXAMPLES = r"""
- name: The last 50 lines
  sshfleet.containers.remote_container_logs:
    container: app
  register: log

- name: Show them
  ansible.builtin.debug:
    var: log.lines

- name: Errors of the last hour
  sshfleet.containers.remote_container_logs:
    container: app
    since: 1h
    grep: (?i)error
    tail: all
    timestamps: true
"""

RETURN = r"""
lines:
  description: The lines of both outputs, in the order in which they came.
  returned: success
  type: list
  elements: str
log:
  description: RV(lines) as one text.
  returned: success
  type: str
stdout:
  description: The lines of the standard output as one text.
  returned: success
  type: str
stdout_lines:
  description: The lines of the standard output.
  returned: success
  type: list
  elements: str
stderr:
  description: The lines of the standard error as one text.
  returned: success
  type: str
stderr_lines:
  description: The lines of the standard error.
  returned: success
  type: list
  elements: str
truncated:
  description: Whether lines were left out because of O(max_output).
  returned: success
  type: bool
running:
  description: Whether the container runs.
  returned: success
  type: bool
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
