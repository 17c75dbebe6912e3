# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory plugin hosts_json: wires plugin_utils.hosts to Ansible's inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: hosts_json
short_description: Hosts from a hosts.json file
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads hosts from a C(hosts.json), the strict JSON file in which tools that work over SSH share their hosts.
  - Inventory sources named C(hosts.json) or C(*.hosts.json) are read directly where the plugin is enabled. Enable
    it before P(ansible.builtin.yaml#inventory), which would otherwise claim the file.
  - A YAML file with O(plugin=sshfleet.containers.hosts_json) and O(path) works without enabling anything, because
    P(ansible.builtin.auto#inventory) finds it, and it can set the options below.
  - A file that breaks a rule is refused as a whole. Its first 20 problems are printed with file and line, and the
    run ends with exit code 1 before any host is contacted, even where the file is one of several inventory sources. So
    does a file that is missing.
options:
  plugin:
    description: Marks a YAML file as configuration of this plugin.
    type: str
    required: true
    choices:
      - sshfleet.containers.hosts_json
  path:
    description:
      - The C(hosts.json) to read, under any name.
      - A relative path starts from the folder of the YAML file. A leading C(~) and environment variables are
        expanded.
      - When a C(hosts.json) is itself the inventory source, this is that file.
    type: str
    required: true
  ssh_config_lookup:
    description:
      - Asks ssh (C(ssh -G)) what its configuration, such as C(~/.ssh/config), says about the hosts, and fills what
        their entries leave out - C(user), C(port), C(identity_file), C(jump_host), and behind an alias the
        C(hostname). What an entry says always wins; what neither says is as without this option.
      - So the variables of a host show the values themselves, for templates and for tools that read no C(ssh_config).
        Ansible's own connections need no lookup, because ssh reads its configuration anyway.
      - Of several C(IdentityFile) lines the first file that exists is taken, and none where none exists. ssh still
        tries the others.
      - A jump host is used as it is written, also when it names another entry; ssh adds what it knows of it.
      - An alias stays in C(ansible_host) when it has settings that its address alone would not get, such as
        C(IdentitiesOnly), C(ProxyCommand) or C(HostKeyAlias). ssh then resolves the alias when it connects.
      - ssh reads its files as always, with C(Include) and C(Match). Beware that it runs the commands of
        C(Match exec) for every host that is looked up, and asks DNS where C(CanonicalizeHostname) is set.
      - It costs one or, for an alias, two short processes a host, eight at a time, in every run. That is about three
        seconds for 1,000 hosts on two cores, and six where all of them are aliases. Hosts with an address and all four
        keys are not asked about.
      - A configuration that ssh refuses, a question that takes longer than 30 seconds and a missing ssh refuse the
        inventory.
    type: bool
    default: false
    env:
      - name: SSHFLEET_SSH_CONFIG_LOOKUP
    ini:
      - section: sshfleet
        key: ssh_config_lookup
  ssh_config_file:
    description:
      - The C(ssh_config) to look up hosts in, instead of the user's and the system's, as C(-F) of ssh takes it.
      - Every host is then given C(-F) with this file in C(ansible_ssh_common_args), so that ssh reads it, too, when
        Ansible connects. As a variable of the host it replaces C(ansible_ssh_common_args) from C(group_vars).
      - In a YAML file, a relative path starts from that file's folder. A leading C(~) and environment variables are
        expanded.
      - Only together with O(ssh_config_lookup=true).
    type: path
    env:
      - name: SSHFLEET_SSH_CONFIG_FILE
    ini:
      - section: sshfleet
        key: ssh_config_file
  ssh_executable:
    description: The ssh that O(ssh_config_lookup) asks.
    type: str
    default: ssh
    env:
      - name: ANSIBLE_SSH_EXECUTABLE
    ini:
      - section: ssh_connection
        key: ssh_executable
  slice:
    description:
      - Takes only a part of the hosts, C(K/N), such as V(2/4) for the second of four controllers that share a fleet.
      - The same hosts are always in the same slice, as long as the file has the same names. These are sorted, and slice
        K has each N-th of them from the K-th on, as AWX slices a job.
      - Where a host is added or removed, others move to another slice, as they do there.
      - All groups of the file are there in each slice, C(default_host) among them, also without a host. A jump host
        that is an entry of another slice is known all the same.
      - C(sshfleet_slice) is this value, a variable of all hosts.
    type: str
    env:
      - name: SSHFLEET_SLICE
    ini:
      - section: sshfleet
        key: slice
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - The file is an object with the keys C(version) (V(0), V(1) or left out), C(default_host) (a host's name or
    V(null)) and C(hosts), an object of hosts under their names. JSON has no comments and no trailing commas.
  - C(hostname) is the only key that a host must have. It is a DNS name, an alias of C(ssh_config) or an IP address,
    and becomes C(ansible_host).
  - C(user) becomes C(ansible_user). Without it that is the name of the user who runs Ansible. As a variable of the
    host it wins over C(--user), C(remote_user) and C(group_vars), but not over C(host_vars) and C(--extra-vars).
  - C(port) (number or V(null)) becomes C(ansible_port). Without it SSH's own configuration decides.
  - C(identity_file) (path or V(null)) becomes C(ansible_ssh_private_key_file). A leading C(~) is expanded, a
    relative path starts from the folder of the C(hosts.json).
  - C(jump_host) is one or more C([user@]host[:port]), separated by commas, first hop first, as C(ProxyJump) of SSH
    takes them. It becomes C(ansible_ssh_common_args), and C("") there switches off a jump host from C(ssh_config).
    As a variable of the host it replaces C(ansible_ssh_common_args) from C(group_vars). Without C(jump_host), or
    with V(null), nothing is set. Ten jump hosts are taken, more are refused.
  - A jump host that is the name of another entry takes that entry's C(hostname), C(user) and C(port); what is written
    with the jump host wins. The C(jump_host) of the entry that the first jump host names comes before it, and so on;
    a circle is refused. The other jump hosts of a chain are reached as the chain says, as with C(-J) of SSH.
  - The C(identity_file) of entries that are jump hosts becomes C(sshfleet_jump_keys), a dictionary of key files under
    V([user@]host[:port]) as in C(ProxyJump). The modules of this collection log in to the jump hosts with them.
    Ansible's own connection, which other modules use, can't be told a jump host's key; for it, name the key in
    C(~/.ssh/config) or load it into an ssh-agent.
  - C(groups) is a list of Ansible groups. The host that C(default_host) names is the one host of the group
    C(default_host).
  - C(description) becomes C(sshfleet_description).
  - Values are never templates. What looks like one stays text.
  - The cache saves the time to check the file. It is not used when the file has changed, or with C(--flush-cache).
    What O(ssh_config_lookup) finds is never cached, because it depends on files and commands that only ssh knows.
seealso:
  - plugin: ansible.builtin.constructed
    plugin_type: inventory
"""

EXAMPLES = r"""
# hosts.json, used as: ansible-inventory -i hosts.json --graph
# {
#   "version": 1,
#   "default_host": "web1",
#   "hosts": {
#     "web1": {"hostname": "192.0.2.10", "user": "root", "groups": ["web"]},
#     "web2": {"hostname": "web2.example.com", "port": 2222, "identity_file": "~/.ssh/web", "groups": ["web"]},
#     "bastion": {"hostname": "bastion.example.com", "user": "admin", "identity_file": "~/.ssh/bastion"},
#     "db1": {"hostname": "10.0.0.5", "jump_host": "bastion", "groups": ["db"]},
#     "db2": {"hostname": "10.0.1.5", "jump_host": "admin@other.example.com:2222,10.0.1.1", "groups": ["db"]}
#   }
# }

# fleet.yml, which works everywhere: ansible-inventory -i fleet.yml --graph
plugin: sshfleet.containers.hosts_json
path: hosts.json

---
# With groups and variables made from those of the file
plugin: sshfleet.containers.hosts_json
path: ~/fleet/hosts.json
strict: true
compose:
  address: ansible_host
groups:
  behind_bastion: ansible_ssh_common_args is defined
keyed_groups:
  - key: ansible_user
    prefix: login

---
# With what ~/.ssh/config says about the hosts, so that this is enough in hosts.json:
#   "web1": {"hostname": "web1"}
# ansible-inventory -i fleet.yml --host web1 shows the address, user, port, key and jump host
plugin: sshfleet.containers.hosts_json
path: hosts.json
ssh_config_lookup: true

---
# The second of four controllers that share a fleet; SSHFLEET_SLICE=2/4 says the same where hosts.json is the inventory
plugin: sshfleet.containers.hosts_json
path: hosts.json
slice: 2/4
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import sources
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import HostsFileError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts import slicing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.check import HOST_KEYS, shown
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.entry import HostEntry, HostsFile
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.login_name import login_name
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts, read_bytes
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.variables import (
    SLICE,
    Controller,
    host_groups,
    host_vars,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import config_lookup
from ansible_collections.sshfleet.containers.plugins.plugin_utils.telling import listed

NAME = "sshfleet.containers.hosts_json"
CACHE_FORMAT = 2  # to be raised when HostEntry or a rule changes
LARGEST_CONFIG = 1 << 20  # bytes; static inventories of this size are not searched for our name

_CONFIG = re.compile(
    rb"""^(?:\xef\xbb\xbf)?[\s{]*["']?plugin["']?\s*:\s*["']?sshfleet\.containers\.hosts_json\b""", re.MULTILINE
)


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = NAME

    def verify_file(self, path: str) -> bool:
        """Claim every hosts.json, the missing and unreadable ones too: they must be refused, not passed over."""
        if _is_hosts_json(path):
            return "," not in path or os.path.lexists(path)
        return path.endswith((".yml", ".yaml")) and super().verify_file(path) and _is_config(Path(path))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        try:
            hosts, source = self._read(str(path), cache)
            self._populate(self._looked_up(self._sliced(hosts, source), source), source, hosts)
        except sources.NotOurs:
            raise
        except HostsFileError as error:
            count = "1 problem" if len(error.problems) == 1 else f"{len(error.problems)} problems"
            sources.refuse(self.display, f"The inventory {path} is refused, {count}:\n{error.message}")
        except Exception as error:  # other plugins would make something else of the file
            sources.refuse_for(self.display, path, error)

    def _read(self, path: str, cache: bool) -> tuple[HostsFile, str]:
        """The hosts, and the path of the hosts.json they come from."""
        source = path
        if _is_hosts_json(path):
            self.set_options(direct={"plugin": NAME, "path": path}, var_options=self._vars)
        else:
            source = self._read_config(path)
        return self._hosts(source, cache), source

    def _read_config(self, path: str) -> str:
        """Set the options from a YAML file; returns the path of the hosts.json."""
        config = sources.config_of(self.loader, path, NAME)
        if problems := [f"{path}: {problem}" for problem in _config_problems(config, self.option_definitions)]:
            raise HostsFileError(path, problems)
        self._read_config_data(path)
        if config.get("ssh_config_file"):
            self.set_option("ssh_config_file", _beside(path, config["ssh_config_file"]))
        return _beside(path, self.get_option("path"))

    def _hosts(self, source: str, cache: bool) -> HostsFile:
        data = read_bytes(source)
        if not self.get_option("cache"):
            return parse_hosts(data, source)
        self.load_cache_plugin()
        key = self.get_cache_key(source)
        digest = hashlib.sha256(b"%d\n%s" % (CACHE_FORMAT, data)).hexdigest()
        hosts = self._cached(key, digest) if cache else None
        if hosts is None:
            hosts = parse_hosts(data, source)
            self._cache[key] = {"digest": digest, **hosts.to_dict()}
        return hosts

    def _cached(self, key: str, digest: str) -> HostsFile | None:
        """What the cache holds for this very content; anything else in it is no reason to fail."""
        try:
            kept = self._cache.get(key)
            return HostsFile.from_dict(kept) if kept and kept["digest"] == digest else None
        except (AnsibleError, KeyError, TypeError) as error:
            self.display.vvv(f"The cached inventory is not used: {error}")
            return None

    def _sliced(self, hosts: HostsFile, source: str) -> HostsFile:
        """The hosts of this controller, where several share a fleet."""
        wanted = self.get_option("slice")
        if wanted is None:
            return hosts
        found = slicing.positions(str(wanted))
        if found is None:
            remedy = "Write K/N, such as 1/4 for the first of four, with K from 1 to N."
            raise HostsFileError(source, [f"{source}: option 'slice' has the value {wanted!r}. {remedy}"])
        self.inventory.set_variable("all", SLICE, sources.plain(str(wanted)))
        return slicing.sliced(hosts, *found)

    def _looked_up(self, hosts: HostsFile, source: str) -> HostsFile:
        """The hosts with what ssh's configuration adds to them, where that is asked for."""
        client = config_lookup.Client(self.get_option("ssh_executable"), self.get_option("ssh_config_file"))
        if not self.get_option("ssh_config_lookup"):
            if client.config_file:
                remedy = "Add 'ssh_config_lookup: true', or remove it."
                raise HostsFileError(source, [f"{source}: option 'ssh_config_file' alone does nothing. {remedy}"])
            return hosts
        try:
            found = config_lookup.look_up(hosts.hosts, client)
        except SshError as error:
            raise HostsFileError(source, [f"{source}: {error}"]) from error
        if problems := list(_unfit(found, source)):
            raise HostsFileError(source, problems)
        return replace(hosts, hosts=tuple(replace(entry, **found.get(entry.name, {})) for entry in hosts.hosts))

    def _populate(self, hosts: HostsFile, source: str, written: HostsFile) -> None:
        """``written``: all hosts of the file, those of other slices too, without what ssh's configuration adds. A jump
        host is used as written, so that ssh itself adds to it, and one that ssh's configuration names is ssh's, not an
        entry of the file. All groups are made, so that a play that names one works in each slice.
        """
        directory = str(Path(source).absolute().parent)
        controller = Controller(
            _controller_user(hosts, source), directory, os.path.expanduser, self.get_option("ssh_config_file") or ""
        )
        entries = {entry.name: entry for entry in written.hosts}
        for group in (group for entry in written.hosts for group in host_groups(entry, written.default_host)):
            self.inventory.add_group(group)
        for entry in hosts.hosts:
            known = entries if entries[entry.name].jump_host is not None else {}
            self._add(entry, hosts.default_host, controller, known)
        sources.construct(self, [entry.name for entry in hosts.hosts])

    def _add(
        self, entry: HostEntry, default_host: str | None, controller: Controller, entries: Mapping[str, HostEntry]
    ) -> None:
        self.inventory.add_host(entry.name, "all")  # keeps the file's order, which groups alone would not
        for group in host_groups(entry, default_host):
            self.inventory.add_host(entry.name, self.inventory.add_group(group))
        for name, value in host_vars(entry, controller, entries).items():
            self.inventory.set_variable(entry.name, name, sources.plain(value))


def _is_hosts_json(path: str) -> bool:
    name = Path(path).name
    return name == "hosts.json" or name.endswith(".hosts.json")


def _is_config(path: Path) -> bool:
    """Whether a YAML file names this plugin; a vaulted one may, and parse() will see."""
    try:
        if path.stat().st_size > LARGEST_CONFIG:
            return False
        data = path.read_bytes()
    except OSError:
        return False
    return data.startswith(b"$ANSIBLE_VAULT") or bool(_CONFIG.search(data))


def _config_problems(config: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What Ansible itself lets pass in a plugin's YAML file. ``known``: each option's definition."""
    if not config.get("path"):
        yield "option 'path' is missing. Add a line such as 'path: hosts.json'."
    yield from sources.config_problems(config, known)


def _beside(config: str, path: str) -> str:
    """A path that a YAML file gives."""
    expanded = os.path.expandvars(Path(path).expanduser())
    return os.path.normpath(Path(config).absolute().parent / expanded)


def _unfit(found: Mapping[str, config_lookup.Found], source: str) -> Iterator[str]:
    """What ssh accepts in its configuration, but a hosts.json could not hold."""
    for host, values in found.items():
        for key, value in values.items():
            rule = HOST_KEYS[key].rule
            if rule and (complaint := rule(value)):
                where = f'{source}: host "{host}", key "{key}" from the ssh configuration'
                yield f"{where}: {shown(value)} {complaint.problem}. {complaint.remedy}"


def _controller_user(hosts: HostsFile, source: str) -> str:
    """The name of the user who runs Ansible, as ssh itself would take it; '' where no host needs it.

    :raises HostsFileError: this user has no name (a container with an arbitrary uid).
    """
    nameless = [entry.name for entry in hosts.hosts if entry.user is None]
    if not nameless:
        return ""
    if name := login_name():
        return name
    problem = f'{source}: the user who runs Ansible (uid {os.getuid()}) has no name. Give each host a "user".'
    raise HostsFileError(source, [problem, f"{source}: hosts without: {listed(nameless)}"])
