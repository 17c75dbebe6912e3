# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of containers.podman's modules: options that have another name, value or no equal here.

An option that is in no table has its own name here, or an alias of it; podman_container's are in ``peer_differences``.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import podman_container
from .conversions import (
    ByHand,
    Conversion,
    Depends,
    Given,
    Impossible,
    Written,
    as_dict,
    boolean,
    dropped,
    flag,
    only,
    renamed,
    scalar,
    truth,
)
from .moves import NOTHING, ON_CONTROLLER, Moves, if_true, one_of
from .peer_differences import PODMAN
from .podman_container import USER_MODES
from .values import Value, leaf, lines_of, texts

_TLS = "There are no settings for registries here; the engine's own (registries.conf, daemon.json) hold."
_FILES = "The engine of the target keeps no credentials of ours: remote_login keeps them for the tasks that follow."
_RETRY = "Ansible has retries and until."
_QUADLET = dict.fromkeys(
    ("quadlet_dir", "quadlet_file_mode", "quadlet_filename", "quadlet_options"), "remote_quadlet writes quadlets."
)


def _source(given: Given) -> Written:
    """podman_image pulls or builds without being told; here a task says so."""
    state = scalar(given["state"], "state").value if "state" in given else "present"
    if state == "quadlet":
        raise Impossible("No files are written on the target.")
    written: Written = {"state": given["state"]} if "state" in given and state != "build" else {}
    if state == "absent":
        return written
    if state == "build" or "path" in given or "build" in given:
        raise ByHand(
            f"A build's directory: {ON_CONTROLLER}", lines_of({"source": leaf("build"), "build": _build(given)})
        )
    if "{{" in state:
        raise Depends("source has to be given for state: present only, and state is a template.")
    pulled = "pull" not in given or flag(given["pull"], "source is pull or local, and pull a template.")
    return {**written, "source": leaf("pull" if pulled else "local")}


_IN_BUILD = {"file": "dockerfile", "target": "target", "rm": "rm"}


def _build(given: Given) -> dict[str, Value]:
    """The directory and the options of a build, in one dictionary.

    :raises Impossible: one of them has no equal here.
    """
    said = given.get("build", {})
    if not isinstance(said, dict):
        raise Depends("build is a dictionary, and its value a template.")
    build: dict[str, Value] = {"path": given.get("path", leaf("DIRECTORY"))}
    for name, value in said.items():
        if name in _IN_BUILD:
            build[_IN_BUILD[name]] = value
        elif name == "cache":
            build["nocache"] = boolean(not flag(value, "nocache is the opposite of cache, and its value a template."))
        elif name not in ("force_rm", "format"):
            raise Impossible(f"{name} of build: {NOTHING}")
    return build


def _platform(given: Given) -> Written:
    if "platform" in given:
        return {"pull": {"platform": given["platform"]}}
    return {"pull": {"platform": leaf(f"linux/{scalar(given['arch'], 'arch').value}")}}


def _push(given: Given) -> Written:
    if "push" not in given or not flag(given["push"], "push is a template."):
        return {}
    if "push_args" in given:
        raise ByHand("The registry is a part of the name to push.", ["push: true", "repository: REGISTRY/NAME"])
    return {"push": boolean(True)}


def _ipam(given: Given) -> Written:
    if "net_config" in given:
        value = given["net_config"]
        if not isinstance(value, list) or any(not isinstance(item, dict) for item in value):
            raise Depends("ipam_config is a list of subnet, gateway and iprange, and net_config a template.")
        return {"ipam_config": [_pool(item) for item in value if isinstance(item, dict)]}
    names = {"subnet": "subnet", "gateway": "gateway", "ip_range": "iprange"}
    return {"ipam_config": [{ours: given[name] for name, ours in names.items() if name in given}]}


def _pool(item: Mapping[str, Value]) -> dict[str, Value]:
    return {("iprange" if name == "ip_range" else name): value for name, value in item.items()}


def _macvlan(given: Given) -> Written:
    return {"driver": leaf("macvlan"), "driver_options": {"parent": given["macvlan"]}}


