#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_prune
short_description: Remove what nothing uses on a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Removes containers that don't run, and images, networks and volumes that no container uses, and Docker's build
    cache, from a remote Podman or Docker host.
  - The options have the names, types and defaults of C(community.docker.docker_prune), and one is new, O(only_ours).
  - What goes is chosen from the engine's lists by the same rules for both engines, and then removed one by one, so that
    check mode lists exactly what a run removes, and the space.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: full
    description: A second run finds nothing left.
options:
  only_ours:
    description:
      - Whether only containers, networks and volumes are removed that this collection has created, which is known by
        their label C(sshfleet.containers.created).
      - When it is left out, it is V(true) for containers, networks and volumes, because what others have put on a host
        is not for a task to remove that does not even know its name, and above all not its volumes; a warning says what
        was left. C(community.docker.docker_prune) removes all, which V(false) does.
      - Images and the build cache carry no mark of who made them. They are removed all the same when they are asked
        for, unless V(true) is given, which is refused together with them.
    type: bool
  containers:
    description:
      - Whether containers are removed that don't run. One that is paused runs.
      - Containers that M(sshfleet.containers.remote_container) has put aside while it recreates them are left alone.
      - On Podman, a container without which another can't be (such as the owner of its network) stays as long as that
        one.
    type: bool
    default: false
  containers_filters:
    description:
      - Which of them. C(until) (older than V(24h), or from before V(2026-01-31T12:00:00Z)), C(label) and C(label!)
        (C(key) or C(key=value), one or a list; all of the first, none of the second).
    type: dict
  images:
    description:
      - Whether images are removed that have no name and no container uses, with those that they were made from, as far
        as these have no name either and nothing else needs them.
    type: bool
    default: false
  images_filters:
    description:
      - Which of them. C(dangling) (V(false) for images that have a name, too), C(until), C(label) and C(label!) (C(key)
        or C(key=value), one or a list; all of the first, none of the second).
      - Podman before 5 removes the nameless images that an image was made from whatever the filters say.
    type: dict
  networks:
    description:
      - Whether networks are removed that no container is in. One that does not run is in its networks, too, and could
        not be started without them; C(community.docker.docker_prune) removes them nevertheless.
    type: bool
    default: false
  networks_filters:
    description:
      - Which of them. C(until), C(label) and C(label!) (C(key) or C(key=value), one or a list; all of the first, none
        of the second).
    type: dict
  volumes:
    description:
      - Whether volumes are removed that no container uses, running or not. B(What is in them is lost.)
      - These are those whose names the engine has made up. Named ones go with C(all) in O(volumes_filters) only, as in
        Docker 23 and newer, whatever the engine. Made-up names carry no mark of this collection, so that they go with
        O(only_ours=false) only.
    type: bool
    default: false
  volumes_filters:
    description:
      - Which of them. C(all) (V(true) for named ones, too), C(label) and C(label!) (C(key) or C(key=value), one or a
        list; all of the first, none of the second).
    type: dict
  builder_cache:
    description:
      - Whether Docker's build cache is emptied. Podman keeps none beside its images, so nothing is there to remove.
    type: bool
    default: false
  builder_cache_all:
    description: Whether all of the build cache is meant, and not only what no build would soon use again.
    type: bool
    default: false
  builder_cache_filters:
    description:
      - Which part of it, by Docker's own filters, C(until) (not used since), C(id), C(parent), C(type), C(description),
        C(inuse), C(shared) and C(private).
    type: dict
  builder_cache_keep_storage:
    description: How much of it may stay, such as V(512M) or V(10G).
    type: str
notes:
  - Containers are removed first, so that what only they used is unused.
  - Something that is used again in the meantime is left, with a warning.
  - More than one C(label!) leaves what carries any of them. Docker itself leaves only what carries all of them.
  - A time without a zone in C(until) is in UTC.
seealso:
  - module: sshfleet.containers.remote_engine_info
"""

EXAMPLES = r"""
- name: What would go, and how much space that is
  sshfleet.containers.remote_prune:
    containers: true
    images: true
    networks: true
  check_mode: true
  register: found

- name: Show it
  ansible.builtin.debug:
    msg: "{{ found.space_reclaimed }} bytes: {{ found.actions | map(attribute='name') | join(', ') }}"

- name: Containers of the shop that don't run and were created a day ago or earlier, and images without a name
  sshfleet.containers.remote_prune:
    containers: true
    containers_filters:
      until: 24h
      label: project=shop
    images: true

- name: All volumes that nothing uses and this collection has created, but for those with a label
  sshfleet.containers.remote_prune:
    volumes: true
    volumes_filters:
      all: true
      label!: keep
"""

RETURN = r"""
containers:
  description: IDs of the removed containers.
  returned: with O(containers=true)
  type: list
  elements: str
containers_space_reclaimed:
  description: Bytes that the containers' own files took.
  returned: with O(containers=true)
  type: int
images:
  description:
    - IDs of the removed images.
    - With O(result_format=engine), a dictionary with C(Deleted) for each, as the engine tells it.
  returned: with O(images=true)
  type: list
  elements: str
images_space_reclaimed:
  description: Bytes of these images, without what each of them shares with others. The engine may free more.
  returned: with O(images=true)
  type: int
networks:
  description: Names of the removed networks.
  returned: with O(networks=true)
  type: list
  elements: str
volumes:
  description: Names of the removed volumes.
  returned: with O(volumes=true)
  type: list
  elements: str
volumes_space_reclaimed:
  description: Bytes that were in the volumes.
  returned: with O(volumes=true)
  type: int
builder_cache_caches_deleted:
  description: IDs of the removed records of the build cache.
  returned: with O(builder_cache=true)
  type: list
  elements: str
builder_cache_space_reclaimed:
  description: Bytes that they took, without what images share with them.
  returned: with O(builder_cache=true)
  type: int
space_reclaimed:
  description:
    - Bytes of all of these, by the engine's account before they were removed.
    - Left out with O(result_format=engine).
  returned: success
  type: int
foreign:
  description:
    - How many more things of a kind would have gone if this collection had created them.
    - Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"containers": 2}
actions:
  description:
    - What was removed (in check mode what would be), with its C(kind), C(name), and the reason.
    - Left out with O(result_format=engine).
  returned: success
  type: list
  elements: dict
  sample: [{"action": "prune", "kind": "networks", "name": "shop", "reason": "no container uses it"}]
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
