#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_compose
short_description: Run a compose file on a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads compose files of the controller, as M(sshfleet.containers.remote_compose_info) does, and brings their services
    on a remote Podman or Docker host into the state that the task describes, with their networks, volumes and images.
  - Neither docker compose nor the files are needed on the host. Each key becomes options of our modules, which then do
    what they do for tasks of their own; all of the project is looked at first, and planned as one, as
    M(sshfleet.containers.remote_containers) does. The guide "What becomes of a compose file on a host" has a table of
    all keys.
  - What can't be done is refused before anything is touched, all of it at once, with service, key and what to write
    instead.
  - Containers, networks and volumes have the labels by which docker compose knows its own. What C(docker compose up)
    has made is taken over as it is, and the other way round.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.project
  - sshfleet.containers.attributes
  - sshfleet.containers.compose_files
attributes:
  idempotent:
    support: partial
    description: With O(state=restarted), O(recreate=always) or O(build=always), every run changes something.
options:
  state:
    description:
      - V(started) creates what is not there, and starts the services, each after those that it depends on; it is
        C(docker compose up). What differs from the files is made anew.
      - V(present) creates what is not there and what differs, and starts nothing that does not run.
      - V(restarted) is V(started), and restarts containers that run already.
      - V(stopped) creates what is not there, and stops what runs, each container before those that it depends on.
      - V(absent) removes the containers and then the networks; volumes only with O(remove_volumes). It is
        C(docker compose down). With O(services), only their containers are removed.
    type: str
    choices: [absent, present, restarted, started, stopped]
    default: started
  dependencies:
    description:
      - Whether what the O(services) depend on is seen to, too. With V(false), it is left alone, and nothing is waited
        for.
    type: bool
    default: true
  scale:
    description:
      - Numbers of containers by service, instead of what the files say. Containers beyond that number are removed.
    type: dict
  pull:
    description:
      - When to pull images. V(policy) is what the files say for each service, else V(missing).
      - An image that is built is never pulled.
    type: str
    choices: [policy, always, missing, never]
    default: policy
  build:
    description:
      - When to build images. V(policy) builds those that are not there, and those with C(pull_policy=build).
      - The directory that is built is one of the controller.
    type: str
    choices: [policy, always, never]
    default: policy
  recreate:
    description:
      - V(auto) makes containers anew that differ from the files. V(always) makes all of them anew, and V(never) leaves
        those that are there as they are.
    type: str
    choices: [auto, always, never]
    default: auto
  remove_orphans:
    description:
      - Whether containers of the project are removed whose services the files don't have any more. Those of services
        that are only off, by their profile, stay.
    type: bool
    default: false
  remove_volumes:
    description:
      - Whether O(state=absent) removes the volumes of the files, but for external ones, and anonymous volumes of the
        containers. B(What is in them is lost then.)
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the health checks hold of services that have one in the files.
      - What services depend on is waited for as the files say, without this option.
    type: bool
    default: false
  wait_timeout:
    description: Seconds that a container may take to become healthy. Without it, they are 300.
    type: float
  timeout:
    description:
      - Seconds that a container has to end before it is killed, with O(state=stopped), O(state=restarted) and
        O(state=absent). Without it, they are what the files say, else what the container was made with.
    type: int
  host_paths:
    description:
      - What a relative path of a bind mount, or one with C(~), means. docker compose takes it for a path beside the
        file, which is on the controller, and the host has other files; so it is refused.
      - With V(host), it is the path on the host that it would be on the controller. Absolute paths always are the
        host's.
    type: str
    choices: [refused, host]
    default: refused
  rollout:
    description:
      - How running containers are replaced by another version, as with M(sshfleet.containers.remote_containers).
      - With V(policy), as C(deploy.update_config.order) of each service says; C(start-first) is V(start_first),
        anything else V(stop_first). The containers of one service are replaced one after the other with V(start_first).
    type: str
    choices: [policy, start_first, stop_first]
    default: policy
seealso:
  - module: sshfleet.containers.remote_compose_info
  - module: sshfleet.containers.remote_containers
"""

EXAMPLES = r"""
- name: The project in the directory beside the playbook
  sshfleet.containers.remote_compose:
    path: shop

