#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: moving
short_description: Tell what becomes of playbooks of community.docker and containers.podman, and move them over
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads the playbooks, roles and lists of tasks below a directory of the controller, and reports for each task of
    C(community.docker) and C(containers.podman) what becomes of it here, with the lines as they would be; where its
    result is read in the engine's own shape; and what is said of these collections in C(module_defaults), in lists of
    collections and in plays that run on the controller.
  - Changes files only with O(write=true). The tasks that need no decision then move; the others stay as they are, and
    go on working with the peer. All around what changes, files stay as they are, byte by byte.
  - The playbook C(sshfleet.containers.moving) does this with variables of the names of the options.
  - Speaks with no host and reads no variables. What only a run knows is reported as such.
extends_documentation_fragment:
  - sshfleet.containers.attributes.controller
attributes:
  check_mode:
    support: full
    description: Computes the same changes, and writes nothing.
  diff_mode:
    support: full
    description: Shows the lines that change.
  idempotent:
    support: full
    description: A second run finds nothing to write.
options:
  path:
    description:
      - A directory with playbooks, or one file. A relative path begins where Ansible was called.
      - Read are files named C(*.yml) and C(*.yaml) in all directories below, but for C(files), C(templates), installed
        collections, virtual environments and version control. For reads of results, templates (C(*.j2)) are searched,
        too.
      - No symbolic link below it is followed.
    type: path
    required: true
  write:
    description:
      - Whether files are changed. Each is replaced as a whole, with its mode, and with its owner where that is allowed.
    type: bool
    default: false
  backup:
    description:
      - Whether a copy of each file that changes is kept beside it, named with the time in UTC and C(~) at its end.
    type: bool
    default: false
  fail_on:
    description:
      - What the task fails on, after it has done the rest.
      - V(unreadable) is a file that has to do with the peers and is no YAML, is not UTF-8 or can't be read or written.
      - V(hand), V(template) and V(impossible) are tasks of this RV(files[].tasks[].kind). With all three, the task
        fails as long as there is a task left that a person has to look at.
    type: list
    elements: str
    choices:
      - unreadable
      - hand
      - template
      - impossible
    default:
      - unreadable
seealso:
  - ref: ansible_collections.sshfleet.containers.docsite.coming_from
    description: All differences to both collections.
"""

EXAMPLES = r"""
- name: Tell what becomes of the playbooks
  sshfleet.containers.moving:
    path: playbooks

- name: Move what needs no decision
  sshfleet.containers.moving:
    path: playbooks
    write: true
    backup: true

- name: Fail while there is a task that does not move
  sshfleet.containers.moving:
    path: playbooks
    fail_on: [unreadable, hand, template, impossible]
  register: moved
  failed_when: moved.counts.impossible > 3
"""

RETURN = r"""
files:
  description: The files that have something of the peers.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The path below RV(ignore:path).
      returned: success
      type: str
    changes:
      description: Whether anything in it moves without a person.
      returned: success
      type: bool
    tasks:
      description: Its tasks of the peers, in their order.
      returned: success
      type: list
      elements: dict
      contains:
        line:
          description: The line on which the task begins.
          returned: success
          type: int
        name:
          description: The task's name, empty for none.
          returned: success
          type: str
        module:
          description: The peer's module.
          returned: success
          type: str
          sample: docker_container
        becomes:
          description: The module here, null where there is none.
          returned: success
          type: str
          sample: sshfleet.containers.remote_container
        kind:
          description:
            - V(word) moves by one word, V(option) with other options besides; both are written.
            - V(hand) needs a person, V(template) depends on a value that only a run knows, and of V(impossible)
              something has no equal here.
          returned: success
          type: str
        findings:
          description: What has to be said of it.
          returned: success
          type: list
          elements: dict
          contains:
            kind:
              description: As of the task, or V(note) for what changes nothing.
              returned: success
              type: str
            line:
              description: The line that it is about.
              returned: success
              type: int
            text:
              description: What is otherwise, and why.
              returned: success
              type: str
            lines:
              description: The lines as they would be.
              returned: success
              type: list
              elements: str
        register:
          description: The variable that gets its result, null for none.
          returned: success
          type: str
        reads:
          description: Where its result is read in the engine's own shape.
          returned: success
          type: list
          elements: dict
          contains:
            path:
              description: The file.
              returned: success
              type: str
            line:
              description: The line.
              returned: success
              type: int
            what:
              description: What is read.
              returned: success
              type: str
              sample: result.container.State.Status
            here:
              description: Its name in the shape that is the same for both engines, empty where none is known.
              returned: success
              type: str
              sample: container.status
    places:
      description: What it says of the peers beside its tasks, such as RV(ignore:module_defaults).
      returned: success
      type: list
      elements: dict
      contains:
        line:
          description: The line.
          returned: success
          type: int
        what:
          description: What it is.
          returned: success
          type: str
        kind:
          description: As of tasks.
          returned: success
          type: str
        findings:
          description: As of tasks.
          returned: success
          type: list
          elements: dict
counts:
  description: How many tasks there are of each kind, and files that have any.
  returned: success
  type: dict
  contains:
    word:
      description: Tasks that move by one word.
      returned: success
      type: int
    option:
      description: Tasks that move with other options.
      returned: success
      type: int
    hand:
      description: Tasks that a person has to look at.
      returned: success
      type: int
    template:
      description: Tasks that depend on a template.
      returned: success
      type: int
    impossible:
      description: Tasks that are not possible here.
      returned: success
      type: int
    files:
      description: Files with tasks of the peers.
      returned: success
      type: int
problems:
  description: The files that could not be looked at or written.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The path below RV(ignore:path).
      returned: success
      type: str
    line:
      description: The line, null where it is not known.
      returned: success
      type: int
    message:
      description: What is wrong, and what to do.
      returned: success
      type: str
report:
  description: The lines of the report, as they are shown.
  returned: success
  type: list
  elements: str
backups:
  description: The copies that were kept of files that changed.
  returned: success
  type: list
  elements: str
"""
