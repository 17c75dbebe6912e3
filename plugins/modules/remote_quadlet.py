#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_quadlet
short_description: Manage a quadlet of a remote Podman host, and its unit
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - "Installs a quadlet on a host with Podman 4.4 or newer: a file that describes a container, volume, network, pod,
    Kubernetes YAML, image or build, of which systemd makes a unit. Starts, restarts, stops and removes that unit."
  - The quadlet is a file of the task's, or is made of the options of M(sshfleet.containers.remote_container).
  - "Podman's own generator looks at the file, in check mode, too, before it takes the place of the old one: what it
    refuses changes nothing, and its words are in the message. What systemd would not read of the unit, such as a
    misspelt key, is a warning."
  - "Unlike the other modules, this one runs commands on the host, over the same SSH connection: it needs a POSIX shell,
    C(base64) and systemd there, and no Python. They run as the user whom the engine belongs to: as root for root's
    Podman (C(become) with sudo will do), else as the user of O(engine_socket), whose systemd needs
    C(loginctl enable-linger)."
  - Quadlets of root are in C(/etc/containers/systemd), those of a user in C(~/.config/containers/systemd). Other files
    there are left alone.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
options:
  name:
    description:
      - "The file's name. It ends in C(.container), C(.volume), C(.network), C(.pod), C(.kube), C(.image) or C(.build);
        with O(container), the ending can be left out."
      - A template (C(web@.container)) can be V(present) and V(absent).
    type: str
    required: true
  state:
    description:
      - V(present) installs the files, and lets systemd read them. A unit that does not run is not started.
      - V(started) also starts the unit, where it does not run. Without O(path), O(content) and O(container), the file
        that is there is taken as it is.
      - V(stopped) installs the files, and stops the unit. O(enabled) or the file's C([Install]) says whether it is
        started at the next boot all the same.
      - V(absent) stops the unit, and removes the quadlet with all of its drop-ins, and the files of O(files). It fails
        where another quadlet needs this one. Volumes, networks and images that it has made stay.
      - "A C(.build) has done its work when its image is built: it is V(started) again only where its files are others,
        or where it has failed."
    type: str
    choices: [absent, present, started, stopped]
    default: started
  path:
    description: The quadlet's file on the controller, which Ansible finds as it finds those of C(copy).
    type: path
  content:
    description: The quadlet's text.
    type: str
  container:
    description:
      - Options of M(sshfleet.containers.remote_container), of which a C(.container) is made. The name is the quadlet's
        without its ending, unless it is given.
      - "Values reach the container as they are, whatever is in them: C(%), C($), quotes, line breaks."
      - What is about the task and not about the container (C(state), C(recreate), C(wait_for) and the like) is
        refused, and so is what no quadlet can have. C(restart_policy) becomes C(Restart=) of the unit.
      - A network, volume or image that ends in C(.network), C(.volume), C(.image) or C(.build) is that of another
        quadlet.
    type: dict
  sections:
    description:
      - "Further lines of the file, with O(container): by section and key a text as it stands in units, or a list of
        some."
      - "For example C({Unit: {After: [db.service]}, Container: {AutoUpdate: registry}})."
    type: dict
  enabled:
    description:
      - Whether the unit is started at boot, with O(container); by default it is.
      - With O(path) and O(content), the file says so itself (C([Install]) with C(WantedBy=multi-user.target)).
    type: bool
  dropins:
    description:
      - "Drop-ins of the quadlet: the text of each by its name, such as C(10-limits.conf). An empty text removes one."
      - Others that are there stay.
    type: dict
  files:
    description:
      - "Files that the quadlet names, by their names beside it, such as the YAML of a C(.kube). An empty text removes
        one."
    type: dict
  mode:
    description:
      - Mode of the files, in octal and in quotes. YAML reads C(0644) without quotes as the number 420, so numbers are
        refused.
      - "It keeps nobody from reading what is in them: whoever may log in there can ask systemd for its units. Keep
        secrets in Podman's (C(Secret=)), or in a file that C(EnvironmentFile=) names."
    type: raw
    default: "0644"
  restart:
    description:
      - What becomes of a unit that runs while its files change, or has been started before they were written.
      - V(changed) restarts it.
      - V(never) leaves it running as it is, until somebody restarts it.
    type: str
    choices: [changed, never]
    default: changed
  settle:
    description:
      - For how many seconds a unit that was started or restarted is watched, up to 60. The task fails when it ends in
        this time, or when systemd has to start it again. A unit that has done its work and ended well is no failure.
      - Keep it short. A unit that is ready only when its program is (C(Notify=healthy), C(Notify=true)) needs none.
    type: float
    default: 2
  timeout:
    description: For how many seconds a unit's start or stop is waited for.
    type: float
    default: 300
