# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Taking over, recreating and waiting.
    DOCUMENTATION = r"""
options:
  adopt:
    description:
      - Whether a container of this name that this collection has not created (RV(container.created_by_us)) is taken
        over, which means compared, changed and removed like any other.
      - With V(false), such a task fails and changes nothing, with O(state=absent), too.
    type: bool
    default: true
  recreate:
    description:
      - Recreate the container even if nothing differs.
    type: bool
    default: false
  restart:
    description:
      - With O(state=started), restart a container that runs and is not recreated.
    type: bool
    default: false
  keep_volumes:
    description:
      - Whether the anonymous volumes of a container that is removed or recreated are kept. Named volumes always are.
    type: bool
    default: true
  healthy_wait_timeout:
    description:
      - With O(state=healthy), the seconds within which the container has to become healthy. V(0) or less means no
        limit.
    type: float
    default: 300
  wait_for:
    description:
      - What the container has to come to before the task ends. All that is given has to be true at the same time.
      - The task fails at once, with exit code and the end of the log, when the container ends and is not meant to.
      - Where the container is recreated, the old one comes back if the new one does not come to it.
      - Nothing is waited for in check mode, and waiting is no change.
    type: dict
    suboptions:
      state:
        description:
          - Whether it has to run, or to have ended. V(exited) where O(wait_for.exit_code) is given, else V(running).
        type: str
        choices: [running, exited]
      exit_code:
        description: The exit codes with which it may end. Without them, any will do.
        type: list
        elements: int
      port:
        description:
          - A TCP port on which something has to listen.
          - This is read from C(/proc) of the host, so neither the container nor the host needs a tool for it. No
            connection is made.
        type: int
      port_on:
        description:
          - V(container) - O(wait_for.port) is a port inside the container.
          - V(host) - it is a port of the host. Of a published port, the container has to listen behind it, too.
        type: str
        choices: [container, host]
        default: container
      log:
        description:
          - A regular expression, as of Python, that has to match a line of what the container has written since its
            last start.
        type: str
      timeout:
        description: Seconds after which the task fails. V(0) means no limit.
        type: float
        default: 60
notes:
  - A container is recreated with the options of the task only, and its image if O(image) is not given. So always give
    all options of a container.
  - "When a container is recreated, the old one is renamed to C(NAME.sshfleet-old-…), its restart policy is set to V(no)
    where the engine can, the new one is created, and only then the old one is stopped. It is kept until the new one
    runs, and has come to what O(state=healthy) and O(wait_for) ask for. If the new one cannot be created or started, or
    ends with an error at once, or does not come to it, the old one comes back under its name, with its restart policy,
    and runs again, and the task fails. A container with automatic removal cannot be kept; the result then has a
    warning."
  - "If a run is cut in the middle of that, whatever the reason, the next run brings the old container back or removes
    it, as RV(actions) tells (C(restore), C(finish) or C(remove_leftover)), and check mode, too. So does
    O(state=absent)."
  - "A container that others use (O(network_mode), O(ipc_mode), O(pid_mode), O(uts), O(volumes_from)) is not recreated,
    and on Podman not removed: the task fails with their names before anything is changed."
  - "A container in a pod of Podman's is not recreated, because the new one would be in none: the task fails with the
    pod's name before anything is changed."
  - "In check mode, a network, image or container that the task names and the host has not is told in a warning: an
    earlier task of the play may make it. A run fails."
  - An empty text means that nothing is asked for, as templates give it. Options with choices and a default, such as
    O(state), refuse it.
  - Failures tell the engine's own words and, of a container that has run, the last 20 lines of its log without secrets,
    or why the log cannot be read (O(log_driver=none)).
  - "Changed without recreating: O(networks) on every engine; O(restart_policy), O(restart_retries), O(memory) and
    O(cpus), O(cpu_period), O(cpu_quota), O(cpu_shares), O(cpuset_cpus), O(cpuset_mems), O(memory_reservation),
    O(memory_swap), O(pids_limit) and O(blkio_weight) on Docker, and on running containers of Podman 5.4 and newer;
    O(kernel_memory) on Docker. A limit that is taken away needs recreating."
  - "An update that does not take, because the host's kernel refuses a limit below what the container uses, recreates
    the container. That cannot be known beforehand: check mode says C(update), and the run C(update) and C(recreate)."
  - "What the kernel of a host cannot do for any container, such as O(blkio_weight) with cgroup v1 or O(oom_killer) with
    cgroup v2, engines drop with a warning at most. Such a task is refused where the engine tells, in check mode, too."
"""
