#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_login
short_description: Log in to a registry for the tasks that follow on a host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Lets the engine of a remote host try a user and a password at a registry, and keeps them for the tasks that follow
    on this host. M(sshfleet.containers.remote_image) and M(sshfleet.containers.remote_container) then use them for
    images of that registry, and of no other.
  - The login lasts as long as the SSH connection to the host, O(tunnel_idle) seconds after its last use, and ends
    earlier with O(state=absent) or with O(sshfleet.containers.remote_tunnel#module:state=absent). It is kept on the
    controller, in the connection's own file (mode 0600, in the private runtime directory), and not on the host. (The
    file of a connection that has ended by itself is removed by the next run.) Nobody's Docker configuration is read or
    written, neither there nor here.
  - For a single task, the options O(sshfleet.containers.remote_image#module:registry_username) and
    O(sshfleet.containers.remote_image#module:registry_password) do without it.
  - The options have the names of C(community.docker.docker_login).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
attributes:
  check_mode:
    details: The registry is asked in check mode too. One that does not answer (yet) is a warning then.
  diff_mode:
    details: The user before and after.
  idempotent:
    support: full
    description: A login that is kept already, with the same password, is not tried again; see O(reauthorize).
options:
  registry_url:
    description:
      - The registry, as a URL or as its host and port. It is that of image names, such as V(registry.example.com:5000).
    type: str
    default: https://index.docker.io/v1/
    aliases:
      - registry
      - url
  username:
    description: The user. Needed with O(state=present).
    type: str
  password:
    description: The password or token. Needed with O(state=present). It is in no result and no log.
    type: str
  reauthorize:
    description: Try the login at the registry although it is kept already.
    type: bool
    default: false
    aliases:
      - reauth
  config_path:
    description: Refused, because no Docker configuration is read or written.
    type: path
    aliases:
      - dockercfg_path
  state:
    description: V(present) logs in, V(absent) logs out.
    type: str
    choices:
      - present
      - absent
    default: present
seealso:
  - module: sshfleet.containers.remote_image
"""

EXAMPLES = r"""
- name: Log in
  sshfleet.containers.remote_login:
    registry_url: registry.example.com
    username: deploy
    password: "{{ vault_registry_password }}"

- name: Pull from there, as that user
  sshfleet.containers.remote_image:
    name: registry.example.com/shop/api:1.4
    source: pull

- name: Log out
  sshfleet.containers.remote_login:
    registry_url: registry.example.com
    state: absent
"""

RETURN = r"""
registry:
  description: The registry, as it stands in image names. Left out with O(result_format=engine).
  returned: success
  type: str
  sample: registry.example.com:5000
login_result:
  description:
    - Who is logged in.
    - With O(result_format=engine), it is there after a logout too, and empty, and Docker Hub is
      C(https://index.docker.io/v1/).
  returned: O(state=present)
  type: dict
  contains:
    serveraddress:
      description: The registry.
      type: str
      returned: O(state=present)
    username:
      description: The user.
      type: str
      returned: O(state=present)
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