def _copied(given: Given) -> Written:
    outwards = "from_container" in given and flag(given["from_container"], "The direction is a template.")
    names = ("container_path", "path") if outwards else ("path", "container_path")
    written: Written = {"direction": leaf("out_of")} if outwards else {}
    return {
        **written,
        **{ours: given[name] for name, ours in zip(("src", "dest"), names, strict=True) if name in given},
    }


_POD_STATES = {"created": "present"}


def _pod_state(given: Given) -> Written:
    """podman_pod creates a pod without being told."""
    if "state" not in given:
        return {}
    state = scalar(given["state"], "state").value
    if state == "quadlet":
        raise Impossible("No files are written on the target.")
    if state == "killed":
        raise Impossible("A pod is stopped here, each container with its own stop timeout.")
    return {"state": leaf(_POD_STATES[state]) if state in _POD_STATES else given["state"]}


def _added_hosts(given: Given) -> Written:
    value = given["add_host"]
    if not isinstance(value, list):
        raise Depends("etc_hosts is a dictionary, and add_host a template.")
    pairs = [scalar(one, "add_host").value.partition(":") for one in value]
    return {"etc_hosts": {name: leaf(address) for name, _colon, address in pairs}}


def _shared(given: Given) -> Written:
    return {"share": [leaf(one) for one in scalar(given["share"], "share").value.split(",")]}


def _pod_networks(given: Given) -> Written:
    for one in texts(given["network"]):
        mode, colon, _options = one.value.partition(":")
        if mode in USER_MODES or (colon and not one.templated):
            raise Impossible("The networks of a pod are names here, or one of bridge, host and none.")
    return {"network": given["network"]}


def _secret_options(given: Given) -> Written:
    """Podman's command line has a driver of its own for them; here they belong to one that is named."""
    driver = {} if "driver" in given else {"driver": leaf("file")}
    return {**driver, "driver_options": given["driver_opts"]}


def _plain(text: str) -> str:
    """A text of the page for a terminal."""
    return text.replace("``", "")


_EXECUTABLE = dropped("executable", "debug")
_PLAIN = Moves((dropped("executable"),))
_PRUNED = ("container", "image", "network", "volume")

