# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The options that every remote_* module has. The code's table is plugin_utils/action/settings.py.
    DOCUMENTATION = r"""
options:
  engine:
    description:
      - Which container engine on the target to use.
      - V(auto) takes Podman's system socket, C(/run/podman/podman.sock), and, only when that does not exist,
        Docker's, C(/var/run/docker.sock). A socket that exists and does not answer is an error.
      - V(podman) or V(docker) takes that engine's socket only, and refuses another engine behind it.
      - The default is V(auto).
      - Also set by the variable C(sshfleet_engine), the environment variable E(SSHFLEET_ENGINE), or C(engine) in the
        section C([sshfleet]) of C(ansible.cfg).
    type: str
    choices:
      - auto
      - podman
      - docker
  engine_socket:
    description:
      - Path of the engine's Unix socket on the target, instead of the well-known ones.
      - Also set by the variable C(sshfleet_engine_socket), the environment variable E(SSHFLEET_ENGINE_SOCKET), or
        C(engine_socket) in the section C([sshfleet]) of C(ansible.cfg).
    type: str
  engine_timeout:
    description:
      - Seconds to wait for an answer of the engine to one request.
      - The default is V(60).
      - Also set by the variable C(sshfleet_engine_timeout), the environment variable E(SSHFLEET_ENGINE_TIMEOUT), or
        C(engine_timeout) in the section C([sshfleet]) of C(ansible.cfg).
    type: int
  tunnel_idle:
    description:
      - Seconds after the last use until the SSH connection to the target closes by itself.
      - The default is V(600).
      - Also set by the variable C(sshfleet_tunnel_idle), the environment variable E(SSHFLEET_TUNNEL_IDLE), or
        C(tunnel_idle) in the section C([sshfleet]) of C(ansible.cfg).
    type: int
  tunnel_retries:
    description:
      - How often to try to connect when the target refuses or resets the connection, first try included.
        Authentication, host key and name failures are never tried again.
      - The default is V(3).
      - Also set by the variable C(sshfleet_tunnel_retries), the environment variable E(SSHFLEET_TUNNEL_RETRIES), or
        C(tunnel_retries) in the section C([sshfleet]) of C(ansible.cfg).
    type: int
notes:
  - Runs on the controller and talks to the engine through an SSH connection of its own to the host, one per host, which
    stays open for later tasks and runs. The target needs sshd and the engine's socket, and no Python.
  - Everything about SSH comes from the settings of P(ansible.builtin.ssh#connection) for the host. Only that connection
    plugin is supported; a local target is refused.
  - An unreachable host makes the host UNREACHABLE; everything else that goes wrong fails the task. The result's
    RV(ignore:error) then tells the kind, and a hint what to do.
requirements:
  - An OpenSSH client on the controller.
  - The Python package docker >= 7.1.0 on the controller.
seealso:
  - ref: ansible_collections.sshfleet.containers.docsite.architecture
    description: How a task travels to the engine and back.
"""
