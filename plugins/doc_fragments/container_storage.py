# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Mounts, and where volumes come from.
    # What the engines support is said as the table in engine/differences/support.py has it.
    DOCUMENTATION = r"""
options:
  volumes:
    description:
      - What is mounted into the container, as V(/path/on/host:/path/inside), V(volume:/path/inside), or
        V(/path/inside) for an anonymous volume (V(/path/inside:rw) is the same).
      - Modes stand behind a third colon, such as V(ro) or V(rw,rslave). V(nocopy), V(cached), V(delegated) and
        V(consistent) are applied at creation and not compared; neither are V(z) and V(Z) of a volume, nor on Podman.
    type: list
    elements: str
  tmpfs:
    description:
      - Temporary file systems in the container, as V(/path) or V(/path:size=64m,mode=1777).
    type: list
    elements: str
  mounts:
    description:
      - What is mounted into the container; the long way of writing O(volumes) and O(tmpfs).
      - "Podman does not report it: what was asked for at creation is compared."
    type: list
    elements: dict
    suboptions:
      target:
        description:
          - Path inside the container.
        type: str
        required: true
      source:
        description:
          - A path of the host, the name of a volume, or an image.
          - Left out for a tmpfs; a volume is then anonymous.
        type: str
      type:
        description:
          - What is mounted. V(npipe), V(cluster) and V(image) only where the engine knows them.
        type: str
        choices:
          - bind
          - npipe
          - tmpfs
          - volume
          - cluster
          - image
        default: volume
      read_only:
        description:
          - Whether the mount is read-only.
        type: bool
      consistency:
        description:
          - For other systems than Linux.
        type: str
        choices:
          - cached
          - consistent
          - default
          - delegated
      create_mountpoint:
        description:
          - For O(mounts[].type=bind) - whether the path is created on the host. Podman always does so.
          - Docker before 23.0 does not support it.
        type: bool
      propagation:
        description:
          - For O(mounts[].type=bind) - how mounts below it are passed on.
        type: str
        choices:
          - private
          - rprivate
          - shared
          - rshared
          - slave
          - rslave
      no_copy:
        description:
          - For O(mounts[].type=volume) - whether the image's files are not copied into a new volume.
        type: bool
      non_recursive:
        description:
          - For O(mounts[].type=bind) - whether what is mounted below it is left out.
        type: bool
      read_only_non_recursive:
        description:
          - For O(mounts[].type=bind) - whether what is mounted below a read-only mount stays writable.
          - Podman does not support it.
          - Docker before 25.0 does not support it.
        type: bool
      read_only_force_recursive:
        description:
          - For O(mounts[].type=bind) - whether it is an error when what is mounted below cannot be made read-only.
          - Podman does not support it.
          - Docker before 25.0 does not support it.
        type: bool
      labels:
        description:
          - For O(mounts[].type=volume) - labels of a new volume.
          - Podman does not support it.
        type: dict
      volume_driver:
        description:
          - For O(mounts[].type=volume) - the driver of a new volume.
          - Podman does not support it. V(local) is taken.
        type: str
      volume_options:
        description:
          - For O(mounts[].type=volume) - options of the driver.
          - Podman does not support it.
        type: dict
      subpath:
        description:
          - Path inside the volume or the image.
          - Podman does not support it.
          - Docker before 26.0 does not support it.
        type: str
      tmpfs_size:
        description:
          - For O(mounts[].type=tmpfs) - its size. As a number of bytes, or with a unit such as V(512M) or V(2G).
        type: str
      tmpfs_mode:
        description:
          - For O(mounts[].type=tmpfs) - its mode in octal, such as V(1777).
        type: str
      tmpfs_options:
        description:
          - For O(mounts[].type=tmpfs) - more options, each a dictionary of one key; a value of null makes it a flag.
          - Docker before 27.0 does not support it.
        type: list
        elements: dict
  volume_driver:
    description:
      - The driver of new volumes in O(volumes).
      - Podman does not support it. V(local) is taken.
    type: str
  volumes_from:
    description:
      - Containers whose volumes are mounted too, by name, with V(:ro) behind those that are only read.
      - On Podman before 5.0, it is refused with O(image_volumes=tmpfs).
    type: list
    elements: str
"""