MOVES: dict[str, Moves] = {
    "podman_container": Moves(
        podman_container.CONVERSIONS,
        none={name: _plain(text) for name, (ours, text) in PODMAN.items() if not ours},
    ),
    "podman_container_copy": Moves(
        (Conversion(("src", "dest", "from_container"), _copied), dropped("executable", "overwrite"),
         truth("archive", True, "Owner and group are owner_id and group_id here.")),
    ),
    "podman_container_exec": Moves((renamed("workdir", "chdir"), dropped("executable"))),
    "podman_container_info": _PLAIN,
    "podman_image": Moves(
        (
            Conversion(("state", "pull", "path", "build"), _source, always=True),
            Conversion(("arch", "platform"), _platform),
            Conversion(("push", "push_args"), _push),
            Conversion(("force",), lambda given: {"force_source": given["force"]}),
            renamed("username", "registry_username"),
            renamed("password", "registry_password"),
            truth("validate_certs", True, _TLS),
            dropped("executable"),
        ),
        none={**_QUADLET, "auth_file": _FILES, "ca_cert_dir": _TLS, "pull_extra_args": NOTHING, "retry": _RETRY,
              "retry_delay": _RETRY, "pull_policy": "force_source: true pulls always."},
    ),
    "podman_image_info": _PLAIN,
    "podman_load": Moves(
        (renamed("input", "load_path"), dropped("executable")), paths=("input",),
        added={"source": leaf("load"), "name": leaf("NAME")},
    ),
    "podman_login": Moves(
        (truth("tlsverify", True, _TLS), dropped("executable")),
        none={"authfile": _FILES, "certdir": _TLS, "secret": "Give the password, from a vault."},
    ),
    "podman_logout": Moves(
        (dropped("executable", "ignore_docker_credentials"),
         truth("all", False, "One registry in a task: use a loop over them.")),
        none={"authfile": _FILES}, added={"state": leaf("absent")},
    ),
    "podman_network": Moves(
        (
            _EXECUTABLE,
            Conversion(("subnet", "gateway", "ip_range", "net_config"), _ipam),
            renamed("ipv6", "enable_ipv6"),
            renamed("label", "labels"),
            renamed("opt", "driver_options"),
            Conversion(("macvlan",), _macvlan),
            renamed("recreate", "force"),
            dropped("force"),
            truth("disable_dns", False, "A network has its names resolved here."),
        ),
        none={**_QUADLET, "dns": NOTHING, "interface_name": NOTHING, "route": NOTHING},
    ),
    "podman_network_info": _PLAIN,
    "podman_pod": Moves(
        (
            _EXECUTABLE,
            Conversion(("state",), _pod_state, always=True),
            Conversion(("add_host",), _added_hosts),
            Conversion(("share",), _shared),
            Conversion(("network",), _pod_networks),
            dropped("generate_systemd"),
        ),
        none={
            **_QUADLET,
            **dict.fromkeys(
                ("blkio_weight", "blkio_weight_device", "cgroup_parent", "cpus", "cpuset_cpus", "cpuset_mems",
                 "cpu_shares", "device", "device_read_bps", "device_write_bps", "gpus", "memory", "memory_swap"),
                "Give the pod's containers their limits and devices.",
            ),
            **dict.fromkeys(
                ("gidmap", "hosts_file", "ip", "ip6", "mac_address", "network_alias", "no_hostname", "no_hosts", "pid",
                 "security_opt", "share_parent", "shm_size", "shm_size_systemd", "subgidname", "subuidname", "uidmap",
                 "userns", "uts", "volumes_from"),
                "remote_pod has no such option. The .pod of remote_quadlet takes it, in PodmanArgs, on Podman 5.",
            ),
            **dict.fromkeys(
                ("infra_conmon_pidfile", "label_file", "pod_id_file"),
                "A file that Podman's command line reads or writes, which is not used.",
            ),
        },
    ),
    "podman_pod_info": _PLAIN,
    "podman_prune": Moves(
        (
            dropped("executable"),
            *(renamed(one, f"{one}s") for one in _PRUNED),
            *(renamed(f"{one}_filters", f"{one}s_filters") for one in _PRUNED),
            *(truth(one, False, "Say what is to go: containers, images, networks, volumes.")
              for one in ("system", "system_all", "system_build", "system_volumes")),
        ),
        added={"only_ours": boolean(False)},
    ),
    "podman_save": Moves(
        (one_of("image", "name", "One image in a task: use a loop over them."), renamed("dest", "archive_path"),
         dropped("executable", "force", "compress", "multi_image_archive"),
         only("format", lambda value: value.value == "docker-archive", "Always a docker-archive here.")),
        added={"source": leaf("local")}, paths=("dest",),
    ),
    "podman_secret": Moves(
        (
            _EXECUTABLE,
            Conversion(("driver_opts",), _secret_options, also=("driver",)),
            # From Podman 4.7 on, the peer replaces with it what differs, as is done here without it.
            dropped("force"),
        ),
        none={"env": "A variable of the target. One of the controller is data: \"{{ lookup('env', 'NAME') }}\"."},
        paths=("path",),
    ),
    "podman_secret_info": Moves(
        (dropped("executable"), truth("showsecret", False, "What a secret holds is never read.")),
    ),
    "podman_system_info": _PLAIN,
    "podman_tag": Moves(
        (renamed("image", "name"), dropped("executable"),
         one_of("target_names", "repository", "One name in a task: use a loop over them.")),
        added={"source": leaf("local")},
    ),
    "podman_volume": Moves(
        (
            _EXECUTABLE,
            renamed("label", "labels"),
            as_dict("options", "driver_options"),
            if_true("recreate", "recreate", leaf("always"), "true is always here, false never."),
        ),
        none={**_QUADLET, **{one: f"Give it in driver_options, as o: {one}=…" for one in ("gid", "uid")}},
    ),
    "podman_volume_info": _PLAIN,
}  # fmt: skip

# What states of a peer there are that we have not, and why.
NO_STATES: dict[str, dict[str, str]] = {
    "podman_network": {"quadlet": "remote_quadlet writes quadlets."},
    "podman_volume": dict.fromkeys(("mounted", "unmounted", "quadlet"), "A volume is present or absent here."),
}
