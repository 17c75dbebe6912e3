#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_secret
short_description: Manage a secret of a remote Podman host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Creates, replaces and removes a secret of Podman's on a remote host. Docker has secrets in a swarm only, and is
    refused.
  - What a secret holds is neither read back nor shown, in results, diffs, logs or command lines. A task knows its own
    data again by a salted digest in a label of the secret (C(sshfleet.containers.secret), which is not shown either).
  - The names of most options are those of C(containers.podman.podman_secret).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: partial
    description: With O(force=true), every run replaces the secret.
options:
  name:
    description:
      - Name of the secret. At most 64 letters, digits, C(_), C(.) and C(-), with a letter or a digit first and no C(.)
        or C(-) last, fit every Podman; since 4.7, nearly any 253 characters do.
    type: str
    required: true
  state:
    description:
      - V(present) creates the secret where it is missing, and replaces one that differs.
      - V(absent) removes the secret. Containers that have it as a file keep their copy; those that have it as a
        variable can't be started again, which a warning tells with their names.
    type: str
    choices: [absent, present]
    default: present
  data:
    description:
      - What the secret holds, from 1 to 511,999 bytes. Nothing is added or removed, as at the end of a line.
      - As with all values that Ansible hides, a text that is the same as the secret is hidden in the result, too.
    type: str
  path:
    description:
      - A file of the controller with what the secret holds, which may be anything. A relative path is looked for beside
        the role's or the playbook's files.
      - A file that is encrypted with Ansible Vault is refused; O(data) with C(lookup('file', PATH, rstrip=false))
        decrypts it.
    type: path
  driver:
    description:
      - Where Podman keeps the secret. V(file) is a file of the host's that is not encrypted, V(pass) is GPG, and with
        V(shell) commands of the host keep it.
      - Without it, the engine's own default is taken, and the driver of a secret that exists is no difference.
    type: str
  driver_options:
    description:
      - Options for the driver. Those that are not named may have any value.
      - V(shell) needs C(delete), C(list), C(lookup) and C(store). Podman's service runs these commands, in which C(~)
        may be nobody's home directory; use absolute paths.
      - Values of secret-looking names are masked in results and diffs, but the engine keeps and shows them.
    type: dict
    aliases:
      - driver_opts
  labels:
    description:
      - Labels of the secret. Others that it has are no difference, and are kept when it is replaced.
      - Names that begin with C(sshfleet.containers.) are refused; they are those of this collection.
    type: dict
  force:
    description: Whether to replace the secret in every run.
    type: bool
    default: false
  skip_existing:
    description: Whether to leave a secret that exists as it is, whatever the task says.
    type: bool
    default: false
  restart_containers:
    description:
      - Whether to restart the running containers that have the secret as a variable, when it is replaced, so that they
        see its new value.
      - "A restart is B(no) use for a container that has the secret as a file: Podman copies it when it creates the
        container, which has to be created anew. RV(containers) names both kinds."
    type: bool
    default: false
notes:
  - A secret that something else has made has no digest, so nobody knows whether it holds the same. It is replaced once;
    with O(skip_existing=true) it is not.
  - "Podman from 4.7 on replaces a secret in one request. Before, and where the driver or its options change, the old
    one is removed before the new one is created; what the driver refuses is seen beforehand, with a secret of another
    name. Should a run be cut in between, there is none until the task runs again."
  - Podman before 5.3 shows what a container has as a variable from a secret to whoever may inspect the container, and
    does not tell which secret it is; such a container is known only where Podman's own command line has made it.
seealso:
  - module: sshfleet.containers.remote_secret_info
  - module: sshfleet.containers.remote_container
"""

EXAMPLES = r"""
- name: A secret
  sshfleet.containers.remote_secret:
    name: shop-db-password
    data: "{{ vault_db_password }}"
    labels:
      project: shop

- name: A container that has it as a variable
  sshfleet.containers.remote_container:
    name: shop-db
    image: docker.io/library/postgres:17
    secrets:
      - shop-db-password,type=env,target=POSTGRES_PASSWORD

- name: The same secret, and containers that have it as a variable see a new value at once
  sshfleet.containers.remote_secret:
    name: shop-db-password
    data: "{{ vault_db_password }}"
    restart_containers: true
  register: password

- name: Which containers have to be created anew
  ansible.builtin.debug:
    msg: "{{ password.containers | selectattr('needs', 'equalto', 'recreation') | map(attribute='name') }}"

- name: Remove the container
  sshfleet.containers.remote_container:
    name: shop-db
    state: absent

- name: Remove the secret
  sshfleet.containers.remote_secret:
    name: shop-db-password
    state: absent
"""

RETURN = r"""
secret:
  description:
    - The secret afterwards (in check mode as it was before), V(none) where there is none, without what it holds.
  returned: success
  type: dict
  contains:
    id:
      description: Its ID, another one each time it is replaced.
      returned: success
      type: str
    name:
      description: Its name.
      returned: success
      type: str
      sample: shop-db-password
    driver:
      description: Its driver.
      returned: success
      type: str
      sample: file
    driver_options:
      description: The driver's options, without secrets.
      returned: success
      type: dict
    labels:
      description: Its labels, without the digest.
      returned: success
      type: dict
    created_at:
      description: When it was created, in UTC.
      returned: success
      type: str
      sample: "2026-01-31T12:00:00.000000Z"
    updated_at:
      description: When it was replaced last, in UTC.
      returned: success
      type: str
      sample: "2026-01-31T12:00:00.000000Z"
    created_by_us:
      description: Whether this collection has created it.
      returned: success
      type: bool
containers:
  description:
    - The containers that use the secret, as far as Podman tells, when the task replaces or removes it; otherwise the
      list is empty.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The container's name.
      returned: success
      type: str
      sample: shop-web
    use:
      description: How it uses the secret, as a C(mount) (a file) or in its C(environment).
      returned: success
      type: str
      sample: environment
    running:
      description: Whether it ran before.
      returned: success
      type: bool
    needs:
      description:
        - What it needs to see the secret's new value, C(nothing), a C(restart) or its C(recreation).
        - With O(state=absent), C(secret) where it can't be started again without one.
      returned: success
      type: str
      sample: restart
actions:
  description:
    - What was done (in check mode what would be done), C(create), C(recreate), C(remove) or C(restart) of a container,
      with the reason.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "recreate", "reason": "data differs"}]
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
