# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of the peers' modules: those that something here stands for, and those that nothing does."""

from __future__ import annotations

from . import docker_modules, podman_modules
from .moves import NOTHING, Moves

MOVES: dict[str, Moves] = {**docker_modules.MOVES, **podman_modules.MOVES}

_COMPOSE = "There is nothing here yet for Compose. The peer's modules can go on managing it: both work on one engine."
_SWARM = "There is nothing here for Swarm. The peer's modules can go on managing it on the same hosts."
_KUBE = "remote_kube plays Kubernetes YAML and compares it; some of its options are others, so write the task anew."
_QUADLETS = "remote_quadlet installs quadlets and keeps their units; its options are others, so write the task anew."
_UNITS = "No units are written. remote_quadlet makes quadlets, of which systemd makes units."
# The peers' modules that nothing here stands for, and why.
NONE: dict[str, str] = {
    **dict.fromkeys(
        ("docker_compose", "docker_compose_v2", "docker_compose_v2_exec", "docker_compose_v2_pull",
         "docker_compose_v2_run", "docker_service"), _COMPOSE),
    **dict.fromkeys(
        ("docker_config", "docker_node", "docker_node_info", "docker_secret", "docker_stack", "docker_stack_info",
         "docker_stack_task_info", "docker_swarm", "docker_swarm_info", "docker_swarm_service",
         "docker_swarm_service_info"), _SWARM),
    "podman_play": _KUBE,
    **dict.fromkeys(("podman_quadlet", "podman_quadlet_build", "podman_quadlet_info"), _QUADLETS),
    "podman_generate_systemd": _UNITS,
    "current_container_facts": "Is about the container in which Ansible runs.",
    "docker_context_info": "Contexts of the docker client mean nothing here: the host is Ansible's.",
    "docker_plugin": NOTHING + " Leave the task with docker_plugin.",
    "podman_containers": "One container in a task: use a loop of remote_container.",
    "podman_export": NOTHING + " remote_container_copy takes files out of containers.",
    "podman_import": NOTHING + " remote_image loads archives of images.",
    "podman_login_info": "Logins are kept with the SSH connection, not on the host.",
    "podman_runlabel": NOTHING,
    "podman_search": NOTHING,
    "podman_system_connection": "Connections of the podman client mean nothing here: the host is Ansible's.",
    "podman_system_connection_info": "Connections of the podman client mean nothing here: the host is Ansible's.",
}  # fmt: skip
# What modules were called once.
OLD_NAMES = {
    "docker_image_facts": "docker_image_info",
    "docker_volume_facts": "docker_volume_info",
    "docker_network_facts": "docker_network_info",
    "docker_host_facts": "docker_host_info",
    "podman_container_facts": "podman_container_info",
    "podman_image_facts": "podman_image_info",
    "podman_volume_facts": "podman_volume_info",
}
