#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_network
short_description: Manage a network of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Creates, changes and removes a network on a remote Podman or Docker host, and connects containers to it.
  - The options have the names, types and defaults of C(community.docker.docker_network), and one is new,
    O(keep_addresses).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: partial
    description: With O(force=true), every run recreates the network.
options:
  name:
    description: Name of the network. The ID of one that exists is taken, too.
    type: str
    required: true
    aliases:
      - network_name
  state:
    description:
      - V(present) creates the network where it is missing, recreates it where it differs, and connects O(connected).
      - V(absent) takes all containers off the network, those that don't run too, and removes it.
    type: str
    choices: [absent, present]
    default: present
  driver:
    description:
      - Driver of the network, such as V(bridge), V(macvlan) or V(ipvlan).
      - Of no meaning with O(config_only=true).
    type: str
    default: bridge
  driver_options:
    description:
      - Options for the driver. Those that are not named may have any value.
      - Podman knows C(mtu) (or C(com.docker.network.driver.mtu)), C(com.docker.network.bridge.name) for bridges, and
        C(parent) and C(mode) for C(macvlan) and C(ipvlan); others are refused there.
    type: dict
    default: {}
  ipam_driver:
    description:
      - Driver of the address management.
      - Podman supports V(default) only, and V(host-local), which is the same there.
    type: str
  ipam_driver_options:
    description:
      - Options for the driver of the address management, all of them.
      - Podman does not support it.
    type: dict
  ipam_config:
    description:
      - Address pools. Without it the engine assigns them. A network may have more than are named here.
    type: list
    elements: dict
    suboptions:
      subnet:
        description: The pool's subnet, such as V(172.23.27.0/24). Every pool needs one.
        type: str
      iprange:
        description: The part of the subnet from which containers get addresses.
        type: str
      gateway:
        description: The address of the gateway, which lies in the subnet.
        type: str
      aux_addresses:
        description:
          - Addresses of the subnet that containers don't get, by names of your choice.
          - Podman does not support it.
        type: dict
  enable_ipv4:
    description:
      - Whether the network has IPv4. A network without it needs O(enable_ipv6=true).
      - Podman does not support V(false).
      - Docker before 28 does not support V(false).
    type: bool
  enable_ipv6:
    description: Whether the network has IPv6. Docker before 27 then needs an IPv6 subnet in O(ipam_config).
    type: bool
  internal:
    description: Whether there is no way from the network to the outside.
    type: bool
  attachable:
    description:
      - Whether containers can be connected to a network of a Docker swarm.
      - In a network of one host this says nothing, as containers can be connected to each. So Podman does not report
        it, and it is not compared there.
    type: bool
  ingress:
    description:
      - Whether this is the network of a Docker swarm's routing mesh.
      - Podman does not support V(true).
    type: bool
  scope:
    description:
      - Where the network reaches.
      - Podman supports V(local) only.
    type: str
    choices: [local, global, swarm]
  config_only:
    description:
      - Whether this is no network, but a configuration for others (O(config_from)).
      - Podman does not support V(true).
    type: bool
  config_from:
    description:
      - Name of a network with O(config_only=true), from which the configuration comes.
      - Podman does not support it.
    type: str
  labels:
    description:
      - Labels of the network. Others that it has are no difference.
      - Networks that this module creates also get the label C(sshfleet.containers.created), by which
        M(sshfleet.containers.remote_prune) knows them.
    type: dict
    default: {}
  connected:
    description:
      - Names or IDs of containers that are to be in the network. They have to exist.
      - Others are taken off, unless O(appends=true). An empty list leaves all containers where they are, as it does in
        C(community.docker.docker_network).
      - Whether a container is in the network counts, and not how. See
        O(sshfleet.containers.remote_container#module:networks) for aliases and addresses.
    type: list
    elements: str
    default: []
    aliases:
      - containers
  appends:
    description: Whether containers beside those in O(connected) stay in the network.
    type: bool
    default: false
    aliases:
      - incremental
  force:
    description: Whether the network is recreated although it does not differ.
    type: bool
    default: false
  keep_addresses:
    description:
      - Whether running containers get the addresses that they have as fixed ones when the network is recreated, as far
        as the new one holds them. Without it, only those are kept that were fixed.
      - Podman does not tell which addresses are fixed. There, containers get new ones unless this is V(true), and
        containers that don't run get new ones anyway; a warning says which these are.
      - A fixed address can be taken by another container while its own does not run.
    type: bool
    default: false
notes:
  - No engine can change a network, so one that differs is removed and created again. Its containers, those that don't
    run too, are taken off before and connected again afterwards, with their aliases, links, driver options and fixed
    addresses; community.docker.docker_network connects again those that run and are in O(connected) only, and forgets
    the rest. What the task leaves out, such as subnets, labels and O(internal), stays as it was. Connections break, and
    containers get new addresses where these are not fixed. With C(--diff), C(recreated) tells that this happens.
  - If the new network is refused, or a container's place in it, the old network comes back with its containers, and the
    task fails.
  - While a network is made anew, a volume C(sshfleet-journal-…) of the host holds what was there. If the run is killed,
    or the connection is lost, the next run of the task finds it and connects the containers again as they were.
  - Two runs that change the same network, container, image or volume do so one after the other, and the second plans
    anew. Runs of other controllers are told by a volume C(sshfleet-mark-…), which expires when its owner is gone.
  - Podman can't connect a container that is paused, and can't take it off. The task fails then, with nothing changed.
  - A container that does not run is in a network, too. Docker remembers networks by their IDs, so that it could not be
    started again if the network were removed without it; RV(network.containers) and O(connected) count it.
seealso:
  - module: sshfleet.containers.remote_network_info
  - module: sshfleet.containers.remote_container
"""

EXAMPLES = r"""
- name: A network
  sshfleet.containers.remote_network:
    name: shop

- name: The same for IPv4 addresses of your choice, with a label
  sshfleet.containers.remote_network:
    name: shop
    ipam_config:
      - subnet: 172.23.27.0/24
        gateway: 172.23.27.2
        iprange: 172.23.27.128/25
    labels:
      project: shop

- name: A network without a way to the outside, with a short MTU
  sshfleet.containers.remote_network:
    name: shop-internal
    internal: true
    driver_options:
      com.docker.network.driver.mtu: 1400

- name: A container
  sshfleet.containers.remote_container:
    name: worker
    image: registry.example.com/worker:stable

- name: It joins the network, and those that are there stay
  sshfleet.containers.remote_network:
    name: shop-internal
    connected: [worker]
    appends: true

- name: It is the only one there
  sshfleet.containers.remote_network:
    name: shop-internal
    connected: [worker]

- name: Remove a network; the containers that were in it are taken off
  sshfleet.containers.remote_network:
    name: shop-internal
    state: absent

- name: The same for the other one
  sshfleet.containers.remote_network:
    name: shop
    state: absent
"""

RETURN = r"""
network:
  description:
    - The network as it is afterwards (in check mode as it was before), V(none) where there is none.
    - With O(result_format=engine), it is the engine's inspect instead, as C(docker network inspect) shows it, and left
      out with O(state=absent).
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
    driver:
      description: Its driver.
      returned: success
      type: str
      sample: bridge
    driver_options:
      description: The driver's options, in the engine's words.
      returned: success
      type: dict
    scope:
      description: Where it reaches.
      returned: success
      type: str
      sample: local
    internal:
      description: Whether there is no way to the outside.
      returned: success
      type: bool
    attachable:
      description: Whether containers can be connected to it in a swarm, V(none) on Podman.
      returned: success
      type: bool
    ingress:
      description: Whether it is the network of a swarm's routing mesh.
      returned: success
      type: bool
    enable_ipv4:
      description: Whether it has IPv4.
      returned: success
      type: bool
    enable_ipv6:
      description: Whether it has IPv6.
      returned: success
      type: bool
    config_only:
      description: Whether it is a configuration for others only.
      returned: success
      type: bool
    config_from:
      description: The network that its configuration comes from.
      returned: success
      type: str
    ipam_driver:
      description: The driver of its address management.
      returned: success
      type: str
      sample: default
    ipam_driver_options:
      description: That driver's options.
      returned: success
      type: dict
    ipam_config:
      description: Its address pools; what a pool does not have is V(none).
      returned: success
      type: list
      elements: dict
      sample: [{"subnet": "172.23.27.0/24", "iprange": null, "gateway": "172.23.27.1", "aux_addresses": null}]
    labels:
      description: Its labels.
      returned: success
      type: dict
    dns_enabled:
      description: Whether its containers find each other by name.
      returned: success
      type: bool
    interface:
      description: The host's interface, where the engine tells it.
      returned: success
      type: str
      sample: podman1
    containers:
      description: All containers that are in it, running or not, by name.
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
        running:
          description: Whether it runs.
          returned: success
          type: bool
        ipv4_address:
          description: Its IPv4 address in this network, if it has one now.
          returned: success
          type: str
        ipv6_address:
          description: Its IPv6 address in this network, if it has one now.
          returned: success
          type: str
        mac_address:
          description: Its hardware address in this network, if it has one now.
          returned: success
          type: str
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
    - What was done (in check mode what would be done), in this order. C(create), C(recreate), C(remove); C(connect),
      C(disconnect) and C(reconnect) with the C(container); C(recreate) with the containers in C(reconnected).
    - With O(result_format=engine), in check mode only, and each a text.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "recreate", "reason": "internal differs", "reconnected": ["app"]}]
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
