# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of community.docker's ways to an engine, as far as they are options here."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - There for tasks that come from C(community.docker).
      - V(unix://PATH) is taken as O(engine_socket=PATH), with a warning. Anything else names another host and is
        refused; the host is Ansible's.
    type: str
    aliases:
      - docker_url
  tls_hostname:
    description: Refused. The engine is reached through SSH, as Ansible's ssh connection is set up.
    type: str
  api_version:
    description: Has no effect, with a warning. The version is agreed on with the engine.
    type: str
    aliases:
      - docker_api_version
  timeout:
    description: Taken as O(engine_timeout), with a warning.
    type: int
  ca_path:
    description: Refused. The engine is reached through SSH, as Ansible's ssh connection is set up.
    type: path
    aliases:
      - ca_cert
      - tls_ca_cert
      - cacert_path
  client_cert:
    description: Refused. The engine is reached through SSH, as Ansible's ssh connection is set up.
    type: path
    aliases:
      - tls_client_cert
      - cert_path
  client_key:
    description: Refused. The engine is reached through SSH, as Ansible's ssh connection is set up.
    type: path
    aliases:
      - tls_client_key
      - key_path
  tls:
    description: Has no effect, with a warning. The engine is reached through SSH.
    type: bool
  use_ssh_client:
    description: Has no effect, with a warning. The engine is reached through SSH.
    type: bool
  validate_certs:
    description: Has no effect, with a warning. The engine is reached through SSH.
    type: bool
    aliases:
      - tls_verify
  debug:
    description:
      - With O(result_format=engine), actions are returned in every run, not in check mode only.
      - Has no effect otherwise, with a warning. There is C(-vvv).
    type: bool
"""