- name: Production, with its own file over it, and three of the web servers
  sshfleet.containers.remote_compose:
    path:
      - shop/compose.yml
      - shop/compose.production.yml
    project_name: shop
    env:
      TAG: "1.4"
    scale:
      web: 3
    wait: true

- name: A project that is written in the playbook
  sshfleet.containers.remote_compose:
    project_name: hello
    content: |
      services:
        hello:
          image: localhost/busybox:latest
          command: [sleep, "600"]
          stop_grace_period: 1s

- name: It goes, with its volumes
  sshfleet.containers.remote_compose:
    project_name: hello
    content: |
      services:
        hello:
          image: localhost/busybox:latest
    state: absent
    remove_volumes: true
"""

RETURN = r"""
project:
  description: Name of the project.
  returned: success
  type: str
  sample: shop
actions:
  description:
    - The steps that were done (in check mode those that would be done), in their order.
    - V(await) is a step that waits for what another container depends on.
  returned: success, or when parts have failed
  type: list
  elements: dict
  contains:
    resource:
      description: What it was done to, as C(container web) or C(network shop).
      returned: always
      type: str
      sample: container shop-web
    action:
      description: What was done.
      returned: always
      type: str
      sample: create
    reason:
      description: Why.
      returned: always
      type: str
      sample: there is no such container
containers:
  description: What became of each container, those that were removed at the end.
  returned: success, or when parts have failed
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: always
      type: str
      sample: shop-web
    outcome:
      description:
        - V(unchanged), V(created), V(recreated), V(updated), V(started), V(restarted), V(stopped), V(paused) or
          V(removed); in check mode what it would become.
        - V(failed) where a step failed, V(skipped) where something that it waits for did, V(rolled back) with
          O(rollback=project).
      returned: always
      type: str
      sample: created
    changed:
      description: Whether anything was done to it.
      returned: always
      type: bool
    actions:
      description: The steps, as in the result of M(sshfleet.containers.remote_container).
      returned: always
      type: list
      elements: dict
    container:
      description: The container as it is afterwards, as in the result of M(sshfleet.containers.remote_container).
      returned: always
      type: dict
    error:
      description: What went wrong, as in the result of a failed task.
      returned: if a step failed
      type: dict
networks:
  description: What became of each network.
  returned: success, or when parts have failed
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: always
      type: str
      sample: shop
    outcome:
      description: As of containers.
      returned: always
      type: str
      sample: created
    changed:
      description: Whether anything was done to it.
      returned: always
      type: bool
    actions:
      description: The steps, as in the result of M(sshfleet.containers.remote_network).
      returned: always
      type: list
      elements: dict
    network:
      description: The network as it is afterwards, as in the result of M(sshfleet.containers.remote_network).
      returned: always
      type: dict
volumes:
  description: What became of each volume.
  returned: success, or when parts have failed
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: always
      type: str
      sample: shop-data
    outcome:
      description: As of containers.
      returned: always
      type: str
      sample: created
    changed:
      description: Whether anything was done to it.
      returned: always
      type: bool
    actions:
      description: The steps, as in the result of M(sshfleet.containers.remote_volume).
      returned: always
      type: list
      elements: dict
    drift:
      description: The options in which it differs, and was left alone.
      returned: always
      type: list
      elements: str
    volume:
      description: The volume as it is afterwards, as in the result of M(sshfleet.containers.remote_volume).
      returned: always
      type: dict
images:
  description: What became of each image that is built.
  returned: success, or when parts have failed
  type: list
  elements: dict
  contains:
    image:
      description: The image, as in the result of M(sshfleet.containers.remote_image).
      returned: always
      type: dict
    changed:
      description: Whether anything was done about it.
      returned: always
      type: bool
    actions:
      description: The steps, as in the result of M(sshfleet.containers.remote_image).
      returned: always
      type: list
      elements: dict
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
project_directory:
  description: The directory on the controller that relative paths in the files count from.
  returned: success
  type: str
  sample: /srv/playbooks/shop
files:
  description: The compose files, in the order in which they are laid over each other; none with O(content).
  returned: success
  type: list
  elements: str
disabled_services:
  description: The services that are off.
  returned: success
  type: list
  elements: str
"""
