#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_containers
short_description: Manage many containers of a remote host, planned as one
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Brings all containers of an application on a remote Podman or Docker host, with their networks, volumes and images,
    into the state that one task describes. Everything is looked at first, planned as one, and done in an order in which
    each part finds what it needs; what does not wait for each other is done at the same time.
  - What is wrong with any part is told at once, all of it, and before anything is touched.
  - If a step fails, what waits for it is not done, and what has nothing to do with it goes on. The result says of each
    container what became of it. The next run goes on from there, also after a run that was killed.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.project
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: partial
    description: With O(state=restarted), or options of a container that recreate it in every run, every run changes
      something.
options:
  name:
    description:
      - Name of the project. What is created gets it as the label C(sshfleet.containers.project), by which O(purge)
        knows what the project has made.
      - Containers, networks and volumes that were there already are taken over as they are, and don't get the label
        until they are made anew.
    type: str
    required: true
    aliases:
      - project_name
  state:
    description:
      - V(started) and V(present) create what is not there; V(started) also starts the containers, each after those that
        it depends on. With these two, a container may have a C(state) of its own.
      - V(restarted) is V(started), and restarts containers that run already.
      - V(stopped) creates what is not there, and stops what runs, each container before those that it depends on.
      - V(absent) removes the containers, then the networks; volumes only with O(remove_volumes).
    type: str
    choices: [absent, present, restarted, started, stopped]
    default: started
  containers:
    description:
      - The containers. Each has the options of M(sshfleet.containers.remote_container), except for the connection's,
        and may have C(depends_on).
      - C(depends_on) is a list of names of other containers of the list, or a dictionary of these names with a
        condition each. V(started) is the condition of those in a list.
      - With V(healthy), the other container's health check has to hold before this one is started; with V(completed),
        the other one has to have ended with status 0. It may take C(healthy_wait_timeout) seconds of the other one.
      - A container that others wait for with V(completed) has done its work when it has ended with status 0, and is not
        started again.
      - A container that uses the namespaces or volumes of another one (C(network_mode=container:db), C(volumes_from))
        comes after that one without being told, and is made anew together with it.
      - Each may have a C(rollout) of its own, and a C(group); those of one group are replaced one after the other.
    type: list
    elements: dict
    default: []
  networks:
    description:
      - The networks. Each has the options of M(sshfleet.containers.remote_network), except for C(state) and
        C(connected). They are there before a container needs them.
      - One with C(external=true) belongs to somebody else; it has to be there, and is left alone.
    type: list
    elements: dict
    default: []
  volumes:
    description:
      - The volumes. Each has the options of M(sshfleet.containers.remote_volume), except for C(state).
      - One with C(external=true) belongs to somebody else; it has to be there, and is left alone.
    type: list
    elements: dict
    default: []
  images:
    description:
      - Images that are built, loaded or pulled before anything else, with the options of
        M(sshfleet.containers.remote_image).
      - An image that a container names is pulled without standing here, as C(pull) of that container says; each once,
        several at the same time, and before any container is touched.
    type: list
    elements: dict
    default: []
  purge:
    description:
      - Whether containers and networks are removed that the project has made and O(containers) and O(networks) don't
        name any more; with O(remove_volumes), its volumes too.
      - Only what has the label of this project is ever removed.
    type: bool
    default: false
  remove_volumes:
    description:
      - Whether O(state=absent) removes the volumes in O(volumes), and O(purge) those of the project that are not there
        any more. B(What is in them is lost then.)
    type: bool
    default: false
  rollout:
    description:
      - How a running container is replaced by another version.
      - With V(stop_first), the old one is stopped, then the new one is started. If that fails, the old one comes back.
      - With V(start_first), the new one is started beside the old one, where nobody finds it. Once it has proven itself
        (C(wait_for), and its health check if it has one), it gets its name and its aliases in the networks, and only
        then the old one gets its stop signal, has its C(stop_timeout) to finish what it has begun, and is removed. If
        the new one does not come to that, it is removed, and the old one was never touched.
      - No request is lost if the application finishes what it has begun when it gets its stop signal, and its clients
        reach it by an alias (or, on Docker, by its name), ask for the address anew for each connection, and try the
        next address where one refuses. To give the new one its aliases, it is taken out of its networks and put into
        them again for a moment, before anybody uses it; connections that it has opened by then are lost.
      - What two containers can't have at the same time is refused with V(start_first); fixed ports of the host, fixed
        addresses, C(auto_remove), and containers without a network of their own.
    type: str
    choices: [start_first, stop_first]
    default: stop_first
seealso:
  - module: sshfleet.containers.remote_container
  - module: sshfleet.containers.remote_network
  - module: sshfleet.containers.remote_volume
  - module: sshfleet.containers.remote_image
"""

EXAMPLES = r"""
- name: A shop, with its database first
  sshfleet.containers.remote_containers:
    name: shop
    networks:
      - name: shop
    volumes:
      - name: shop-data
    containers:
      - name: shop-db
        image: localhost/busybox:latest
        command: sleep 600
        networks:
          - name: shop
        volumes:
          - shop-data:/data
        healthcheck:
          test: [CMD, test, -d, /data]
          interval: 1s
      - name: shop-web
        image: localhost/busybox:latest
        command: httpd -f -p 80
        networks:
          - name: shop
        published_ports:
          - "8080:80"
        depends_on:
          shop-db: healthy
    purge: true

- name: Stop it, the web server first
  sshfleet.containers.remote_containers:
    name: shop
    state: stopped
    containers:
      - name: shop-db
        image: localhost/busybox:latest
        command: sleep 600
      - name: shop-web
        image: localhost/busybox:latest
        command: httpd -f -p 80
        depends_on: [shop-db]

- name: Remove all that the project has made, and what is in its volumes
  sshfleet.containers.remote_containers:
    name: shop
    state: absent
    purge: true
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
  description: What became of each image of O(images).
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
"""
