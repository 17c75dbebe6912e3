#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_container_copy
short_description: Copy files between the controller and a container of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Copies a file, a directory with all that is in it, or a text into a container of a remote Podman or Docker host,
    or a file or directory out of it. Nothing is left on the host.
  - The container may run or not.
  - The options have the names and meanings of C(community.docker.docker_container_copy_into), but for O(path), which is
    on the controller here.
  - What is there already is compared first, and only what differs is copied. Contents of more than 64 KiB are
    compared by their SHA-256, which a command in the container finds out. Where that is not possible (it does not
    run, or has no shell, C(sha256sum), C(stat) or C(readlink)), they have to be fetched for that.
  - Files of any size are streamed and take no memory.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
attributes:
  check_mode:
    support: full
    description:
      - Tells what would be copied. Where the container is not there (yet), the task is skipped with a warning.
  diff_mode:
    support: full
    description:
      - Of texts up to Ansible's C(MAX_FILE_SIZE_FOR_DIFF), both versions are shown, of links where they lead, and of
        anything else what is known of it. For that, the text is fetched.
      - RV(ignore:diff) has the keys of C(community.docker.docker_container_copy_into), also where a single file stays
        as it is, and in C(prepared) what differs beside the content, such as the mode.
  idempotent:
    support: partial
    description: Not with O(force=true).
options:
  container:
    description: Name of the container, or its whole ID.
    type: str
    required: true
    aliases:
      - name
  direction:
    description:
      - V(into) copies from O(path) or O(content) to O(container_path), V(out_of) from O(container_path) to O(path).
    type: str
    choices:
      - into
      - out_of
    default: into
  path:
    description:
      - The file or directory on the controller.
      - With O(direction=into), a relative path is looked for as M(ansible.builtin.copy) does, in C(files) of the role
        or beside the playbook. Files that are encrypted with Ansible Vault are copied as they are.
      - With O(direction=out_of), a relative path is one beside the playbook. All hosts write to the same path, so
        name the host in it. Missing directories on the way are made.
      - Exactly one of O(path) and O(content) is needed.
    type: path
  content:
    description:
      - The content of the file. Only with O(direction=into), and together with O(mode).
      - With C(--diff), it is shown. Set C(no_log) or C(diff=false) on a task that writes a secret.
    type: str
  content_is_b64:
    description: O(content) is Base64, as binary data has to be.
    type: bool
    default: false
  container_path:
    description:
      - The file or directory in the container, an absolute path without C(..). It is the very file or directory that is
        made, not the directory above it, which has to be there.
      - Links on the way there are the container's own, and lead nowhere out of it.
    type: str
    required: true
  follow:
    description:
      - If O(container_path) is a symbolic link, copy to or from what it leads to. Otherwise O(direction=into) replaces
        the link, and O(direction=out_of) refuses it.
    type: bool
    default: false
  local_follow:
    description:
      - With O(direction=into), copy what the controller's symbolic links lead to. Otherwise the links are copied.
      - With O(direction=out_of), if O(path) is a symbolic link, write to where it leads. Otherwise the link is
        replaced.
    type: bool
    default: true
  owner_id:
    description:
      - The number of the user to whom the copied files belong. Needs O(group_id).
      - Without it, they belong to the user and group as which the container runs, looked up in the container's
        C(/etc/passwd) and C(/etc/group).
      - Only with O(direction=into); what is copied out belongs to the user who runs Ansible.
    type: int
  group_id:
    description: The number of the group to which the copied files belong. Needs O(owner_id).
    type: int
  mode:
    description:
      - The mode of copied files. Without it, their own; copied out, without set-user-ID, set-group-ID and sticky bits.
      - It is read as O(mode_parse) says.
    type: raw
  mode_parse:
    description:
      - How O(mode) and O(directory_mode) are read.
      - V(modern) takes a text for an octal number, and a number as it is, as M(ansible.builtin.copy) does.
      - V(legacy) takes a text for a decimal number, so that V("0644") is not what it looks like; a warning says so.
      - V(octal_string_only) takes a text for an octal number, and refuses everything else.
    type: str
    choices:
      - legacy
      - modern
      - octal_string_only
    default: modern
  directory_mode:
    description: The mode of copied directories. Without it, their own.
    type: raw
  force:
    description:
      - V(true) copies all files without comparing; V(false) copies only what is not there, whatever is there.
      - Without it, what differs is copied.
      - But with V(false), a file or a link also takes the place of an empty directory; a link does so in a running
        container only.
    type: bool
notes:
  - In a running container that has a shell and C(mv), files are written under other names and renamed when they are
    complete, so that nobody there ever sees half a file. RV(atomic) tells whether that was possible. Where it is not, a
    copy that breaks off may leave half a file.
  - What a copy leaves under another name that is killed or loses its connection, the next copy to the same directory
    removes; that of another controller's after a day.
  - Whose the files of a container of Podman's are that does not run, or has no shell, cannot be found out. Nothing is
    then copied because of that alone.
  - Docker cannot copy to or from C(/dev), C(/proc), C(/sys) and tmpfs mounts; such an O(container_path) is refused.
  - A file that is a mount point of the container's itself can't be replaced and is filled instead.
  - What is in a directory and not in the copied one is left alone. A directory never takes the place of a file, nor a
    file that of a directory with something in it.
  - Devices, pipes and sockets are refused. So are, copied out, symbolic links that lead out of what is copied, be it
    over other links.
  - The container is not trusted. What it prints names nothing outside of O(container_path) and, on the controller, of
    O(path), and has an end. One command in it may keep silent for O(engine_timeout) and the time to read files whose
    sizes are known, take ten times as long in all, and print 64 MiB; then it is ended. A directory with single files so
    large that the container's C(sha256sum) needs longer takes a higher O(engine_timeout).
seealso:
  - module: sshfleet.containers.remote_container_exec
"""

EXAMPLES = r"""
- name: Write a configuration
  sshfleet.containers.remote_container_copy:
    container: app
    content: |
      colour = red
    container_path: /tmp/app.conf
    mode: "0640"

- name: Copy the directory files/site, as root's
  sshfleet.containers.remote_container_copy:
    container: app
    path: site
    container_path: /tmp/site
    owner_id: 0
    group_id: 0

- name: Fetch a file
  sshfleet.containers.remote_container_copy:
    container: app
    direction: out_of
    container_path: /tmp/app.conf
    path: "fetched/{{ inventory_hostname }}.conf"
"""

RETURN = r"""
container_path:
  description: The path in the container. With O(follow=true), the one to which it led.
  returned: success
  type: str
  sample: /etc/app.conf
path:
  description: The path on the controller.
  returned: O(direction=out_of)
  type: str
actions:
  description:
    - What was copied, or in check mode would be, and why, in this order.
    - Left out with O(result_format=engine).
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: Always V(copy).
      type: str
    path:
      description: The path below the directory that holds O(container_path).
      type: str
    reason:
      description: V(missing), V(forced), V(kind), or some of V(content), V(target), V(mode), V(owner), V(group).
      type: str
transferred:
  description: Bytes of content that were copied. Left out with O(result_format=engine).
  returned: success
  type: int
atomic:
  description: Whether every copied file appeared as a whole. Left out with O(result_format=engine).
  returned: success
  type: bool
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
