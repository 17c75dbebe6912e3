# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # How an engine is reached and used. The code's table is plugin_utils/seam/settings.py.
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
      - Seconds to wait for an answer of the engine to one request, all of it.
      - Of what comes as a stream (logs, archives, the progress of a pull or a build), each silence may last so
        long, not the whole.
      - The default is V(60).
      - Also set by the variable C(sshfleet_engine_timeout), the environment variable E(SSHFLEET_ENGINE_TIMEOUT), or
        C(engine_timeout) in the section C([sshfleet]) of C(ansible.cfg).
    type: int
  engine_answer_limit:
    description:
      - How large one answer of the engine may be, in MiB. A larger one fails the task, whatever it says.
      - Streams have no limit; each entry of a progress may have 16 MiB.
      - The default is V(64).
      - Also set by the variable C(sshfleet_engine_answer_limit), the environment variable
        E(SSHFLEET_ENGINE_ANSWER_LIMIT), or C(engine_answer_limit) in the section C([sshfleet]) of C(ansible.cfg).
    type: int
  engine_answer_depth:
    description:
      - How deep objects and lists of an answer's JSON may lie in each other.
      - The default is V(50).
      - Also set by the variable C(sshfleet_engine_answer_depth), the environment variable
        E(SSHFLEET_ENGINE_ANSWER_DEPTH), or C(engine_answer_depth) in the section C([sshfleet]) of C(ansible.cfg).
    type: int
  transport:
    description:
      - How the engine's socket on the target is reached.
      - V(forward) lets sshd connect to it, as the user who logs in. That costs the least, and takes no session of
        sshd's.
      - V(dial) connects to it with a command on the target, and with C(sudo) where C(become) is on for the task. That
        is also a way where sshd prohibits forwarding. The command is C(docker system dial-stdio) or
        C(podman system dial-stdio) where the client is installed, otherwise C(python3), OpenBSD's C(nc), C(ncat) or
        C(socat). A task has at most 4 connections at a time, mostly 1; each is a session of sshd's, see its
        C(MaxSessions).
      - V(auto) forwards, and, only where the socket is denied to the user and C(become) is on, dials.
      - V(openssh) is as V(auto).
      - V(paramiko) is as V(auto), with the Python package paramiko in place of an OpenSSH client, for controllers that
        have none. Each task then logs in anew, because the connection ends with the task. Only Ansible's settings
        count, no C(ssh_config). Unknown host keys are refused unless C(StrictHostKeyChecking=accept-new) (or C(no)) is
        among the ssh arguments, or C(host_key_checking) is C(False). What paramiko can't do is refused by name - the
        page about it tells more.
      - Of C(become), the method C(sudo) is supported, with its user, executable, flags and password. C(sudo) has to
        allow the user to run C(sh), as for other modules of Ansible.
      - The default is V(auto).
      - Also set by the variable C(sshfleet_transport), the environment variable E(SSHFLEET_TRANSPORT), or
        C(transport) in the section C([sshfleet]) of C(ansible.cfg).
    type: str
    choices:
      - auto
      - forward
      - dial
      - openssh
      - paramiko
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
requirements:
  - An OpenSSH client on the controller, or the Python package paramiko >= 3.4, < 6 (see O(transport)).
  - The Python package docker >= 7.1.0 on the controller.
"""

    # What more there is to it in a module: every remote_* module has both.
    MODULE = r"""
