#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_pod
short_description: Manage a pod of a remote Podman host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Creates, starts, stops, changes and removes a pod of Podman's on a remote host. Docker has no pods, and is refused.
  - The containers in a pod are made by M(sshfleet.containers.remote_container)
    (O(sshfleet.containers.remote_container#module:pod)). They share its network, and go with it.
  - Options are called as in M(sshfleet.containers.remote_container); the names of C(containers.podman.podman_pod) are
    aliases where they mean the same.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: partial
    description: With O(recreate=true), every run recreates the pod, and with O(state=restarted) it restarts it.
options:
  name:
    description: Name of the pod.
    type: str
    required: true
  state:
    description:
      - V(present) creates the pod where it is missing, and recreates one that differs. A pod that runs runs again then.
      - V(started) also starts what is in it. Of a pod that runs, those containers are started that don't run, but for
        those that have ended with the exit code 0, as jobs do. A pod that is paused stays so.
      - V(stopped) stops all that is in it, each with its own stop timeout; V(restarted) restarts all of it, jobs too.
      - V(paused) freezes what runs, and V(unpaused) lets it go on; both start a pod that does not run.
      - V(absent) stops and removes the pod B(with all containers in it) and their anonymous volumes. RV(actions) names
        the containers. Named volumes stay.
    type: str
    choices: [absent, paused, present, restarted, started, stopped, unpaused]
    default: present
  infra:
    description:
      - Whether the pod has a container of its own, which holds what its containers share. Podman's default is that it
        has. Without it, a pod has none of the options for networks, names, ports and volumes.
    type: bool
  infra_image:
    description: Image of the pod's own container. Without it Podman uses its own, which needs no registry.
    type: str
  infra_command:
    description: Command of the pod's own container, a text or a list.
    type: raw
  infra_name:
    description: Name of the pod's own container. Without it Podman takes the beginning of the pod's ID.
    type: str
  share:
    description:
      - The namespaces that the containers share, from V(cgroup), V(ipc), V(net), V(pid), V(user) and V(uts), or
        V(none). Podman's default is V(ipc), V(net) and V(uts).
    type: list
    elements: str
  published_ports:
    description:
      - Ports of the pod that are published on the host, as V(8080:80), V(127.0.0.1:8080:80), or V(80) for a host port
        that the engine chooses. V(/udp) or V(/sctp) behind it names another protocol than TCP.
      - Put them in quotes. Without them YAML reads C(2222:22) as a number.
      - Ranges of the same length are published one by one. No port is chosen from a range for a pod.
    type: list
    elements: str
    aliases: [ports, publish]
  networks:
    description:
      - Names of the pod's networks, or one of V(bridge) (the default network), V(host) and V(none).
    type: list
    elements: str
    aliases: [network]
  hostname:
    description: Host name of the pod.
    type: str
  dns_servers:
    description: Addresses of the DNS servers that the pod asks.
    type: list
    elements: str
    aliases: [dns]
  dns_search_domains:
    description: DNS search domains.
    type: list
    elements: str
    aliases: [dns_search]
  dns_opts:
    description: Options of the resolver, such as V(ndots:1).
    type: list
    elements: str
    aliases: [dns_opt, dns_option]
  etc_hosts:
    description: Entries of C(/etc/hosts), addresses by host name.
    type: dict
  volumes:
    description:
      - Volumes and directories of the host that all containers of the pod have, as V(name:/path) or V(/host:/path),
        with a mode such as V(:ro) behind it.
      - Podman does not report them as they were given, nor O(sysctls), O(infra_image), O(infra_command) and
        O(restart_retries). A label keeps digests of these; in a pod that something else has made, they are not
        compared.
    type: list
    elements: str
    aliases: [volume]
  sysctls:
    description: Kernel parameters of the pod's namespaces.
    type: dict
    aliases: [sysctl]
  labels:
    description:
      - Labels of the pod. Others that it has are no difference, and are kept when it is recreated.
      - Podman gives them to the pod's own container, too.
      - Names that begin with C(sshfleet.containers.) are refused; they are those of this collection.
    type: dict
    aliases: [label]
  restart_policy:
    description: Restart policy of the pod's containers. Podman before 4.6 has none for pods, and is refused.
    type: str
    choices: [always, "no", on-failure, unless-stopped]
  restart_retries:
    description: How often a container is restarted with O(restart_policy=on-failure).
    type: int
  exit_policy:
    description: What becomes of the pod when its last container has ended. Podman's default is V(continue).
    type: str
    choices: [continue, stop]
  recreate:
    description: Whether to make the pod anew in every run, B(with the loss of the containers in it).
    type: bool
    default: false
  force:
    description:
      - No option of a pod can be changed, so one that differs is recreated. Where containers are in it, the task fails
        with their names, because a new pod would not have them; with V(true), these are removed with the old pod, for
        their own tasks to make them again. Named volumes stay.
      - What Podman refuses when it creates the pod is seen before the old one goes, with a pod of another name that is
        removed again; so are networks that are missing, and a name or a port that another container has. What fails
        only at the start, such as a port on which a program of the host listens or a sysctl that the kernel does not
        take, is not; then the message says that the old pod is gone.
    type: bool
    default: false
seealso:
  - module: sshfleet.containers.remote_pod_info
  - module: sshfleet.containers.remote_container
"""

EXAMPLES = r"""
- name: A pod with a port
  sshfleet.containers.remote_pod:
    name: shop
    published_ports: ["127.0.0.1:18080:80"]
    labels:
      project: shop
    state: started

- name: A container in it
  sshfleet.containers.remote_container:
    name: shop-web
    image: docker.io/library/busybox:latest
    command: httpd -f -p 80
    pod: shop

- name: Another port, whatever is in the pod
  sshfleet.containers.remote_pod:
    name: shop
    published_ports: ["127.0.0.1:18081:80"]
    force: true
    state: started

- name: Stop it
  sshfleet.containers.remote_pod:
    name: shop
    state: stopped

- name: Remove it with all that is in it
  sshfleet.containers.remote_pod:
    name: shop
    state: absent
"""

RETURN = r"""
pod:
  description: The pod as it is afterwards (in check mode as it was before), V(none) where there is none.
  returned: success
  type: dict
  contains:
    id:
      description: Its ID.
      returned: success
      type: str
    name:
      description: Its name.
      returned: success
      type: str
      sample: shop
    state:
      description:
        - Its state in Podman's words, C(created), C(running), C(degraded) (not all of it runs), C(paused), C(exited),
          C(stopped) or C(error).
      returned: success
      type: str
      sample: running
    containers:
      description: The containers in it, but for its own, by name.
      returned: success
      type: list
      elements: dict
      contains:
        id:
          description: The container's ID.
          returned: success
          type: str
        name:
          description: The container's name.
          returned: success
          type: str
        state:
          description: The container's state, such as C(running) or C(exited).
          returned: success
          type: str
        exit_code:
          description: The exit code of one that has ended.
          returned: success
          type: int
    infra_container:
      description: The name of its own container.
      returned: success
      type: str
    shared_namespaces:
      description: The namespaces that its containers share.
      returned: success
      type: list
      elements: str
      sample: [ipc, net, uts]
    networks:
      description: The names of its networks, or C(host) or C(none).
      returned: success
      type: list
      elements: str
    published_ports:
      description: By container port, the addresses and ports of the host where it is published.
      returned: success
      type: dict
      sample: {"80/tcp": ["127.0.0.1:18080"]}
    hostname:
      description: Its host name, where one was given.
      returned: success
      type: str
    dns_servers:
      description: The DNS servers that were given.
      returned: success
      type: list
      elements: str
    dns_search_domains:
      description: The DNS search domains that were given.
      returned: success
      type: list
      elements: str
    dns_opts:
      description: The options of the resolver that were given.
      returned: success
      type: list
      elements: str
    etc_hosts:
      description: The entries of C(/etc/hosts) that were given.
      returned: success
      type: dict
    exit_policy:
      description: What becomes of it when its last container has ended.
      returned: success
      type: str
      sample: continue
    restart_policy:
      description: Its restart policy, where it has one.
      returned: success
      type: str
    labels:
      description: Its labels, without the digests.
      returned: success
      type: dict
    created_at:
      description: When it was created, in UTC.
      returned: success
      type: str
      sample: "2026-01-31T12:00:00.000000Z"
    created_by_us:
      description: Whether this collection has created it.
      returned: success
      type: bool
actions:
  description:
    - What was done (in check mode what would be done), C(create), C(recreate), C(remove), C(start), C(stop),
      C(restart), C(pause) or C(unpause), with the reason.
    - C(removed) are the containers that go with the pod, and C(containers) those that are started where others run.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "create", "reason": "there is no such pod"}]
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
