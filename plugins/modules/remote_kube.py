#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_kube
short_description: Play Kubernetes YAML of the controller on a remote Podman host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Makes the pods, secrets and volumes of a Kubernetes YAML on a remote Podman host, over the engine's own API. The
    YAML is a file of the controller, or stands in the task; nothing is copied to the host.
  - A second run changes nothing. A pod is compared with the YAML, in what Podman reports of it (image, command,
    variables, ports, and which containers run) and in digests of all the rest, which a label keeps. One that differs is
    made anew, and only that one.
  - Plays C(Pod), C(Deployment), C(DaemonSet), C(Job), C(ConfigMap), C(Secret) and C(PersistentVolumeClaim), also as
    items of a C(List). Any other kind is refused by its name before anything is touched. A warning names the fields of
    which Podman takes no notice.
  - Nothing of a C(Secret) is in results, diffs, logs or argument lists. Docker plays no YAML, and is refused.
  - What is otherwise than with C(podman kube play) is told in
    R(Kubernetes YAML, ansible_collections.sshfleet.containers.docsite.kube).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: partial
    description: With O(recreate=true), every run makes all pods anew.
options:
  path:
    description:
      - File of the controller with the YAML, of as many documents as there are. Beside a role's or a playbook's files
        it may be relative.
      - A template of it is O(content) with the lookup plugin P(ansible.builtin.template#lookup), and so is a file that
        Ansible Vault encrypts, with P(ansible.builtin.file#lookup).
    type: path
    aliases: [kube_file]
  content:
    description: The YAML itself, as text, or as data (an object, or a list of them).
    type: raw
    aliases: [kube_file_content]
  state:
    description:
      - V(started) makes what is missing and what differs, and starts containers of the pods that don't run. One that
        has ended with the exit code 0 is started only where its pod's C(restartPolicy) is C(Always), which is the
        default.
      - V(present) makes missing pods without starting them. Pods that run go on, also when they are made anew.
      - V(stopped) makes missing pods without starting them, and stops those that run.
      - V(absent) removes the pods with all that is in them, the secrets, and the volumes that have the files of
        ConfigMaps and Secrets. The volumes of PersistentVolumeClaims stay, unless O(remove_volumes) is true.
    type: str
    choices: [absent, present, started, stopped]
    default: started
  configmaps:
    description:
      - ConfigMaps that are not in the YAML. Each is a file of the controller, or the YAML itself, as data or as a text
        of more than one line.
    type: list
    elements: raw
    aliases: [configmap]
  annotations:
    description: Annotations of all pods, beside those of the YAML, over which they win.
    type: dict
    aliases: [annotation]
  networks:
    description:
      - Names of the networks in which the pods are, or one of V(bridge), V(host), V(none) and V(private). Without it,
        Podman makes and takes the network C(podman-default-kube-network), where pods find each other by their names.
    type: list
    elements: str
    aliases: [network]
  log_driver:
    description: Log driver of the containers. Without it, it is the engine's.
    type: str
  log_options:
    description: Options of the log driver, such as V(max-size).
    type: dict
  recreate:
    description: Make all pods anew, also those that are as they should be.
    type: bool
    default: false
    aliases: [replace]
  force:
    description:
      - Take over what something else has made under the names of the YAML, such as C(podman kube play). Pods and
        secrets are then made anew. Files of ConfigMaps and Secrets are written into volumes of these names that are
        there.
      - Also removes, with a pod that is made anew, the containers that others have put into it.
      - Without it, the task fails and names what is in its way, before anything is changed.
    type: bool
    default: false
  remove_volumes:
    description: With O(state=absent), remove the volumes of PersistentVolumeClaims B(with their data), too.
    type: bool
    default: false
notes:
  - "A pod is made anew in this order: its images are pulled, a pod of another name is created (never started), which
    shows whether Podman takes the YAML, then the old pod is removed, then the new one is made. Until the old one is
    removed, nothing is lost when something fails. From there until the new one runs, there is none."
  - An image is pulled where the host does not have it, or where C(imagePullPolicy) is C(Always) and the pod is made. An
    image of the same name that was pulled since makes the pod anew.
  - The values of environment variables that come from Secrets are plain in what the engine says of a container, as with
    C(podman kube play). Whoever may use the engine's socket can read them. Mount the Secret where that matters less.
seealso:
  - module: sshfleet.containers.remote_kube_info
  - module: sshfleet.containers.remote_pod
  - module: sshfleet.containers.remote_secret
"""

EXAMPLES = r"""
- name: What a file of the playbook's describes
  sshfleet.containers.remote_kube:
    path: greeting.yml

- name: A pod with a password that the controller knows
  sshfleet.containers.remote_kube:
    content: |
      apiVersion: v1
      kind: Secret
      metadata:
        name: later-db
      stringData:
        password: "{{ vault_db_password }}"
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: later
      spec:
        containers:
          - name: main
            image: localhost/busybox:latest
            args: [sleep, "600"]
            env:
              - name: DB_PASSWORD
                valueFrom:
                  secretKeyRef:
                    name: later-db
                    key: password
    networks: [none]
    state: present

- name: Take all of the file away again, but for data in volumes of PersistentVolumeClaims
  sshfleet.containers.remote_kube:
    path: greeting.yml
    state: absent

- name: The same for objects in the task
  sshfleet.containers.remote_kube:
    content:
      - kind: Secret
        metadata:
          name: later-db
      - kind: Pod
        metadata:
          name: later
        spec:
          containers:
            - name: main
              image: localhost/busybox:latest
    state: absent
"""

RETURN = r"""
pods:
  description:
    - The pods of the YAML that there are (in check mode as they are now), each in the shape of
      RV(sshfleet.containers.remote_pod#module:pod), with C(made_of), the object that it was made of, such as
      C(Deployment greeting); C(made_of) is null where none of these tasks has made it.
  returned: success
  type: list
  elements: dict
secrets:
  description: The names of the YAML's Secrets.
  returned: success
  type: list
  elements: str
volumes:
  description: The names of the volumes of PersistentVolumeClaims, and of those with files of ConfigMaps and Secrets.
  returned: success
  type: list
  elements: str
actions:
  description:
    - What was done (in check mode what would be done), C(pull), C(create), C(recreate), C(remove), C(start), C(stop) or
      C(unpause), with the reason and the C(object), such as C(pod greeting-pod).
    - C(removed) are the containers that go with a pod, and C(containers) those that are started where others run.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "create", "reason": "there is no such pod", "object": "pod greeting-pod"}]
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
