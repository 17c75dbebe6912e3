#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_image
short_description: Pull, build, load, save, tag, push and remove images of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Makes sure that an image is on a remote Podman or Docker host, or is not.
  - The options have the names and meanings of C(community.docker.docker_image), except where an option's description
    says what is different here. Paths are paths on the controller.
  - Everything travels in pieces through the SSH connection. Nothing is left on the host but the image, and an image
    of any size takes the same memory on the controller.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
  - sshfleet.containers.registry
attributes:
  check_mode:
    details:
      - Docker is let ask the registry whether it has another image, where O(force_source) or O(push) is set. Podman has
        no such request; there, they are always reported as a change in check mode.
      - Whether a build would give another image is not known before it is built.
      - An image to name, save or push, and files of the controller that are not there (yet), are warnings.
  diff_mode:
    details: The ID before and after.
  idempotent:
    support: full
    description: What is there already is not done again.
options:
  name:
    description:
      - Name of the image, such as V(app:1), V(registry.example.com:5000/team/app:1) or V(app@sha256:...), or its ID.
      - Without a registry, Docker Hub's is meant on both engines, except that Podman prefers C(localhost/name) where
        that is on the host. Other registries' images are never meant, although Podman by itself would find
        C(registry.example.com/team/app) for C(app).
      - With O(state=absent) on Podman, a name without a registry goes with both, C(localhost/name) and Docker Hub's.
      - An ID is possible with O(state=absent), O(source=load) and O(source=local).
    type: str
    required: true
  tag:
    description: The tag, where O(name) (or O(repository)) has none.
    type: str
    default: latest
  state:
    description:
      - V(present) makes sure that the image is there, by O(source) where it is not, and then saves, tags and pushes it
        as the other options say.
      - V(absent) takes the name from the image, and removes the image when it has no other name; see O(force_absent).
    type: str
    choices:
      - absent
      - present
    default: present
  source:
    description:
      - Where the image comes from when the host has none of this name. Needed with O(state=present).
      - V(pull) pulls it from the registry in its name.
      - V(build) builds it, see O(build).
      - V(load) loads it from O(load_path).
      - V(local) fails when it is not there.
    type: str
    choices:
      - build
      - load
      - pull
      - local
  force_source:
    description:
      - Pull, build or load the image although the host has one of this name. The result is V(changed) only when the
        host then has another image.
      - With O(source=pull) on Docker, the registry is asked first, and nothing is pulled when it has the same image.
      - With O(source=load), an archive that has the same image is not loaded again.
    type: bool
    default: false
  pull:
    description: How to pull.
    type: dict
    suboptions:
      platform:
        description:
          - The platform to pull the image for, such as V(linux/arm64).
          - Unlike with the peer, an image that is on the host for another platform is pulled again.
          - Engines pull what the registry has, be it for another platform. The task fails then, and a name that was
            another image's before is that image's again.
        type: str
  build:
    description:
      - How to build. The engine on the host does it, over its API.
      - Docker has no BuildKit there. A Dockerfile with something that its builder can't do, or would drop, is refused,
        with the line and a way out, before anything is sent. These are heredocs, the flags C(--mount), C(--network),
        C(--security) and C(--device) of C(RUN), C(--chmod), C(--exclude) and C(--parents) of C(COPY) and C(ADD),
        C(--checksum), C(--keep-git-dir) and C(--unpack) of C(ADD), a Git repository in C(ADD), and before Docker 23
        C(--link). Podman before 4.8 has no heredocs.
      - C(# syntax=) loads no other frontend, and C(# check=) checks nothing; both are no more than comments. Stages
        that the last one needs not are built too on Docker. No secrets and no SSH agent are passed to C(RUN --mount).
      - Podman matches the patterns of C(--exclude) from the top of the context, BuildKit from the directory that is
        copied; C(**/) in front of them means the same to both.
      - To use all that BuildKit has, build elsewhere, and bring the image with O(source=load) or with
        M(sshfleet.containers.remote_image_ship).
    type: dict
    suboptions:
      path:
        description:
          - The directory on the controller that is the build's context. What C(.dockerignore) in it (or a file with the
            Dockerfile's name and C(.dockerignore) behind it) leaves out is not sent. It is read for all engines
            as Docker's client reads it since 23; a line that is no pattern is refused.
          - URLs are refused.
        type: path
        required: true
      dockerfile:
        description:
          - Path of the Dockerfile, as seen from O(build.path). It may lie outside of it.
          - Without it, C(Dockerfile), or C(Containerfile) where there is none.
        type: str
      args:
        description:
          - Values for the Dockerfile's C(ARG) lines. Values whose names look secret, such as C(API_TOKEN), are masked
            wherever the result and the log hold them; the image's history still shows them to who has the image.
          - C(TARGETARCH), C(TARGETPLATFORM), C(BUILDPLATFORM) and their like have values on both engines where the
            Dockerfile names them with C(ARG), unless they are given here.
        type: dict
      labels:
        description: Labels for the image.
        type: dict
      target:
        description: Build up to this stage of the Dockerfile.
        type: str
      platform:
        description:
          - The platform to build for, such as V(linux/arm64).
          - An image that is on the host for another platform is built again. The task fails when what is built is for
            another one.
        type: str
      pull:
        description: Pull the images in C(FROM) although they are on the host.
        type: bool
        default: false
      nocache:
        description: Do not use the layers of earlier builds.
        type: bool
        default: false
      cache_from:
        description: Images whose layers may be used.
        type: list
        elements: str
      rm:
        description: Remove the containers of the build, also when it fails.
        type: bool
        default: true
      network:
        description:
          - The network of C(RUN) lines, such as V(host), V(none) or the name of one. Without it, the engine decides;
            Podman takes the host's.
        type: str
      etc_hosts:
        description:
          - More lines for C(/etc/hosts) while building, as host name and IP address.
          - V(host-gateway) stands for the host's address. Podman before 5.0 does not know it; it is refused there.
        type: dict
      shm_size:
        description: Size of C(/dev/shm) while building, such as V(128M).
        type: str
      container_limits:
        description: Limits of the containers of the build.
        type: dict
        suboptions:
          memory:
            description: Memory, such as V(512M).
            type: str
          memswap:
            description: Memory and swap together, such as V(1G); V(unlimited) or V(-1) for no limit on swap.
            type: str
          cpushares:
            description: The weight of its CPU time.
            type: int
          cpusetcpus:
            description: The CPUs it may use, such as V(0-3) or V(0,1).
            type: str
      http_timeout:
        description:
          - Seconds that the engine may say nothing while it builds. Without it, 600, or O(engine_timeout) where that is
            longer.
        type: int
      use_config_proxy:
        description: Refused when V(true), because nobody's Docker configuration is read. Use O(build.args).
        type: bool
  load_path:
    description:
      - The archive on the controller to load, as C(docker save) or C(podman save) write it (C(docker-archive) or
        C(oci-archive)), compressed or not. Needed with O(source=load).
      - Unlike with the peer, the archive says which image is meant. When the host has another image under the name, the
        archive is loaded, without O(force_source) too; and an archive without an image of this name is refused before
        anything is loaded. An archive of one image without a name is loaded under O(name).
      - Docker takes an OCI archive too, because the index it wants is added on the way.
    type: path
  archive_path:
    description:
      - Save the image in this file on the controller (as C(docker-archive)), in one step. Nothing is done when the file
        holds the image already.
    type: path
  repository:
    description:
      - One more name for the image, with O(tag) where it has no tag.
      - Nothing is done when there is an image of that name already, see O(force_tag).
    type: str
  force_tag:
    description: Take the name in O(repository) from the image that has it.
    type: bool
    default: false
  push:
    description:
      - Push the image, as O(repository) where that is given, else as O(name).
      - Docker is let ask the registry first, and pushes only when that has another image. Podman can't ask, and pushes
        each time; that is reported as a change.
    type: bool
    default: false
  force_absent:
    description:
      - With O(state=absent), remove the image although a stopped container is made from it, and, where O(name) is an
        ID, although it has more than one name.
      - Containers are never removed. Podman could only remove them together with the image, so it is refused there as
        long as there is one. While one runs, Docker takes the name and keeps the image without one, and refuses an ID.
    type: bool
    default: false
  prune:
    description: With O(state=absent), remove the images below it that have no name and no other use, too.
    type: bool
    default: true
seealso:
  - module: sshfleet.containers.remote_image_info
  - module: sshfleet.containers.remote_image_ship
  - module: sshfleet.containers.remote_login
  - module: sshfleet.containers.remote_container
"""

EXAMPLES = r"""
- name: Pull an image where it is not there
  sshfleet.containers.remote_image:
    name: registry.example.com/shop/api:1.4
    source: pull

- name: Build from a directory of the controller
  sshfleet.containers.remote_image:
    name: shop/web:2
    source: build
    build:
      path: "{{ playbook_dir }}/web"
      args:
        VERSION: "2"

- name: Give it the registry's name too
  sshfleet.containers.remote_image:
    name: shop/web:2
    source: local
    repository: registry.example.com/shop/web:2

- name: Save it on the controller
  sshfleet.containers.remote_image:
    name: shop/web:2
    source: local
    archive_path: "{{ playbook_dir }}/web.tar"

- name: Load it from there
  sshfleet.containers.remote_image:
    name: shop/web:2
    source: load
    load_path: "{{ playbook_dir }}/web.tar"

- name: Remove it
  sshfleet.containers.remote_image:
    name: shop/web:2
    state: absent
"""

RETURN = r"""
image:
  description:
    - The image as it is on the host afterwards; V(null) where there is none.
    - With O(result_format=engine), it is the engine's inspect instead, as C(docker image inspect) shows it, and empty
      where there is none. Of one that was removed, it is what was there, with the C(state) C(Deleted).
  returned: success
  type: dict
  contains:
    id:
      description: The image's ID, with C(sha256:).
      type: str
      returned: always
    tags:
      description: Its names, sorted, without C(docker.io/library/).
      type: list
      elements: str
      returned: always
    digests:
      description: The names with digests under which registries know it.
      type: list
      elements: str
      returned: always
    created_at:
      description: When it was made, in UTC.
      type: str
      returned: always
    size:
      description: Its size in bytes.
      type: int
      returned: always
    os:
      description: The operating system it is for.
      type: str
      returned: always
    architecture:
      description: The architecture it is for, such as V(amd64).
      type: str
      returned: always
    variant:
      description: The architecture's variant, such as V(v8); mostly empty.
      type: str
      returned: always
    layers:
      description: The digests of its layers, from the lowest up.
      type: list
      elements: str
      returned: always
    command:
      description: Its default command.
      type: list
      elements: str
      returned: always
    entrypoint:
      description: Its entrypoint.
      type: list
      elements: str
      returned: always
    env:
      description: Its environment. Values of names that look secret, and passwords in URLs, are masked.
      type: dict
      returned: always
    labels:
      description: Its labels.
      type: dict
      returned: always
    user:
      description: The user its containers run as; empty for root.
      type: str
      returned: always
    working_dir:
      description: The directory its containers start in.
      type: str
      returned: always
    exposed_ports:
      description: The ports that it says its containers serve.
      type: list
      elements: str
      returned: always
    volumes:
      description: The paths that get a volume of their own in every container.
      type: list
      elements: str
      returned: always
    healthcheck:
      description: The command of its health check; empty where it has none.
      type: list
      elements: str
      returned: always
actions:
  description:
    - What was done (in check mode, would be done), in this order, and why.
    - With O(result_format=engine), each is a text.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: V(pull), V(build), V(load), V(archive), V(tag), V(push) or V(remove).
      type: str
      returned: always
    reason:
      description: Why.
      type: str
      returned: always
    image:
      description: The image that was made, saved, pushed or removed.
      type: str
      returned: always
stdout:
  description: What the build wrote; of more than a million characters the last.
  returned: an image was built
  type: str
stdout_lines:
  description: The lines of RV(stdout).
  returned: an image was built
  type: list
  elements: str
digest:
  description:
    - The digest under which the registry has the pushed image, where the engine tells it.
    - Left out with O(result_format=engine).
  returned: an image was pushed
  type: str
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
