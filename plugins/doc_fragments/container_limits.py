# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Limits of resources, and devices.
    # What the engines support is said as the table in engine/differences/support.py has it.
    DOCUMENTATION = r"""
options:
  memory:
    description:
      - The most memory that the container may use, as a number of bytes, or with a unit such as V(512M) or V(2G).
      - V(0) means no limit.
      - Without O(memory_swap), the swap limit is set to twice this size, as the engines do by themselves.
    type: str
  cpus:
    description:
      - How many CPUs the container may use, such as V(1.5). V(0) means no limit.
    type: float
  blkio_weight:
    description:
      - Weight of the container's block I/O, from 10 to 1000.
      - Where the host's kernel knows no such weights, it has no effect and is not compared, which a warning says.
    type: int
  cpu_period:
    description:
      - Length of a period of the CPU's scheduler, in microseconds. See O(cpus) for an easier way.
    type: int
  cpu_quota:
    description:
      - Microseconds of CPU that the container may use in a period. See O(cpus) for an easier way.
    type: int
  cpu_shares:
    description:
      - Weight of the container's CPU time.
    type: int
  cpuset_cpus:
    description:
      - The CPUs that the container may use, such as V(0-3) or V(0,2). Notations of the same meaning are equal.
    type: str
  cpuset_mems:
    description:
      - The memory nodes that the container may use, such as V(0) or V(0,1).
    type: str
  kernel_memory:
    description:
      - The most kernel memory that the container may use. As a number of bytes, or with a unit such as V(512M) or
        V(2G).
      - Podman does not support it.
      - Docker 23.0 and newer does not support it.
    type: str
  memory_reservation:
    description:
      - Soft limit of the container's memory. As a number of bytes, or with a unit such as V(512M) or V(2G).
    type: str
  memory_swap:
    description:
      - The most memory and swap together. As a number of bytes, or with a unit such as V(512M) or V(2G). V(unlimited)
        or V(-1) means no limit.
    type: str
  memory_swappiness:
    description:
      - How readily the container's memory is swapped, from 0 to 100.
      - There is no such thing with cgroup v2; it is refused there.
    type: int
  oom_killer:
    description:
      - Whether the kernel's OOM killer is disabled for the container.
      - With cgroup v2, it can't be; V(true) is refused there.
    type: bool
  oom_score_adj:
    description:
      - The container's OOM score adjustment, from -1000 to 1000.
      - An engine without root raises one below its own to its own, which is 200 under C(systemd --user).
      - "Podman without root does not report it: what was asked for at creation is compared."
      - "Docker without root does not report it: what was asked for at creation is compared."
    type: int
  pids_limit:
    description:
      - How many processes the container may have. V(-1) means no limit.
    type: int
  shm_size:
    description:
      - Size of C(/dev/shm). As a number of bytes, or with a unit such as V(512M) or V(2G).
      - On Podman, it is refused with O(ipc_mode=host) or O(ipc_mode=none).
    type: str
  ulimits:
    description:
      - Limits of the container's processes, as V(nofile:1024:4096), soft and hard. One number is both.
    type: list
    elements: str
  device_read_bps:
    description:
      - How many bytes a second may be read from devices.
    type: list
    elements: dict
    suboptions:
      path:
        description:
          - Path of the device on the host.
        type: str
        required: true
      rate:
        description:
          - The limit, as a number, or with a unit such as V(1M).
        type: str
        required: true
  device_write_bps:
    description:
      - How many bytes a second may be written to devices.
    type: list
    elements: dict
    suboptions:
      path:
        description:
          - Path of the device on the host.
        type: str
        required: true
      rate:
        description:
          - The limit, as a number, or with a unit such as V(1M).
        type: str
        required: true
  device_read_iops:
    description:
      - How many read operations a second devices may be asked for.
    type: list
    elements: dict
    suboptions:
      path:
        description:
          - Path of the device on the host.
        type: str
        required: true
      rate:
        description:
          - The limit.
        type: int
        required: true
  device_write_iops:
    description:
      - How many write operations a second devices may be asked for.
    type: list
    elements: dict
    suboptions:
      path:
        description:
          - Path of the device on the host.
        type: str
        required: true
      rate:
        description:
          - The limit.
        type: int
        required: true
  devices:
    description:
      - Devices of the host in the container, as V(/dev/on-host:/dev/inside:rwm). The last two parts may be left out.
      - Podman does not report the permissions, so they are not compared there.
      - "Podman without root does not report it: what was asked for at creation is compared."
      - On Podman, a device with another path in the container is refused with O(privileged=true).
      - On Podman, it has no effect with O(privileged=true).
    type: list
    elements: str
  device_cgroup_rules:
    description:
      - Rules of the cgroup for devices, such as V(c 42:* rwm).
      - "Podman before 5.0 does not report it: what was asked for at creation is compared."
      - "Podman 5.0 and newer does not report it: what was asked for at creation is compared."
    type: list
    elements: str
  device_requests:
    description:
      - Requests for devices such as GPUs.
      - Podman takes requests of the driver V(cdi) only; others are refused.
      - Podman before 5.0 does not support it.
      - "Podman 5.0 and newer does not report it: what was asked for at creation is compared."
    type: list
    elements: dict
    suboptions:
      capabilities:
        description:
          - Lists of capabilities. One of the lists has to be met, with all that is in it.
        type: list
        elements: list
      count:
        description:
          - How many devices; V(-1) means all.
        type: int
      device_ids:
        description:
          - IDs of the devices.
        type: list
        elements: str
      driver:
        description:
          - The driver of the devices, such as V(nvidia) or V(cdi).
        type: str
      options:
        description:
          - Options of the driver.
        type: dict
"""
