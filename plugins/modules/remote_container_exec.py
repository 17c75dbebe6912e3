#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_container_exec
short_description: Run a command in a container of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Runs a command in a running container of a remote Podman or Docker host, and returns its output and its exit code.
  - The options have the names and meanings of C(community.docker.docker_container_exec). Other than there, an exit code
    that is not 0 is no failure by itself, and neither is a program that could not be started.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
attributes:
  check_mode:
    support: partial
    description:
      - Skips the command. RV(ignore:msg) says so, and what would stop it now. A container that is not there, or does
        not run, is a warning.
  diff_mode:
    support: N/A
    description: What a command changes is not known.
  idempotent:
    support: N/A
    description: That depends on the command.
options:
  container:
    description: Name of the container, or its whole ID.
    type: str
    required: true
    aliases:
      - name
  argv:
    description:
      - The program and its arguments, each as it is; no shell takes part.
      - Exactly one of O(argv) and O(command) is needed.
    type: list
    elements: str
  command:
    description:
      - The program and its arguments in one text, split at blanks with a shell's quoting rules; no shell takes part, so
        that C($VARIABLE), C(*) and C(>) mean nothing. Write C(sh -c '...') for those.
    type: str
  chdir:
    description: The directory in the container in which the command runs. Without it, the container's own.
    type: str
  env:
    description:
      - Variables for the command, beside the container's own. Values have to be text, so quote numbers and booleans.
      - Values whose names look secret, such as C(DB_PASSWORD), are masked wherever the result holds them.
    type: dict
  user:
    description: The user (and group) as which the command runs, such as V(1000), V(web) or V(web:www-data).
    type: str
  privileged:
    description: Run the command with all capabilities.
    type: bool
    default: false
  stdin:
    description:
      - Text for the command's standard input, which is closed behind it.
      - Any size; it is sent as fast as the command reads it, while its output is read.
      - With O(tty), it is typed, with Ctrl-D at its end, and a terminal takes lines of up to 4,095 bytes.
      - Podman (seen with 4.3 and 5.4) can lose what a command has written that ends without having read all of it, and
        tells nobody. Let such a command read the rest, C(sh -c 'my-command; cat >/dev/null').
    type: str
  stdin_add_newline:
    description: End O(stdin) with a newline.
    type: bool
    default: true
  strip_empty_ends:
    description: Strip line ends from the end of RV(stdout) and RV(stderr).
    type: bool
    default: true
  tty:
    description: Give the command a terminal. All of its output is then in RV(stdout), with the terminal's line ends.
    type: bool
    default: false
  detach:
    description:
      - Start the command and leave it alone. RV(stdout), RV(stderr) and RV(rc) are then not returned, and a program
        that can't be started is a failure.
    type: bool
    default: false
  timeout:
    description:
      - End the command, with all that it has started, when it has not ended after so many seconds, and fail. First with
        SIGTERM, 5 seconds later with SIGKILL. What has made itself independent of the command (a daemon) lives on.
      - As the engines have no request for that, the signals are sent on the host, over the same SSH connection, by the
        user that logs in, or the one that the task becomes. Where neither may do it, a second command in the container
        does, which needs C(/bin/sh) there. If that is missing, too, the message says that the command still runs.
      - Without it, the command may take as long as it likes.
    type: float
  max_output:
    description:
      - So much of RV(stdout), and of RV(stderr), is kept (bytes, or with a unit). Of longer output the beginning and
        the end are returned, with a line between them that says how much was left out, and RV(truncated) is V(true).
      - V(0) keeps everything.
    type: str
    default: 16M
seealso:
  - module: sshfleet.containers.remote_container
  - module: sshfleet.containers.remote_container_logs
"""

EXAMPLES = r"""
- name: Run a command
  sshfleet.containers.remote_container_exec:
    container: app
    argv:
      - ls
      - /tmp
  register: listing

- name: Show what it wrote
  ansible.builtin.debug:
    var: listing.stdout_lines

- name: A pipe needs a shell
  sshfleet.containers.remote_container_exec:
    container: app
    command: sh -c 'ls / | wc -l'

- name: Feed a program
  sshfleet.containers.remote_container_exec:
    container: app
    command: wc -w
    stdin: some words to count

- name: An exit code is data; say when it is a failure
  sshfleet.containers.remote_container_exec:
    container: app
    command: test -e /no/such/file
    timeout: 30
  register: looked
  changed_when: false
  failed_when: looked.rc not in [0, 1]
"""

RETURN = r"""
rc:
  description:
    - The command's exit code. No value of it makes the task fail by itself.
    - As in a shell, 127 if there is no such program, and 126 if it can't be run, or not in O(chdir), or not as O(user);
      the engine's words are then in RV(stderr).
  returned: the command has ended
  type: int
  sample: 0
stdout:
  description: What the command wrote to its standard output.
  returned: the command has ended
  type: str
stdout_lines:
  description: The lines of RV(stdout).
  returned: the command has ended
  type: list
  elements: str
stderr:
  description: What the command wrote to its standard error.
  returned: the command has ended
  type: str
stderr_lines:
  description: The lines of RV(stderr).
  returned: the command has ended
  type: list
  elements: str
truncated:
  description:
    - Whether something of RV(stdout) or RV(stderr) was left out because of O(max_output).
    - Left out with O(result_format=engine).
  returned: the command has ended
  type: bool
msg:
  description:
    - That the exit code is not 0, or that the command could not be started. Ansible shows it where C(failed_when) makes
      a failure of that.
    - Left out with O(result_format=engine).
  returned: RV(rc) is not 0
  type: str
exec_id:
  description: The engine's ID of the detached command.
  returned: O(detach=true)
  type: str
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
