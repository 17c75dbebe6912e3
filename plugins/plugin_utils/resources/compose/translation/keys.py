# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one table of what becomes of each key of a resolved compose file. A page for people is made of it.

A row is for a key and all that is below it, but for what has a row of its own. A key without a row is refused, and a
test holds that each key of the Compose Specification has one. What an engine can't do with an option that a key becomes
is said where the options of containers and networks say it: ``engine/differences``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....dataclass import dataclass
from . import limits, networking, process, storage
from .process import Translator, to, unless_null, whole_seconds

CONTAINERS, NETWORKS, VOLUMES, IMAGES = "remote_container", "remote_network", "remote_volume", "remote_image"


def always(_value: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key.

    :param pattern: the way to it, ``*`` for any name or number.
    :param options: what it becomes: options of ``module``.
    :param by: makes these options of its value, where they are a container's.
    :param told: what there is to say of it, as reStructuredText.
    :param refused: why it is refused, for the values of ``when``; '' for one that isn't.
    :param instead: what to do then.
    :param warned: why nothing becomes of it, where somebody may expect something; '' where nobody does.
    """

    pattern: str
    module: str = CONTAINERS
    options: tuple[str, ...] = ()
    by: Translator | None = None
    told: str = ""
    refused: str = ""
    instead: str = "Leave it out."
    warned: str = ""
    when: Callable[[Any], bool] = always


def _one(key: str, option: str = "", make: Callable[[Any], Any] | None = None, told: str = "") -> Key:
    """A key of a service that is one option."""
    option = option or key
    by = to(option, make) if make else to(option)
    return Key(pattern=f"services.*.{key}", options=(option,), by=by, told=told)


def _made(key: str, options: str, by: Translator | None = None, told: str = "") -> Key:
    """A key of a service that is other options, or a part of what another row makes."""
    return Key(pattern=f"services.*.{key}", options=tuple(options.split()), by=by, told=told)


def _top(pattern: str, module: str, option: str, told: str = "") -> Key:
    return Key(pattern=pattern, module=module, options=tuple(option.split()), told=told)


def _idle(pattern: str, told: str) -> Key:
    """A key that has nothing to do with what runs on a host."""
    return Key(pattern=pattern, told=told)


def _warned(pattern: str, why: str, when: Callable[[Any], bool] = always) -> Key:
    return Key(pattern=pattern, warned=why, when=when)


def _no(pattern: str, why: str, instead: str = "Leave it out.", when: Callable[[Any], bool] = always) -> Key:
    return Key(pattern=pattern, refused=why, instead=instead, when=when)


def _but(*values: Any) -> Callable[[Any], bool]:
    return lambda value: value not in values


_WINDOWS = "is for Windows, and these hosts run Linux."
_SWARM = "is for Swarm; docker compose does nothing with it, either."
_STEPS = "is how Swarm updates a service step by step; nothing is done with it."
_BUILDKIT = "is for BuildKit, and the engines' own API has no way to say it."
_POLICIES = ("always", "never", "missing", "build")
_REAL_TIME = "is for kernels with real-time scheduling of groups, which no engine here was seen to have."
_WEIGHTS = "asks for weights of single devices, which no option is for."
_HOOKS = "is a command that is run beside the container's life, which is not done yet."

_SERVICES: tuple[Key, ...] = (
    _idle("services.*.profiles", "Which services there are is decided before."),
    _warned("services.*.annotations", "is for runtimes, and is given to none."),
    _idle("services.*.attach", "Nobody is attached."),
    _idle("services.*.develop", "Nothing is watched."),
    _made("blkio_config", "blkio_weight device_read_bps device_read_iops device_write_bps device_write_iops",
          limits.blkio),
    _no("services.*.blkio_config.weight_device", _WEIGHTS),
    _one("cap_add", "capabilities"),
    _one("cap_drop"),
    _one("cgroup_parent"),
    _one("cgroup", "cgroupns_mode"),
    _no("services.*.cpu_count", _WINDOWS, "Use cpus."),
    _no("services.*.cpu_percent", _WINDOWS, "Use cpus."),
    _one("cpu_period"),
    _one("cpu_quota"),
    _no("services.*.cpu_rt_period", _REAL_TIME, "Use cpus or cpu_shares."),
    _no("services.*.cpu_rt_runtime", _REAL_TIME, "Use cpus or cpu_shares."),
    _one("cpus"),
    _one("cpuset", "cpuset_cpus"),
    _one("cpu_shares"),
    _made("command", "command", unless_null("command")),
    _made("configs", "", told="Files that are put into the container before it starts, with their mode and owner."),
    _made("container_name", "name"),
    _no("services.*.credential_spec", _WINDOWS),
    _made("depends_on", "", told="The order of starts, and what is waited for."),
    _one("device_cgroup_rules"),
    _made("devices", "devices device_requests", limits.devices,
          told="Names of the Container Device Interface are requests with the driver ``cdi``."),
    _one("dns", "dns_servers"),
    _one("dns_opt", "dns_opts"),
    _one("dns_search", "dns_search_domains"),
    _one("domainname"),
    _made("entrypoint", "entrypoint", unless_null("entrypoint")),
    _no("services.*.provider", "is a program beside docker compose.", "Do what it does in a task of its own."),
    _made("environment", "env", process.environment,
          told="A variable without a value is not set, also where the image has one."),
    _one("expose", "exposed_ports"),
    _made("external_links", "links networks", networking.links_without_network),
    _made("extra_hosts", "etc_hosts", networking.extra_hosts, told="One address for each host."),
    _one("group_add", "groups"),
    _made("gpus", "device_requests", limits.gpus),
    _one("hostname"),
    _made("healthcheck", "healthcheck", process.healthcheck),
    _made("image", "image", told="Without it, PROJECT-SERVICE, which is built."),
    _one("init"),
    _made("ipc", "ipc_mode", networking.namespace("ipc", "ipc_mode")),
    _no("services.*.isolation", _WINDOWS, when=_but("default")),
    _one("labels"),
    _made("links", "links networks", networking.links_without_network,
          told="A link under the service's own name is an alias in all its networks anyway."),
    _made("logging", "log_driver log_options", process.logging),
    _one("mem_limit", "memory"),
    _one("mem_reservation", "memory_reservation"),
    _one("memswap_limit", "memory_swap"),
    _one("mem_swappiness", "memory_swappiness", int),
    _one("mac_address"),
    _no("services.*.models", "is for Docker's Model Runner.", "Run the model in a service, and name its address."),
    _made("network_mode", "network_mode", networking.namespace("network_mode", "network_mode")),
    _made("networks", "networks", networking.networks, told="The service's name is an alias in each."),
    _no("services.*.networks.*.link_local_ips", "is taken by no driver of these engines.", "Use ipv4_address."),
    _one("oom_kill_disable", "oom_killer"),
    _one("oom_score_adj"),
    _made("pid", "pid_mode", networking.namespace("pid", "pid_mode")),
    _one("pids_limit"),
    _one("platform"),
    _made("ports", "published_ports", networking.ports),
    _idle("services.*.ports.*.name", "Names nothing on a host."),
    _idle("services.*.ports.*.app_protocol", "Nothing on a host asks for it."),
    _idle("services.*.ports.*.mode", "``host`` and ``ingress`` are the same without Swarm."),
    _one("privileged"),
    Key(pattern="services.*.pull_policy", options=("pull",), told="``build`` builds it each time.",
        refused="asks for images by their age.", instead="Write always.", when=_but(*_POLICIES)),
    _idle("services.*.pull_refresh_after", "docker compose drops it from the model."),
    _one("read_only"),
    _made("restart", "restart_policy restart_retries", process.restart),
    _one("runtime"),
    _made("scale", "", told="The number of containers."),
    _made("secrets", "", told="As ``configs``, below ``/run/secrets``."),
    _made("security_opt", "security_opts", process.security,
          told="A profile for seccomp is a file of the controller."),
    _one("shm_size"),
    _one("stdin_open", "interactive"),
    _one("stop_grace_period", "stop_timeout", whole_seconds),
    _one("stop_signal"),
    _one("storage_opt", "storage_opts"),
    _one("sysctls"),
    _one("tmpfs"),
    _one("tty"),
    _made("ulimits", "ulimits", limits.ulimits),
    _no("services.*.use_api_socket", "gives the credentials of docker's client to the container.",
        "Mount the engine's socket in volumes, if the container may rule the host."),
    _one("user"),
    _one("userns_mode"),
    _one("uts"),
    _made("volumes", "volumes mounts", storage.volumes, told="Relative paths are the controller's, and refused."),
    _no("services.*.volumes.*.type", _WINDOWS, when=lambda value: value == "npipe"),
    _idle("services.*.volumes.*.consistency", "Means nothing on Linux."),
    _made("volumes_from", "volumes_from", storage.volumes_from),
    _one("working_dir"),
    _no("services.*.post_start", _HOOKS, "Run it in a task with remote_container_exec."),
    _no("services.*.pre_stop", _HOOKS, "Run it in a task with remote_container_exec."),
)  # fmt: skip

# After those of the service, over which these win.
_DEPLOY: tuple[Key, ...] = (
    _made("deploy", "cpus memory pids_limit memory_reservation device_requests restart_policy restart_retries",
          limits.deploy),
    _no("services.*.deploy.mode", "is for Swarm.", "Give replicas.", when=_but("replicated")),
    _made("deploy.replicas", "", told="The number of containers."),
    _idle("services.*.deploy.labels", "They are labels of a service of Swarm, and of no container."),
    _warned("services.*.deploy.update_config", _STEPS, when=lambda value: bool({*value} - {"order"})),
    _made("deploy.update_config.order", "", told="``start-first`` is ``rollout: start_first``."),
    _warned("services.*.deploy.rollback_config", _STEPS),
    _warned("services.*.deploy.placement", _SWARM, when=bool),
    _idle("services.*.deploy.endpoint_mode", "There are no endpoints without Swarm."),
    _made("deploy.resources.limits.cpus", "cpus"),
    _made("deploy.resources.limits.memory", "memory"),
    _made("deploy.resources.limits.pids", "pids_limit"),
    _warned("services.*.deploy.resources.limits.devices", "are devices of a limit, which nothing asks for."),
    _warned("services.*.deploy.resources.limits.generic_resources", _SWARM),
    _warned("services.*.deploy.resources.reservations.cpus", _SWARM),
    _made("deploy.resources.reservations.memory", "memory_reservation"),
    _warned("services.*.deploy.resources.reservations.pids", _SWARM),
    _made("deploy.resources.reservations.devices", "device_requests"),
    _warned("services.*.deploy.resources.reservations.generic_resources", _SWARM),
    _made("deploy.restart_policy.condition", "restart_policy", told="Wins over ``restart``."),
    _made("deploy.restart_policy.max_attempts", "restart_retries"),
    _warned("services.*.deploy.restart_policy.delay", _SWARM),
    _warned("services.*.deploy.restart_policy.window", _SWARM),
)  # fmt: skip

_BUILD: tuple[Key, ...] = (
    *(_top(f"services.*.build.{key}", IMAGES, f"build.{option}") for key, option in (
        ("context", "path"), ("dockerfile", "dockerfile"), ("args", "args"), ("labels", "labels"),
        ("cache_from", "cache_from"), ("no_cache", "nocache"), ("pull", "pull"), ("extra_hosts", "etc_hosts"),
        ("network", "network"), ("target", "target"), ("shm_size", "shm_size"),
    )),
    _top("services.*.build.platforms", IMAGES, "build.platform", "The service's ``platform``, or the only one here."),
    _no("services.*.build.dockerfile_inline", "is no file.", "Write it into a file, and name that in dockerfile."),
    _no("services.*.build.entitlements", _BUILDKIT),
    _idle("services.*.build.provenance", "No engine's own builder attests anything."),
    _idle("services.*.build.sbom", "No engine's own builder attests anything."),
    _no("services.*.build.ssh", _BUILDKIT, "Fetch on the controller what needs the key, and COPY it."),
    _idle("services.*.build.cache_to", "Caches are kept by the engine."),
    _no("services.*.build.additional_contexts", _BUILDKIT, "Put the files into the build's directory."),
    _no("services.*.build.isolation", _WINDOWS, when=_but("default")),
    _no("services.*.build.secrets", _BUILDKIT, "Fetch on the controller what needs the secret, and COPY it."),
    _no("services.*.build.tags", "names an image that no service uses.", "Tag it in a task with remote_image."),
    _no("services.*.build.ulimits", "is no option of remote_image.", "Set limits in a step of the Dockerfile."),
    _no("services.*.build.privileged", _BUILDKIT),
)  # fmt: skip

_RESOURCES: tuple[Key, ...] = (
    *(_top(f"networks.*.{key}", NETWORKS, option) for key, option in (
        ("name", "name"), ("driver", "driver"), ("driver_opts", "driver_options"), ("ipam.driver", "ipam_driver"),
        ("ipam.config", "ipam_config"), ("internal", "internal"), ("attachable", "attachable"),
        ("labels", "labels"), ("enable_ipv4", "enable_ipv4"), ("enable_ipv6", "enable_ipv6"),
    )),
    _idle("networks.*.ipam.options", "docker compose drops them from the model."),
    _top("networks.*.external", NETWORKS, "", "It has to be there, and stays as it is."),
    _top("volumes.*.name", VOLUMES, "volume_name"),
    _top("volumes.*.driver", VOLUMES, "driver"),
    _top("volumes.*.driver_opts", VOLUMES, "driver_options", "A relative ``device`` is the controller's, and refused."),
    _top("volumes.*.labels", VOLUMES, "labels"),
    _top("volumes.*.external", VOLUMES, "", "It has to be there, and stays as it is."),
)  # fmt: skip


def _files(kind: str) -> tuple[Key, ...]:
    """The rows of configs, or of secrets."""
    return (
        _idle(f"{kind}.*.name", "Nothing on a host is called so."),
        _made_of_files(f"{kind}.*.file", "A file of the controller."),
        _made_of_files(f"{kind}.*.environment", "A variable of the project."),
        _made_of_files(f"{kind}.*.content", "The text itself."),
        _idle(f"{kind}.*.labels", "A file has none."),
        _no(f"{kind}.*.external", "is kept by Swarm.", "Write file, environment or content."),
        _no(f"{kind}.*.driver", _SWARM, "Write file, environment or content."),
        _no(f"{kind}.*.driver_opts", _SWARM, "Write file, environment or content."),
        _no(f"{kind}.*.template_driver", _SWARM, "Write what the file is to contain."),
    )


def _made_of_files(pattern: str, told: str) -> Key:
    return Key(pattern=pattern, told=told)


_TOP: tuple[Key, ...] = (
    _idle("name", "The project's name, which the names of all its resources begin with."),
    _no("models.*", "is for Docker's Model Runner.", "Run the model in a service, and name its address."),
)

KEYS: tuple[Key, ...] = (
    *_SERVICES, *_DEPLOY, *_BUILD, *_RESOURCES, *_files("configs"), *_files("secrets"), *_TOP,
)  # fmt: skip
