# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Names, ports, logs and health.
    # What the engines support is said as the table in engine/differences/support.py has it.
    DOCUMENTATION = r"""
options:
  hostname:
    description:
      - The container's host name.
      - On Docker, it is refused with O(network_mode=container:NAME) or O(uts=host).
      - On Podman, it is refused with O(uts=host).
    type: str
  networks:
    description:
      - Networks that the container is in. They have to exist.
      - A running container is connected to a network, and disconnected, without being recreated. This is a difference
        from M(community.docker.docker_container), which recreates it when the first network of the list is another.
      - On Docker, a network with another O(networks[].mac_address) recreates it all the same, because Docker sets that
        at creation only.
      - V(bridge) is the default network on every engine, whatever it is called there.
      - A new container is only in these networks, unless O(network_mode) names another.
      - Compare them with V(strict) in O(comparisons) to take a container off all networks that are not in the list.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the network.
        type: str
        required: true
      ipv4_address:
        description: The container's IPv4 address in the network. Podman reports it only while the container runs.
        type: str
      ipv6_address:
        description: The container's IPv6 address in the network. Podman reports it only while the container runs.
        type: str
      links:
        description:
          - Containers that are linked to in the network, as V(name:alias).
          - Podman does not support it.
        type: list
        elements: str
      aliases:
        description: Names by which others in the network find the container.
        type: list
        elements: str
      mac_address:
        description:
          - The container's MAC address in the network. Podman reports it only while the container runs.
          - Docker before 25.0 does not support it.
        type: str
      driver_opts:
        description:
          - Options for the network's driver.
          - Podman does not support it.
        type: dict
      gw_priority:
        description:
          - Of the networks of a container, the one with the highest number has its default gateway.
          - Podman does not support it.
          - Docker before 28.0 does not support it.
        type: int
  network_mode:
    description:
      - V(bridge), V(host), V(none), V(container:NAME) or the name of a network.
      - On Podman also V(slirp4netns) and V(pasta), with options behind a colon. Podman does not report these options;
        what was asked for at creation is compared.
      - Without it, the first of O(networks) is used for a new container, or the engine's default network.
    type: str
  dns_opts:
    description:
      - Options for the resolver, such as V(ndots:2).
    type: list
    elements: str
  dns_search_domains:
    description:
      - Domains in which names are looked up. Their order matters.
    type: list
    elements: str
  dns_servers:
    description:
      - IP addresses of the DNS servers. Their order matters.
      - On Docker, it is refused with O(network_mode=container:NAME).
    type: list
    elements: str
  domainname:
    description:
      - The container's domain.
      - Podman does not support it.
    type: str
  etc_hosts:
    description:
      - Names and their IP addresses for the container's C(/etc/hosts). V(host-gateway) stands for the host.
      - Podman before 5.0 does not know V(host-gateway); it is refused there.
      - On Podman and Docker, it is refused with O(network_mode=container:NAME).
    type: dict
  mac_address:
    description:
      - The container's MAC address. Newer engines have one for each network, see O(networks[].mac_address).
      - "Podman does not report it: what was asked for at creation is compared."
      - Podman without root does not support it.
      - On Podman, it is refused with O(network_mode=host), O(network_mode=container:NAME), O(network_mode=none),
        O(network_mode=slirp4netns) or O(network_mode=pasta).
      - On Docker, it is refused with O(network_mode=host) or O(network_mode=container:NAME).
      - On Docker 25.0 and newer, it is refused with O(network_mode=none).
    type: str
  links:
    description:
      - Containers that are linked to, as V(name:alias).
      - Podman does not support it.
      - On Docker, it is refused with O(network_mode=host), O(network_mode=container:NAME) or a network that somebody
        has created.
    type: list
    elements: str
  exposed_ports:
    description:
      - Ports that are exposed beside those of the image and of O(published_ports), such as V(80), V(53/udp) or
        V(8000-8010).
      - On Podman, it has no effect with O(network_mode=host), O(network_mode=none) or O(network_mode=container:NAME).
      - On Docker, it is refused with O(network_mode=container:NAME).
    type: list
    elements: str
    aliases:
      - exposed
      - expose
  publish_all_ports:
    description:
      - Whether all exposed ports are published, on ports of the host that the engine chooses.
      - "Podman before 5.0 does not report it: what was asked for at creation is compared."
      - On Docker, it is refused with O(network_mode=container:NAME).
    type: bool
  auto_ports_range:
    description:
      - The range from which a host port is chosen for entries of O(published_ports) with V(auto) and no range of their
        own, as V(FIRST-LAST).
      - The default is V(20000-29999). It stays clear of the ports that Kubernetes gives away (30000-32767), and of
        those that the kernel takes for outgoing connections (32768-60999).
      - Also set by the variable C(sshfleet_auto_ports_range), the environment variable E(SSHFLEET_AUTO_PORTS_RANGE), or
        C(auto_ports_range) in the section C([sshfleet]) of C(ansible.cfg).
    type: str
  default_host_ip:
    description:
      - The address of the host that entries of O(published_ports) without one are bound to.
      - By default, that is V(0.0.0.0) on Docker, which means all addresses of IPv4, unless a network of the container
        has another C(com.docker.network.bridge.host_binding_ipv4). An empty text means IPv6, too. A container that is
        on all addresses already stays as it is where this option is not given.
      - On Podman, both mean all addresses.
    type: str
  log_driver:
    description:
      - Where the container's output goes, such as V(json-file), V(journald) or V(none).
      - Podman knows no V(local); it is refused there.
    type: str
  log_options:
    description:
      - Options of the O(log_driver), which has to be given too. Those whose names look secret are masked as in O(env).
      - Numbers and booleans become strings, with a warning.
      - "Podman does not report it: what was asked for at creation is compared."
    type: dict
    aliases:
      - log_opt
  healthcheck:
    description:
      - How to check whether the container is healthy.
      - Durations are written like V(1m30s), with the units V(h), V(m), V(s), V(ms) and V(us).
    type: dict
    suboptions:
      test:
        description:
          - "The command: a text for a shell, or a list that begins with V(CMD), V(CMD-SHELL) or V(NONE)."
          - Without it the image's check is disabled, unless O(healthcheck.test_cli_compatible=true).
        type: raw
      test_cli_compatible:
        description:
          - Whether a check without O(healthcheck.test) keeps the image's test, with the settings given here. Podman
            cannot do this, and such a task is refused there.
        type: bool
        default: false
      interval:
        description:
          - Time from check to check.
        type: str
      timeout:
        description:
          - Time that one check may take.
        type: str
      retries:
        description:
          - Failures in a row until the container is unhealthy.
        type: int
      start_period:
        description:
          - Time for the container to start, in which failures do not count.
        type: str
      start_interval:
        description:
          - Time from check to check while the container starts.
          - Podman does not support it.
          - Docker before 25.0 does not support it.
        type: str
"""