options:
  result_format:
    description:
      - In which shape the result is returned.
      - V(unified) is the shape of this collection, the same for Podman and Docker. It is what the return values are
        documented for, where they say nothing else.
      - V(engine) has the names and shapes of C(community.docker), with things as the engine's own inspect tells them,
        so that what reads the registered results in a playbook that was written for its modules goes on as it is.
        Secrets are masked in both.
      - With V(engine), RV(ignore:actions) are returned in check mode only, and RV(ignore:diff) in diff mode, whether
        anything has changed or not. RV(ignore:engine) is left out.
      - Modules that have no peer in C(community.docker) take the option too, and have one shape only.
      - The default is V(unified).
      - For a whole play, it is an option in C(module_defaults) of C(group/sshfleet.containers.remote).
      - Also set by the variable C(sshfleet_result_format), the environment variable E(SSHFLEET_RESULT_FORMAT), or
        C(result_format) in the section C([sshfleet]) of C(ansible.cfg).
    type: str
    choices:
      - unified
      - engine
  audit:
    description:
      - Where every change is written down, in two lines of JSON for each step, one before and one after it. The
        absolute path of a file on the controller, or V(syslog).
      - A file is made with mode 0600. One that others can write, or whose directory others can write, is refused.
      - Without this option nothing is written down; neither are reads and what check mode predicts.
      - Also set by the variable C(sshfleet_audit), the environment variable E(SSHFLEET_AUDIT), or C(audit) in the
        section C([sshfleet]) of C(ansible.cfg).
    type: str
  audit_required:
    description:
      - Whether a change is refused when it can't be written down first. Else a warning says so, and the change is made.
      - The default is V(false).
      - Also set by the variable C(sshfleet_audit_required), the environment variable E(SSHFLEET_AUDIT_REQUIRED), or
        C(audit_required) in the section C([sshfleet]) of C(ansible.cfg).
    type: bool
  confirm:
    description:
      - The inventory names of protected hosts that may be changed; those have the variable C(sshfleet_protected).
      - Also set by the variable C(sshfleet_confirm), the environment variable E(SSHFLEET_CONFIRM), or C(confirm) in the
        section C([sshfleet]) of C(ansible.cfg), there with commas between names.
    type: list
    elements: str
notes:
  - Runs on the controller and talks to the engine through an SSH connection of its own to the host, one per host, which
    stays open for later tasks and runs. The target needs sshd and the engine's socket, and no Python.
  - Everything about SSH comes from the settings of P(ansible.builtin.ssh#connection) for the host, in its own order of
    precedence. Only that connection plugin is supported; a local target is refused. The plugin's options on files,
    modules and control sockets have no meaning here, and O(tunnel_retries) stands for C(ansible_ssh_retries).
  - C(ansible_password) and C(-k) are typed by C(sshpass), whatever C(ansible_ssh_password_mechanism) says (V(disable)
    excepted); without C(sshpass) on the controller they are refused. The password is typed once, at a prompt that
    contains C(ansible_sshpass_prompt) (V(assword) by default). Keys are tried first. Jump hosts and proxy commands
    never get it.
  - C(ansible_private_key) needs no ssh-agent here. A passphrase for it needs the Python package C(cryptography).
  - Jump hosts come from C(ProxyJump) in the ssh arguments or in the ssh configuration. The variable
    C(sshfleet_jump_keys), a dictionary of C([user@]host[:port]) and a key file, gives them keys of their own.
  - Where neither Ansible nor the ssh configuration says what to do with unknown host keys, they are written down
    (C(accept-new)); changed ones are refused. With C(host_key_checking=False) both are accepted, as by Ansible's own
    connections; ssh then sends no password to a host whose key has changed. C(UpdateHostKeys) is off unless the ssh
    arguments set it.
  - An unreachable host makes the host UNREACHABLE; everything else that goes wrong fails the task. The result's
    RV(ignore:error) then tells the kind, and a hint what to do; all kinds are on the page of errors.
  - The variables C(sshfleet_policy) (V(full), V(no_remove) or V(read_only)), C(sshfleet_policy_allow) and
    C(sshfleet_protected) say what may be changed on a host; the page about policies tells more.
  - An empty text for an option that has choices and no default, as templates give it, is as if it were not given.
seealso:
  - ref: ansible_collections.sshfleet.containers.docsite.architecture
    description: How a task travels to the engine and back.
  - ref: ansible_collections.sshfleet.containers.docsite.errors
    description: All kinds of errors, what they look like and what mends them.
  - ref: ansible_collections.sshfleet.containers.docsite.policies
    description: What may be changed on a host, and how that is written down.
"""
