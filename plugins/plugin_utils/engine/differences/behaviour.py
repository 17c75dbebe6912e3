# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What engines do in another way than today's Docker with containers, networks and images.

A field of ``Engine`` stands for each. Every row was tried on the releases of ``rows.TRIED`` that it is about, rootful,
through the Docker-compatible API in the version that is spoken; ``tests/lab`` does most of it again.
"""

from __future__ import annotations

from .rows import DOCKER, PODMAN, Difference

# The fields of HostConfig that an update of a living container changes.
LIVE_FIELDS = frozenset(
    {"BlkioWeight", "CpuPeriod", "CpuQuota", "CpuShares", "CpusetCpus", "CpusetMems", "NanoCpus"}
    | {"Memory", "MemoryReservation", "MemorySwap", "PidsLimit", "RestartPolicy"}
)
# The options of limits.
LIMITS = frozenset(
    {"blkio_weight", "cpu_period", "cpu_quota", "cpu_shares", "cpus", "cpuset_cpus", "cpuset_mems", "memory"}
    | {"device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops", "memory_reservation"}
    | {"memory_swap", "memory_swappiness", "oom_killer", "pids_limit"}
)
# Podman's own ways without a network, with options behind a colon that it does not report.
USER_MODES = ("slirp4netns", "pasta")

CREATING: tuple[Difference, ...] = (
    Difference(
        "default_stop_timeout", PODMAN, 0,
        "A container without a stop timeout is killed at once when it is stopped, so 10 seconds are asked for.",
        before=(5, 0),
    ),
    Difference(
        "default_stop_timeout", PODMAN, 10,
        "The stop timeout of a container is written down at its creation, and 10 seconds are asked for where a task "
        "says nothing.",
        since=(5, 0),
    ),
    Difference(
        "creates_in_all_networks", DOCKER, False,
        "A container is created in one network, and connected to its others before it starts.", before=(25, 0),
    ),
    Difference(
        "creates_in_all_networks", PODMAN, False,
        "A container is created in one network, and connected to its others before it starts: created in all of them, "
        "its interfaces would get their names (eth0, eth1, …) by chance.",
    ),
    Difference(
        "takes_interface_sysctls", PODMAN, True, "A sysctl of the container may be one of an interface, such as eth0.",
    ),
    Difference(
        "takes_interface_sysctls", DOCKER, True,
        "A sysctl of the container may be one of an interface, such as eth0. Since 28.0 it is one of the network, in "
        "driver_opts: it is refused beforehand.",
        before=(28, 0),
    ),
    Difference(
        "mac_is_of_container", DOCKER, True,
        "A MAC address is asked for of the container. Since 25.0 it is asked for of the network of its mode, which no "
        "warning follows.",
        before=(25, 0),
    ),
    Difference(
        "connects_with_mac", PODMAN, True,
        "A container can be connected to a network with a MAC address. Docker drops the address, so that the container "
        "is recreated there.",
    ),
    Difference(
        "misreads_long_mounts", PODMAN, True,
        "A bind mount with options becomes a non-recursive one, and a tmpfs without a mode gets the mode 0, unless "
        "they are asked for as volumes and tmpfs are: so they are.",
    ),
    Difference(
        "unlimited_pids", PODMAN, 0, "The runtime takes no pids_limit of -1: 0 is sent, which means the same.",
        before=(5, 0),
    ),
    Difference(
        "cpus_step", PODMAN, 10_000, "It keeps cpus in hundred thousandths of a CPU; what is finer is no difference."
    ),
    Difference(
        "merges_healthchecks", PODMAN, False,
        "The health check of a task is not merged with the image's: one without a test is refused.",
    ),
    Difference(
        "takes_all_device_drivers", PODMAN, False,
        "Of device_requests it takes those of the driver cdi and drops all others without a word: they are refused.",
    ),
    Difference(
        "takes_port_ranges", PODMAN, False,
        "It chooses no port of the host from a range: one is chosen here, as auto(FIRST-LAST) does on every engine.",
    ),
    Difference(
        "binds_to_zones", PODMAN, False,
        "It publishes no port on an address of one interface, such as [fe80::1%eth0]: that is refused.",
    ),
    Difference(
        "binds_to_zones", DOCKER, False,
        "It drops an address of one interface, such as [fe80::1%eth0], and publishes the port on all addresses of the "
        "host: that is refused.",
    ),
    Difference(
        "default_host_ip", PODMAN, "",
        "A published port without an address is on all addresses of the host. On Docker it is asked for with 0.0.0.0, "
        "as docker_container does, so that it is on those of IPv4, unless a network of the container has another "
        "host_binding_ipv4.",
    ),
    Difference(
        "has_quadlets", PODMAN, True,
        "systemd makes units of files that describe containers, networks, volumes and pods (remote_quadlet). Before, "
        "Podman has none of that.",
        since=(4, 4), read="Podman's release notes",
    ),
    Difference(
        "auto_update_takes_access", PODMAN, True,
        "Its command for updates (remote_auto_update) takes authfile and validate_certs. Before, it takes no notice of "
        "the one and does not know the other: both are refused.",
        since=(4, 7), read="Podman's source",
    ),
    Difference(
        "auto_update_hides_errors", PODMAN, True,
        "Where a registry can't be asked, its command for updates calls the image up to date. What it tells only those "
        "who debug it is read, and the task fails.",
        before=(4, 6), read="Podman's source",
    ),
    Difference(
        "prepares_systemd", PODMAN, True,
        "A container whose command is systemd gets the directories, cgroups and variables that systemd needs. With "
        "Docker, they are options of the container (Molecule's platforms with systemd: true have them).",
    ),
    Difference(
        "command_socket_option", PODMAN, "--url",
        "Its command on the host takes another socket than its usual one by this option; Docker's by --host.",
    ),
    Difference(
        "command_finds_own_engine", PODMAN, True,
        "Its command works with the engine of the user who runs it. Docker's has to be told of a user's own socket.",
    ),
    Difference(
        "shares_uts", PODMAN, True,
        "A container can have the UTS namespace of another one (uts=container:NAME). Docker refuses it.",
    ),
    Difference(
        "user_modes", PODMAN, USER_MODES[:1],
        "It has the network mode slirp4netns, whose options it does not report: a label keeps them.",
    ),
    Difference(
        "user_modes", PODMAN, USER_MODES,
        "It has the network mode pasta, too, which is refused before.", since=(4, 4), before=(6, 0),
        read="Podman's release notes",
    ),
    Difference(
        "user_modes", PODMAN, USER_MODES[1:], "It has no network mode slirp4netns any more: it is refused.",
        since=(6, 0), read="Podman's release notes",
    ),
    Difference(
        "kernel_checks", PODMAN,
        frozenset({"blkio_weight", "cgroup_conf", "memory_swap", "memory_swappiness", "oom_killer"}),
        "It takes a tenth of a second to tell what its host's kernel lacks, so that only blkio_weight, cgroup_conf, "
        "memory_swap, memory_swappiness and oom_killer are asked about, which kernels do lack.",
    ),
    Difference(
        "kernel_checks", PODMAN, LIMITS,
        "With cgroup v1 it drops every limit without a word: so they are refused.",
        rootless=True,
    ),
    Difference(
        "checks_cgroup_v2", PODMAN, False,
        "It looks at what its host's kernel lacks with cgroup v1 only; with cgroup v2, memory_swappiness and "
        "oom_killer are refused, which no kernel has there, and its runtime would only when the container starts.",
    ),
)  # fmt: skip

CHANGING: tuple[Difference, ...] = (
    Difference(
        "live_fields", PODMAN, frozenset(),
        "It has no request that changes a container: another limit or restart policy recreates it.",
        before=(5, 1), read="5.1 to 5.3 have the request of 5.4, and 5.0 has none, by Podman's source",
    ),
    Difference(
        "live_fields", DOCKER, LIVE_FIELDS | {"KernelMemory"}, "A living container's kernel_memory can be changed.",
        before=(23, 0),
    ),
    Difference(
        "stopped_update_shows_at_start", PODMAN, True,
        "What is changed of a stopped container, but for its restart policy, shows only when it has been started: it "
        "is recreated instead.",
        since=(5, 1),
    ),
    Difference(
        "update_resets_restart_policy", PODMAN, True,
        'An update that names no restart policy sets it to "no", so that it is always named.',
        since=(5, 1),
    ),
    Difference(
        "update_ignores_nano_cpus", PODMAN, True,
        "An update takes cpus as a period and a quota only, so they are sent as these.",
        since=(5, 1),
    ),
    Difference(
        "update_refuses_cpus_beside_quota", PODMAN, False,
        "An update may set cpus where the container has a cpu_period or a cpu_quota, and the reverse. Docker refuses "
        "that, so that the container is recreated there.",
    ),
    Difference(
        "restart_ignores_stop_timeout", PODMAN, True,
        "A restart without a timeout kills at once, whatever the container's stop timeout: that is looked up and sent.",
    ),
    Difference(
        "force_remove_waits", PODMAN, True,
        "A forced removal waits for the container's stop timeout before it kills: it is killed first.",
    ),
    Difference(
        "remove_refuses_dependents", PODMAN, True,
        "A container whose namespaces or volumes others use can't be removed before them: a task that would have to "
        "fails before it changes anything, and a prune leaves the container.",
    ),
    Difference(
        "has_pods", PODMAN, True,
        "A container may be in a pod. A new one in its place would be in none, so that it is not recreated unless its "
        "task names a pod.",
    ),
    Difference(
        "found_by_name_at_start", PODMAN, True,
        "Others find a container by the name that it had when it started: one that is brought back gets its name "
        "first.",
    ),
    Difference(
        "keeps_ports_of_failed_starts", PODMAN, True,
        "The ports of a container whose start has failed stay taken until its service has answered some more requests: "
        "these are made, and the start is tried again.",
    ),
    Difference(
        "notes_failed_connections", PODMAN, True,
        "A connection to a network that fails is written down all the same, and the container can't be inspected then: "
        "it is taken off the network again.",
    ),
    Difference(
        "starts_containers_at_boot", PODMAN, False,
        "Nothing starts containers at boot but a unit of systemd's, podman-restart.service: a task that gives a "
        "container a restart policy warns where it is not enabled.",
    ),
)  # fmt: skip

NETWORKS: tuple[Difference, ...] = (
    Difference("default_network", PODMAN, "podman", "The default network is called podman; bridge stands for it, too."),
    Difference("own_networks", PODMAN, frozenset({"podman"}), "Only the default network can't be removed."),
    Difference(
        "own_api", PODMAN, True,
        "It has an API of its own, which is asked where its answers in Docker's language leave something out: about "
        "networks (with its own words for drivers' options and for IPAM), and about pods. A container is created by it "
        "where only that can say what is asked for.",
    ),
    Difference(
        "tells_fixed_addresses", PODMAN, False,
        "It does not tell which addresses of a container are fixed: when a network is made anew, containers get new "
        "ones, and with keep_addresses all keep theirs.",
    ),
    Difference(
        "connects_paused", PODMAN, False,
        "Of a paused container it writes down that it is connected or taken off, and does nothing about it: a task "
        "that would have to fails before it changes anything.",
    ),
)  # fmt: skip

IMAGES: tuple[Difference, ...] = (
    Difference(
        "asks_registries", PODMAN, False,
        "It has no request for the digest that an image has at its registry: whether a pull or a push would change "
        "anything can't be told beforehand.",
    ),
    Difference(
        "guesses_registries", PODMAN, True,
        "A name without a registry may be taken for any registry's image whose name ends like it: the image that is "
        "meant is looked for, and called by its whole name.",
    ),
    Difference(
        "image_force_removes_containers", PODMAN, True,
        "A forced removal of an image removes the containers made from it, too: each of its names is removed, without "
        "force.",
    ),
    Difference(
        "image_removal_takes_parents", PODMAN, True,
        "With an image its parents without a name go, whatever it is told; a prune says so beforehand.", before=(5, 0),
    ),
    Difference(
        "reuses_single_layers", PODMAN, True,
        "An archive may lack each layer that some image has. Docker needs those above a missing one, too, so that more "
        "is shipped.",
    ),
    Difference(
        "loads_oci_layouts", PODMAN, True,
        "It loads OCI layouts that have no manifest.json. For Docker, such an archive is refused.",
    ),
    Difference(
        "loads_compressed", PODMAN, False, "It loads no compressed archives: they are unpacked on the way.",
        before=(5, 0),
    ),
    Difference(
        "build_takes_namespaces", PODMAN, True,
        "A build takes its hosts as one list, and its network as a namespace: they are sent so.",
    ),
    Difference(
        "build_resolves_host_gateway", PODMAN, False,
        "host-gateway among a build's hosts is left out without a word: it is refused.", before=(5, 0),
    ),
    Difference(
        "build_gives_platforms", PODMAN, True,
        "A build gives ARG TARGETARCH and its like their values. For Docker, they are sent.",
    ),
)  # fmt: skip

INSIDE: tuple[Difference, ...] = (
    Difference(
        "archives_tell_owners", PODMAN, False,
        "An archive of a container's files says that all are the container's user's: who owns them is asked in the "
        "container, where it runs.",
    ),
    Difference(
        "archives_reach_tmpfs", PODMAN, True,
        "Files on a container's tmpfs can be copied. Docker reaches what is beneath, so that it is refused there.",
    ),
    Difference(
        "ps_columns", PODMAN, "pid,ppid,user,pcpu,etime,args",
        "It knows the columns of a process list itself, and with Docker's it would run the container's own ps, which "
        "may be another one or none. Docker runs the host's.",
    ),
    Difference(
        "failed_execs_say_so_in_stdout", PODMAN, False,
        "Why a command could not be started stands in its stderr, with a terminal in its stdout. On Docker it is its "
        "stdout.",
    ),
    Difference(
        "keeps_execs", PODMAN, True,
        "A command outlives a restart of the engine, which then tells its exit code (4.3: that it runs, for five "
        "minutes); what it wrote meanwhile is lost, and that is told as an error (``answer_lost``). Docker does not "
        "know such a command any more.",
    ),
    Difference(
        "execs_add_words", PODMAN, True,
        "It adds a line to the output of a command whose input it can't pass on any more: that is taken away.",
    ),
)  # fmt: skip

SECRETS: tuple[Difference, ...] = (
    Difference(
        "plain_secret_names", PODMAN, 64,
        "A secret's name has at most 64 letters, digits, '_', '.' and '-', begins with a letter or a digit, and does "
        "not end with '.' or '-': others are refused beforehand.",
        before=(4, 6),
    ),
    Difference(
        "plain_secret_names", PODMAN, 253,
        "A secret's name has at most 253 of these characters.",
        since=(4, 6), before=(4, 7), read="Podman's source",
    ),
    Difference(
        "replaces_secrets", PODMAN, False,
        "It can't replace a secret in one request: the old one is removed before the new one is created, and a "
        "container that is started in between fails.",
        before=(4, 7),
    ),
    Difference(
        "lists_secret_labels", PODMAN, False,
        "Its list of secrets leaves out their labels: each secret is asked about.",
        before=(5, 0), read="4.4 to 4.9 as 4.3, by Podman's source",
    ),
)  # fmt: skip

PODS: tuple[Difference, ...] = (
    Difference(
        "pods_restart", PODMAN, False,
        "A pod has no restart policy: one that is asked for is refused. Its containers have theirs.",
        before=(4, 6), read="refused by 4.3's silence; since 4.6 by Podman's source",
    ),
    Difference(
        "numbers_deployments", PODMAN, True,
        "The pods of a Deployment in Kubernetes YAML are called NAME-pod-0, NAME-pod-1 …, one for each replica. Since "
        "4.4 there is one, NAME-pod, whatever replicas says: more than one is told in a warning.",
        before=(4, 4),
    ),
    Difference(
        "kube_lacks", PODMAN,
        frozenset({"hostIPC", "hostPID", "image", "lifecycle", "medium", "procMount", "startupProbe", "subPath"}
                  | {"sysctls", "terminationGracePeriodSeconds", "defaultMode"}),
        "Of Kubernetes YAML it takes no notice of hostPID, hostIPC, sysctls, startupProbe, subPath, procMount, "
        "terminationGracePeriodSeconds, an emptyDir's medium, and defaultMode of files; it has no volumes from images. "
        "What would give a container other data (subPath, image) is refused, the rest is told in a warning.",
        before=(4, 4), read="Podman's source",
    ),
    Difference(
        "kube_lacks", PODMAN,
        frozenset({"defaultMode", "image", "lifecycle", "medium", "procMount", "sysctls"}
                  | {"terminationGracePeriodSeconds"}),
        "Of Kubernetes YAML it takes no notice of sysctls, procMount, terminationGracePeriodSeconds, an emptyDir's "
        "medium, and defaultMode of files, and has no volumes from images.",
        since=(4, 4), before=(4, 7), read="Podman's source; 4.5 and 4.6 have sysctls",
    ),
    Difference(
        "kube_lacks", PODMAN, frozenset({"defaultMode", "image", "lifecycle", "medium"}),
        "Of Kubernetes YAML it takes no notice of an emptyDir's medium and of defaultMode of files, and has no volumes "
        "from images.",
        since=(4, 7), before=(5, 0), read="Podman's source; 4.8 and 4.9 have defaultMode",
    ),
    Difference(
        "kube_lacks", PODMAN, frozenset({"image", "lifecycle"}),
        "Of Kubernetes YAML it has no volumes from images: they are refused.",
        since=(5, 0), before=(5, 3), read="Podman's source",
    ),
    Difference(
        "kube_lacks", PODMAN, frozenset({"lifecycle"}),
        "Of Kubernetes YAML it takes no notice of lifecycle. Since 5.6 of its stopSignal it does.",
        since=(5, 3), before=(5, 6), read="Podman's source",
    ),
)  # fmt: skip
