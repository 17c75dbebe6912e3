# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory plugin fleet_containers: wires a reading of the fleet to Ansible's inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_containers
short_description: Every container on every host of the inventory before it, as a host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Makes a host of Ansible's of each container on the hosts of the inventory sources that come before this one, such as
    a C(hosts.json), with groups by host, engine, image, state, health, and project and service of compose.
  - A YAML file named C(*.fleet_containers.yml) or C(*.fleet_containers.yaml) with
    O(plugin=sshfleet.containers.fleet_containers), given behind the other sources. P(ansible.builtin.auto#inventory)
    finds the plugin, so that nothing has to be enabled.
  - All hosts are read at once, from one process and over the same connections as by
    M(sshfleet.containers.remote_fleet_info), with the settings that each host has for the modules of this collection.
    Nothing is ever changed.
  - Of a slice of the hosts (O(sshfleet.containers.hosts_json#inventory:slice)), only the containers on these become
    hosts, and none where the slice has no host.
  - A host that can't be read is told, stays the host that it was, and is in the group C(fleet_containers_unread).
  - An option that can't be used, a name that two would have, and a source without hosts before it end the run with exit
    code 1.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.fleet_reading
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Marks a YAML file as configuration of this plugin.
    type: str
    required: true
    choices:
      - sshfleet.containers.fleet_containers
  hosts:
    description:
      - Read these hosts of the sources before this one - names of hosts or groups, or shell patterns of them. With a
        V(!) before it, they are left out.
    type: list
    elements: str
    default:
      - all
  state:
    description:
      - Leave out containers in other states.
      - An empty list stands for all states.
    type: list
    elements: str
    choices:
      - running
      - paused
      - restarting
      - exited
      - created
      - dead
    default:
      - running
  group_by:
    description:
      - Which groups are made. Each is named after O(group_prefix), its kind and its value, and is a part of the group
        of its kind, such as C(container_state_running) of C(container_state). What is no letter, digit or underscore in
        a value is an underscore in the name.
      - V(project) and V(service) are those of docker compose and M(sshfleet.containers.remote_compose); V(project) is
        also that of M(sshfleet.containers.remote_containers).
    type: list
    elements: str
    choices:
      - host
      - engine
      - image
      - state
      - health
      - project
      - service
    default:
      - host
      - engine
      - image
      - state
      - health
      - project
      - service
  group_by_labels:
    description:
      - Labels of which groups are made, too, such as C(container_label_tier_web) of a label C(tier).
      - A value that looks like a secret makes no group of its own.
    type: list
    elements: str
    default: []
  group_prefix:
    description: What the names of the groups of O(group_by) and O(group_by_labels) begin with.
    type: str
    default: container_
  unread_hosts:
    description:
      - What becomes of hosts that do not give all their containers.
      - With V(warn), a warning tells each with the kind of error and what to do; with V(ignore), a line at C(-v) does;
        with V(fail), they end the run.
      - In each case but the last, they are in the group C(fleet_containers_unread).
    type: str
    choices:
      - warn
      - fail
      - ignore
    default: warn
notes:
  - A container is called C(NAME@HOST), or with O(every_engine=true) C(NAME@ENGINE@HOST), so that no two can have the
    same name. Patterns and C(--limit) take it as it is, C(web@*) and C(*@host1) as well.
  - All containers are in the group C(fleet_containers), and in none of the groups of their hosts. The pattern V(all)
    means them, too; V(all:!fleet_containers) leaves them out.
  - C(sshfleet_container) is the container's name on the engine, C(sshfleet_container_host) the inventory name of its
    host, C(sshfleet_container_engine) V(podman) or V(docker), C(sshfleet_container_engine_socket) the path of its
    socket, and C(ansible_connection) the connection plugin C(sshfleet.containers.container), so that any task runs in
    the container. No variable of the host is copied.
  - C(sshfleet_container_info) is what M(sshfleet.containers.remote_fleet_info) tells of a container in
    RV(sshfleet.containers.remote_fleet_info#module:hosts), with its C(engine). The environment is not read, and what
    looks like a secret in labels and the command is masked. Values are never templates.
  - The settings of a host come from its variables in the sources before this one, files of variables beside all these,
    C(--extra-vars), the environment, C(ansible.cfg), and the options of the command line. Files of variables beside a
    playbook, and passwords that are asked for (C(-k), C(-K)), are not known yet when an inventory is read.
  - With O(cache=true), what was read of a host is used again until O(cache_timeout) is over, as long as the options and
    the host's address are the same. Hosts that could not be read are read again in each run. C(--flush-cache) reads
    all.
seealso:
  - plugin: sshfleet.containers.hosts_json
    plugin_type: inventory
  - module: sshfleet.containers.remote_fleet_info
  - ref: ansible_collections.sshfleet.containers.docsite.fleet_containers
    description: How to use it.
"""

EXAMPLES = r"""
# all.fleet_containers.yml, used as: ansible-inventory -i hosts.json -i all.fleet_containers.yml --graph
plugin: sshfleet.containers.fleet_containers

---
# Both engines of each host, stopped containers too, of some hosts only
plugin: sshfleet.containers.fleet_containers
hosts:
  - all
  - "!trixie*"
every_engine: true
state: []

---
# The unhealthy containers of an image, with groups of a label; a host that can't be read ends the run
plugin: sshfleet.containers.fleet_containers
image:
  - "*/shop*"
health:
  - unhealthy
group_by:
  - host
group_by_labels:
  - tier
unread_hosts: fail
timeout_all: 60

---
# With variables and groups made from what is told of each container, and kept for five minutes
plugin: sshfleet.containers.fleet_containers
strict: true
compose:
  image_tag: sshfleet_container_info.image.split(':')[-1]
groups:
  published: sshfleet_container_info.ports.values() | flatten | length > 0
keyed_groups:
  - key: sshfleet_container_info.networks | list
    prefix: network
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.ansible/fleet_containers
cache_timeout: 300
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import sources
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.earlier_hosts import EarlierHosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.validation import Validator

# By this, tasks run in the containers. Ansible loads a connection plugin in each worker anew; what it imports is there.
from ansible_collections.sshfleet.containers.plugins.plugin_utils.connection import plugin as _preloaded  # noqa: F401
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import FleetError, InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.variables import SLICE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory import cache as caching
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory import telling, variables
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.groups import (
    ALL,
    UNREAD,
    Path,
    groups_of,
    require_unused,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.naming import (
    Found,
    found,
    require_free,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.options import (
    ARGUMENT_SPEC,
    FAIL,
    IGNORE,
    Sought,
    chosen,
    parse,
    unmatched,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.work.fleet import Fleet
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.work.limits import require_room
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import settings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.telling import listed

NAME = "sshfleet.containers.fleet_containers"
ENDINGS = (".fleet_containers.yml", ".fleet_containers.yaml")
CONNECTION_SPEC = {setting.name: setting.spec for setting in settings.SETTINGS}
REMEDY = f"See ansible-doc -t inventory {NAME}."


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = NAME

    def verify_file(self, path: str) -> bool:
        return path.endswith(ENDINGS) and bool(super().verify_file(path))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        try:
            self._parse(str(path), cache)
        except sources.NotOurs:
            raise
        except FleetError as error:
            sources.refuse(self.display, f"The inventory {path} is refused: {failure(error, Masker())['msg']}")
        except Exception as error:  # other plugins would make something else of the file
            sources.refuse_for(self.display, path, error)

    def _parse(self, path: str, cache: bool) -> None:
        params = self._params(path)
        sought = parse(params)
        earlier = EarlierHosts(self.inventory, self.loader, path, params, self.display)
        hosts = self._chosen(earlier, sought)
        require_room(sought.wanted, len(hosts))
        entries = self._entries(earlier, hosts, sought, params, cache)
        every = list(found(entries, every_engine=sought.wanted.every_engine))
        unread = telling.unread(entries)
        self._tell(earlier, unread, len(entries), [one for one in every if not one.nameable], sought)
        containers = [one for one in every if one.nameable]
        paths = {one.name: list(groups_of(one, sought.grouping)) for one in containers}
        require_free(containers, self._taken_names())
        names = dict.fromkeys(group for its in paths.values() for path in its for group in path)
        require_unused(names, self._taken_groups(), sought.grouping.prefix)
        self._populate(containers, paths, unread)
        sources.construct(self, list(paths))

    def _params(self, path: str) -> dict[str, Any]:
        """The options of the YAML file, checked; Ansible is given them, too.

        :raises InvalidOptions: a name or type that there is not.
        """
        config = sources.config_of(self.loader, path, NAME)
        if problems := list(sources.config_problems(config, self.option_definitions)):
            raise InvalidOptions("\n".join(problems), REMEDY)
        spec = {**CONNECTION_SPEC, **ARGUMENT_SPEC}
        names = {given for name, one in spec.items() for given in (name, *one.get("aliases", ()))}
        try:
            given = {name: value for name, value in config.items() if name in names}
            params = Validator(spec, {}, NAME, lambda _secrets: None).validated(given)
        except InvalidOptions as error:
            raise InvalidOptions(error.message, REMEDY) from error
        settings.resolve(params, lambda _option: (None, "default"))  # before each host would tell the same
        self._read_config_data(path)
        return params

    def _hosts(self) -> dict[str, list[str]]:
        """The hosts before this source that are no containers, each with its groups."""
        return {
            name: [group.name for group in host.get_groups()] or ["ungrouped"]
            for name, host in self.inventory.hosts.items()
            if variables.HOST not in host.vars
        }

    def _chosen(self, earlier: EarlierHosts, sought: Sought) -> list[str]:
        """The hosts to be read. Of a slice of a fleet, there may be none, and a name may be of another slice."""
        hosts, part = self._hosts(), self.inventory.groups["all"].vars.get(SLICE)
        if part and (others := unmatched(hosts, sought.hosts)):
            earlier.tell(f"In the slice {part}, no host is called {listed(others)}")
        return chosen(hosts, sought.hosts, part=bool(part))

    def _entries(
        self, earlier: EarlierHosts, hosts: list[str], sought: Sought, params: Mapping[str, Any], cache: bool
    ) -> list[dict[str, Any]]:
        """What was read of each host, now or, where it is cached, before."""
        wanted, key = sought.wanted, self.get_cache_key(earlier.path)
        cached = self.get_option("cache")
        ways = {host: caching.digest(place) for host, place in earlier.places(hosts).items()} if cached else {}
        entries = caching.kept(self._cache.get(key), wanted, ways) if cached and cache else {}
        some = bool(entries)
        if left := [host for host in hosts if host not in entries]:
            earlier.play_hosts = left
            entries |= {entry["host"]: entry for entry in Fleet(earlier, wanted, params).result()["hosts"]}
        if cached and not some:  # what was cached before would else never get too old
            self._cache[key] = caching.keep(entries, wanted, ways)
        return [entries[host] for host in hosts]

    @staticmethod
    def _tell(
        earlier: EarlierHosts, unread: Mapping[str, Any], number: int, nameless: Sequence[Found], sought: Sought
    ) -> None:
        """
        :param number: of the hosts that were to be read.
        :raises InvalidOptions: hosts could not be read, and that is to end the run.
        """
        if unread:
            words = telling.words(unread, number)
            if sought.unread_hosts == FAIL:
                raise InvalidOptions(words)
            (earlier.tell if sought.unread_hosts == IGNORE else earlier.warn)(words)
        if words := telling.nameless(nameless):
            earlier.warn(words)

    def _taken_names(self) -> dict[str, str | None]:
        """The hosts before this source, each with the ID of the container that it is."""
        return {
            name: host.vars[variables.INFO]["id"] if variables.INFO in host.vars else None
            for name, host in self.inventory.hosts.items()
        }

    def _taken_groups(self) -> dict[str, str]:
        """What may not be the name of a group of containers: groups of other hosts, and these themselves."""
        hosts = self._hosts()
        taken = {
            group.name: f"a group of earlier sources, with the host {others[0]}"
            for group in self.inventory.groups.values()
            if group.name != UNREAD
            if (others := [host.name for host in group.get_hosts() if host.name in hosts])
        }
        return taken | dict.fromkeys(hosts, "a host of an earlier source")

    def _populate(
        self, containers: Sequence[Found], paths: Mapping[str, Sequence[Path]], unread: Mapping[str, Any]
    ) -> None:
        for group in (ALL, UNREAD):
            self.inventory.add_group(group)
        made: set[str] = set()
        for one in containers:
            self.inventory.add_host(one.name, ALL)
            for path in paths[one.name]:
                for above, group in zip((ALL, *path), path, strict=False):
                    if group not in made:
                        made.add(group)
                        self.inventory.add_child(above, self.inventory.add_group(group))
                self.inventory.add_host(one.name, path[-1])
            host = self.inventory.hosts[one.name]
            for name, value in variables.container_vars(one.host, one.engine, one.entry).items():
                host.set_variable(name, sources.plain(value))  # the inventory's own walks through each value
        for host in unread:
            self.inventory.add_host(host, UNREAD)
