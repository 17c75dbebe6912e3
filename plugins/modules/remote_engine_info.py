#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_engine_info
short_description: Tell which container engine a remote host runs
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Pings the Podman or Docker engine of a remote host through its SSH-forwarded socket, and returns its version, the
    facts of its host, and what it holds.
  - The quickest check that a host's containers can be managed at all.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
  - sshfleet.containers.query
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  disk_usage:
    description:
      - Also measure the disk space of images, containers and volumes, which can take seconds on a large host.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Which engine does each host run?
  sshfleet.containers.remote_engine_info:
  register: found

- name: Show it
  ansible.builtin.debug:
    msg: "{{ found.engine.name }} {{ found.engine.version }} on {{ found.engine.socket }}"

- name: Docker, with the space its images take
  sshfleet.containers.remote_engine_info:
    engine: docker
    disk_usage: true

- name: Just the version
  sshfleet.containers.remote_engine_info:
    query: engine.version
  register: found
"""

RETURN = r"""
can_talk_to_docker:
  description: That the engine answers.
  returned: with O(result_format=engine)
  type: bool
host_info:
  description: What the engine says of itself and its host, as C(docker info) shows it.
  returned: with O(result_format=engine)
  type: dict
disk_usage:
  description: C(LayersSize), the bytes that the images take.
  returned: with O(result_format=engine), when O(disk_usage=true)
  type: dict
engine:
  description:
    - The engine and its host, in one shape for Podman and Docker.
    - Left out with O(result_format=engine).
  returned: success
  type: dict
  contains:
    name:
      description: V(podman) or V(docker), as the engine says of itself.
      returned: success
      type: str
    version:
      description: The engine's version.
      returned: success
      type: str
      sample: 4.3.1
    api_version:
      description: The version of the Docker-compatible API that is spoken.
      returned: success
      type: str
      sample: "1.41"
    socket:
      description: The socket's path on the target.
      returned: success
      type: str
      sample: /run/podman/podman.sock
    os:
      description: The operating system.
      returned: success
      type: str
      sample: linux
    arch:
      description: The processor architecture, in Go's words.
      returned: success
      type: str
      sample: amd64
    kernel:
      description: The kernel's release.
      returned: success
      type: str
    distribution:
      description: The distribution of the host.
      returned: success
      type: str
      sample: debian
    distribution_version:
      description: The distribution's version.
      returned: success
      type: str
      sample: "12"
    hostname:
      description: The host's own name.
      returned: success
      type: str
    cpus:
      description: The number of processors.
      returned: success
      type: int
    memory_total:
      description: The host's memory in bytes.
      returned: success
      type: int
    cgroup_version:
      description: V(1) or V(2).
      returned: success
      type: int
    cgroup_driver:
      description: Who manages the control groups.
      returned: success
      type: str
      sample: systemd
    storage_driver:
      description: The driver of images and containers.
      returned: success
      type: str
      sample: overlay
    root_dir:
      description: Where images and containers are kept.
      returned: success
      type: str
    runtime:
      description: The default OCI runtime.
      returned: success
      type: str
      sample: crun
    rootless:
      description: Whether the engine runs without root.
      returned: success
      type: bool
    security_options:
      description: Security features in use.
      returned: success
      type: list
      elements: str
      sample: ["seccomp"]
    containers:
      description: How many containers there are.
      returned: success
      type: dict
      contains:
        total:
          description: All of them.
          returned: success
          type: int
        running:
          description: Those that run.
          returned: success
          type: int
        paused:
          description: Those that are paused.
          returned: success
          type: int
        stopped:
          description: Those that do not run.
          returned: success
          type: int
    images:
      description: How many images there are.
      returned: success
      type: int
    warnings:
      description: The engine's own warnings.
      returned: success
      type: list
      elements: str
    disk_usage:
      description: Disk space by kind.
      returned: O(disk_usage=true)
      type: dict
      contains:
        images:
          description: Images.
          returned: success
          type: dict
          contains:
            count:
              description: How many there are.
              returned: success
              type: int
            size:
              description: Bytes they take.
              returned: success
              type: int
            reclaimable:
              description: Bytes that removing all unused ones would free.
              returned: success
              type: int
        containers:
          description: Containers, their writable layers.
          returned: success
          type: dict
          contains:
            count:
              description: How many there are.
              returned: success
              type: int
            size:
              description: Bytes they take.
              returned: success
              type: int
            reclaimable:
              description: Bytes that removing all unused ones would free.
              returned: success
              type: int
        volumes:
          description: Volumes.
          returned: success
          type: dict
          contains:
            count:
              description: How many there are.
              returned: success
              type: int
            size:
              description: Bytes they take.
              returned: success
              type: int
            reclaimable:
              description: Bytes that removing all unused ones would free.
              returned: success
              type: int
        build_cache:
          description: The build cache (Docker's).
          returned: success
          type: dict
          contains:
            count:
              description: How many there are.
              returned: success
              type: int
            size:
              description: Bytes they take.
              returned: success
              type: int
            reclaimable:
              description: Bytes that removing all unused ones would free.
              returned: success
              type: int
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
"""