seealso:
  - module: sshfleet.containers.remote_container
  - ref: Quadlets <ansible_collections.sshfleet.containers.docsite.quadlets>
    description: Which way is for what, and what becomes of each option.
"""

EXAMPLES = r"""
- name: A container that systemd keeps running
  sshfleet.containers.remote_quadlet:
    name: shop
    container:
      image: registry.example.com/shop/api:1.4
      env:
        MODE: production
      published_ports:
        - 127.0.0.1:8080:80
      volumes:
        - shop-data:/var/lib/shop
      restart_policy: always
      stop_timeout: 1

- name: The same with what only units have
  sshfleet.containers.remote_quadlet:
    name: shop
    container:
      image: registry.example.com/shop/api:1.4
      restart_policy: on-failure
      stop_timeout: 1
    sections:
      Unit:
        Description: The shop
        After: [network-online.target]
      Service:
        TimeoutStartSec: 120
    dropins:
      10-memory.conf: |
        [Service]
        MemoryHigh=512M

- name: A volume by a file of one's own
  sshfleet.containers.remote_quadlet:
    name: cache.volume
    content: |
      [Volume]
      Label=project=shop

- name: Stop it until the next boot
  sshfleet.containers.remote_quadlet:
    name: shop.container
    state: stopped

- name: Remove both
  sshfleet.containers.remote_quadlet:
    name: "{{ item }}"
    state: absent
  loop: [shop.container, cache.volume]
"""

RETURN = r"""
quadlet:
  description: The quadlet as it is afterwards (in check mode as it was before), V(none) where there is none.
  returned: success
  type: dict
  contains:
    name:
      description: The file's name.
      returned: success
      type: str
      sample: shop.container
    path:
      description: Where it is on the host.
      returned: success
      type: str
      sample: /etc/containers/systemd/shop.container
    mode:
      description: Its mode.
      returned: success
      type: str
      sample: "0644"
    files:
      description: The paths of the quadlet, its drop-ins and the files that the task names, as far as they are there.
      returned: success
      type: list
      elements: str
    scope:
      description: Whose systemd it is, V(system) or V(user).
      returned: success
      type: str
      sample: system
    unit:
      description: The unit that systemd has of it, V(none) where the generator makes none.
      returned: success
      type: str
      sample: shop.service
    enabled:
      description: Whether something starts the unit at boot.
      returned: success
      type: bool
    active_state:
      description: What the unit does, in systemd's words.
      returned: success
      type: str
      sample: active
    sub_state:
      description: The same, in detail.
      returned: success
      type: str
      sample: running
actions:
  description:
    - "What was done (in check mode what would be done), with the reason: C(create), C(update) or C(remove) of a
      C(file), C(reload) of systemd, C(start), C(restart) or C(stop) of the C(unit), or C(forget) that it has failed."
    - C(along) names the units that run and that systemd stops or restarts with this one, because they require it. A
      warning names them, too.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "start", "reason": "it does not run", "unit": "shop.service"}]
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "5.4.2", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
