# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: container
author: The sshfleet.containers contributors (@sshfleet)
version_added: 0.1.0
short_description: Runs modules, roles and raw commands inside a container of a remote host
description:
  - Makes a container a host of the inventory. Commands run in it through the engine's API, and that is reached as the
    modules of this collection reach it, through one SSH connection to the host on which the container runs.
  - How that host is reached (address, user, port, key, SSH arguments, jump hosts, C(become) for the engine's socket) is
    said by its own entry in the inventory, and nowhere else.
  - C(raw) needs a shell in the container, modules need Python there, as on any host. Files need no C(tar).
  - A container that is missing, stopped, paused or restarting is UNREACHABLE, and so are those of a host that can't be
    reached.
options:
  container:
    description: Name or whole ID of the container.
    type: str
    vars:
      - name: inventory_hostname
      - name: ansible_host
      - name: sshfleet_container
  container_host:
    description:
      - The inventory's name of the host on which the container runs.
      - Where it is not set, it is the host of the task itself, which then has to be reached over SSH. So a task on a
        host runs in one of its containers where its C(vars) have C(ansible_connection) and C(sshfleet_container).
    type: str
    vars:
      - name: sshfleet_container_host
  container_host_inventory:
    description:
      - The inventory sources, as C(-i) takes them, in which the container's host has its entry, where that is not the
        play's own inventory. They are read anew by each task.
      - So a play with C(hosts=all) works on containers alone.
    type: list
    elements: str
    vars:
      - name: sshfleet_container_host_inventory
  engine:
    description: Which engine of the host the container belongs to, as with the modules. By default, what the host says.
    type: str
    vars:
      - name: sshfleet_engine
      - name: sshfleet_container_engine
  engine_socket:
    description: Path of the engine's socket on the host, as with the modules. By default, what the host says.
    type: str
    vars:
      - name: sshfleet_engine_socket
      - name: sshfleet_container_engine_socket
  engine_timeout:
    description:
      - Seconds to wait for an answer of the engine, as with the modules. By default, what the host says.
      - Commands may run as long as they like.
    type: int
    vars:
      - name: sshfleet_engine_timeout
  remote_user:
    description: The user in the container, by name or ID. By default, the container's own.
    type: str
    cli:
      - name: user
    keyword:
      - name: remote_user
    env:
      - name: ANSIBLE_REMOTE_USER
    ini:
      - section: defaults
        key: remote_user
    vars:
      - name: ansible_user
      - name: sshfleet_container_user
  working_dir:
    description: The directory in which commands begin. By default, the container's own.
    type: str
    vars:
      - name: sshfleet_container_working_dir
  env:
    description:
      - Environment variables of all commands, beside the container's own. They are not C(environment) of a task, which
        works as on any host.
    type: dict
    vars:
      - name: sshfleet_container_env
  timeout:
    description: Seconds to wait for the prompt of C(become) and for the command behind it to begin.
    type: int
    default: 10
    cli:
      - name: timeout
    env:
      - name: ANSIBLE_TIMEOUT
    ini:
      - section: defaults
        key: timeout
    vars:
      - name: ansible_timeout
  pipelining:
    description:
      - Whether modules go to the container's Python directly, without a file. That is what makes this connection fast.
      - The setting C(pipelining) of C(ansible.cfg), which is off by default, has no meaning here.
    type: bool
    default: true
    vars:
      - name: ansible_pipelining
notes:
  - Become methods that need a terminal (C(machinectl), and C(sudo) with C(requiretty)) don't work.
  - A command in a container goes on when its task is interrupted, or ended by C(timeout) of the task. No engine can end
    it.
  - For a shell by hand, log in to the host with a terminal, C(ssh -t HOST docker exec -it CONTAINER sh), or the same
    with C(podman).
requirements:
  - An OpenSSH client on the controller.
  - The Python package docker >= 7.1.0 on the controller.
seealso:
  - ref: ansible_collections.sshfleet.containers.docsite.inside_containers
    description: Inventories of containers, what works in them, and what to do where something is missing.
"""

EXAMPLES = r"""
# An inventory in which containers are hosts:
#   all:
#     hosts:
#       web1: {ansible_host: 192.0.2.10}
#     children:
#       containers:
#         hosts:
#           app: {sshfleet_container_host: web1}
#           app-db: {sshfleet_container_host: web1, sshfleet_container: postgres}
#         vars:
#           ansible_connection: sshfleet.containers.container

- name: Work inside a container from a play on its host
  hosts: web1
  gather_facts: false
  tasks:
    - name: Ask the shell of a container
      ansible.builtin.raw: cat /etc/os-release
      changed_when: false
      vars:
        ansible_connection: sshfleet.containers.container
        sshfleet_container: app
"""

from ansible_collections.sshfleet.containers.plugins.plugin_utils.connection.plugin import ContainerConnection  # noqa: E402


class Connection(ContainerConnection):
    """The class that Ansible looks for."""

    transport = "sshfleet.containers.container"
