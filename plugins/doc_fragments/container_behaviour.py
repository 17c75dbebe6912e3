# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # How a task goes about things, and options of the way to the engine that there are not here.
    # What the engines support is said as the table in engine/differences/support.py has it.
    DOCUMENTATION = r"""
options:
  cleanup:
    description:
      - With O(detach=false), whether the container is removed after its command has ended well.
    type: bool
    default: false
  command_handling:
    description:
      - V(correct) - lists are taken as they are.
      - V(compatibility) - O(command) and O(entrypoint) that are lists are joined with blanks and split again as a shell
        would, and empty ones are as if not given.
    type: str
    choices:
      - compatibility
      - correct
    default: correct
  container_default_behavior:
    description:
      - V(compatibility) - O(auto_remove), O(init), O(interactive), O(paused), O(privileged), O(read_only) and O(tty)
        that are not given mean V(false), O(detach) means V(true), and O(memory) means V(0).
      - V(no_defaults) - what is not given is not compared.
    type: str
    choices:
      - compatibility
      - no_defaults
    default: no_defaults
  detach:
    description:
      - V(false) - the task waits, however long it takes, until a container that it has started ends. RV(status) is its
        exit code and RV(output) what it said. The task fails when the exit code is not 0.
      - By default the container is left running.
    type: bool
  env_file:
    description:
      - A file of the controller with lines C(KEY=value), and comments that begin with C(#). What O(env) says comes
        first.
      - Values are taken as they are, quotation marks too. A byte order mark is left out. Any other line, and a name
        with a space in it or beside it, is refused with file and line, as the engines' own C(--env-file) does.
      - A relative path is looked for where a role's or a playbook's files are.
    type: path
  force_kill:
    description:
      - Whether a container is killed rather than asked to stop.
    type: bool
    default: false
    aliases:
      - forcekill
  kill_signal:
    description:
      - The signal that kills, with O(force_kill=true). The task waits 10 seconds for the container to end, and fails if
        it does not.
    type: str
  networks_cli_compatible:
    description:
      - V(true) - a new container is only in the O(networks) that are given.
      - V(false) - it is in the default network too, unless O(networks) are compared V(strict).
    type: bool
    default: true
  output_logs:
    description:
      - With O(detach=false), whether the output is also shown at C(-vvv). The result always has it.
    type: bool
    default: false
  paused:
    description:
      - With O(state=started), V(true) is O(state=paused), and V(false) is O(state=unpaused).
    type: bool
  preset:
    description:
      - V(hardened) - options that are not given are those of a container that can do little harm, O(cap_drop=all),
        O(memory=512m), O(pids_limit=512), O(privileged=false), O(read_only=true), and C(no-new-privileges) is among
        O(security_opts).
      - What the task gives holds, and a warning names what of it loosens the preset, namespaces of the host, its own
        directories, engines' sockets and added capabilities among it. A root that is read-only often wants O(tmpfs) for
        C(/tmp) and C(/run).
      - V(none) - there is no preset.
    type: str
    choices:
      - none
      - hardened
    default: none
  removal_wait_timeout:
    description:
      - Seconds to wait until a container is removed. By default, as long as it takes.
    type: float
"""
