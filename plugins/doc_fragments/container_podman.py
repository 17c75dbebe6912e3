# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What only Podman has, in its own API.
    # What the engines support is said as the table in engine/differences/support.py has it.
    DOCUMENTATION = r"""
options:
  pod:
    description:
      - The pod that the container is in, by its name. It has to exist; M(sshfleet.containers.remote_pod) makes pods.
      - A container that differs is recreated in the pod, and so is one that is in none or in another pod. An empty text
        is for a container that shall be in none.
      - What the namespaces that the pod shares carry is an option of the pod, and refused here; that is O(networks),
        O(network_mode), O(published_ports), O(publish_all_ports), O(dns_servers), O(dns_opts), O(dns_search_domains),
        O(etc_hosts), O(mac_address), O(hostname), O(uts), O(ipc_mode), O(shm_size) and O(sysctls) of C(net) for most
        pods.
      - With one of the options of Podman's own API, of which this is one, directories of the host that are mounted have
        to exist; otherwise, the engines make them.
      - Docker does not support it.
    type: str
  secrets:
    description:
      - Secrets of Podman's that the container gets, by their names, never by their values; they have to exist.
        M(sshfleet.containers.remote_secret) makes them.
      - Written as for C(podman run --secret), V(NAME) for a file C(/run/secrets/NAME), or with V(type=env) for a
        variable, V(target=PATH) or V(target=VARIABLE), and of a file V(uid=0), V(gid=0) and V(mode=0444).
      - A label keeps what was asked for, without any value. In a container that was made in another way, they are not
        compared. By default, they are compared with V(strict); see O(comparisons).
      - Another value of a secret is no difference; M(sshfleet.containers.remote_secret) tells which containers use it.
        A file is copied into the container when that is created, and a variable is read when it starts.
      - Podman before 5.3 tells everybody who may inspect the container the value of such a variable. It is masked in
        results here.
      - Docker does not support it.
    type: list
    elements: str
  annotations:
    description:
      - Annotations of the container. Values must be strings, as in O(env).
      - Docker does not support it.
    type: dict
    aliases: [annotation]
  timezone:
    description:
      - The time zone in the container, such as V(Europe/Berlin), or V(local) for the host's.
      - Docker does not support it.
    type: str
  umask:
    description:
      - The umask in the container, in octal and in quotes, such as V(0027).
      - Docker does not support it.
    type: str
  run_timeout:
    description:
      - Seconds after which the container is killed, counted from its start. V(0) is for none.
      - C(timeout) of C(containers.podman.podman_container). That name is one of the options of
        M(community.docker.docker_container), which is about the engine's answers.
      - Docker does not support it.
    type: int
  healthcheck_failure_action:
    description:
      - What Podman does with the container when its O(healthcheck) has failed.
      - Docker does not support it.
    type: str
    choices:
      - none
      - kill
      - restart
      - stop
    aliases: [health_on_failure]
  startup_healthcheck:
    description:
      - A health check that has to succeed before O(healthcheck) begins, and is not made any more after that.
      - Podman before 4.4 does not support it.
      - "Podman 4.4 and newer does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: dict
    suboptions:
      test:
        description: The command, as O(healthcheck.test).
        type: raw
        required: true
      interval:
        description: Time between two checks, such as V(30s), which is the default.
        type: str
      timeout:
        description: Time after which a check has failed, such as V(30s), which is the default.
        type: str
      retries:
        description: After so many failures the container is restarted. V(0) is for never.
        type: int
      successes:
        description: So many successes are needed. V(0) is for one.
        type: int
  uidmap:
    description:
      - Users of the container's user namespace as V(INSIDE:HOST:SIZE), such as V(0:100000:65536), in quotes. Without
        O(gidmap), it is for groups, too.
      - Docker does not support it.
    type: list
    elements: str
  gidmap:
    description:
      - Groups of the container's user namespace, as O(uidmap). Without O(uidmap), it is for users, too.
      - Docker does not support it.
    type: list
    elements: str
  image_volumes:
    description:
      - What becomes of the volumes that the image declares. An anonymous volume for each is the default.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
    choices:
      - anonymous
      - ignore
      - tmpfs
    aliases: [image_volume]
  systemd:
    description:
      - Whether the container is prepared for systemd. Podman's default V(true) does it where the command is systemd or
        an init, V(always) in any case.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
    choices:
      - 'true'
      - 'false'
      - always
  unsetenv:
    description:
      - Variables of the image that the container does not have.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: list
    elements: str
  unsetenv_all:
    description:
      - Whether the container has none of the image's variables.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: bool
  read_only_tmpfs:
    description:
      - Whether a container with O(read_only=true) can write to C(/run), C(/tmp) and C(/var/tmp), as by default.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: bool
  no_hosts:
    description:
      - Whether Podman leaves C(/etc/hosts) of the image as it is.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: bool
  hostusers:
    description:
      - Users of the host that are users of the container, too.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: list
    elements: str
  passwd:
    description:
      - Whether Podman adds users and groups to C(/etc/passwd) and C(/etc/group), as by default.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: bool
  passwd_entry:
    description:
      - The line for the user that Podman adds to C(/etc/passwd).
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
  group_entry:
    description:
      - The line for the group that Podman adds to C(/etc/group).
      - Podman before 4.5 does not support it.
      - "Podman 4.5 and newer does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
  shm_size_systemd:
    description:
      - The size of the tmpfs mounts of a container that is prepared for systemd, such as V(10M).
      - Podman before 4.5 does not support it.
      - "Podman 4.5 and newer does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
  cgroups:
    description:
      - Whether the container, and its monitor, get cgroups of their own. V(enabled) is the default.
      - On Podman, V(disabled) is refused with O(pid_mode=container:NAME).
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
    choices:
      - disabled
      - enabled
      - no-conmon
      - split
  sdnotify:
    description:
      - Who tells systemd that the container is up, where Podman's own service runs with a C(NOTIFY_SOCKET); the
        container (Podman's default), V(conmon) as soon as it is started, its O(healthcheck), or nobody. The unit of a
        quadlet always has one.
      - Podman before 4.7 does not have V(healthy), which is refused there.
      - Docker does not support it.
    type: str
    choices:
      - conmon
      - container
      - healthy
      - ignore
  requires:
    description:
      - Containers that Podman starts before this one, by their names. They have to exist, and are neither recreated nor
        removed as long as this one is there.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: list
    elements: str
  chrootdirs:
    description:
      - Directories of the container, by absolute paths, that are roots for programs in it; they get C(/etc/hosts) and
        C(/etc/resolv.conf), too.
      - Docker does not support it.
    type: list
    elements: str
  hosts_file:
    description:
      - The file that the container's C(/etc/hosts) begins with, an absolute path of the host, V(image) for the image's,
        or V(none), which is the default.
      - Podman before 5.4 does not support it.
      - Docker does not support it.
    type: str
  no_hostname:
    description:
      - Whether Podman leaves C(/etc/hostname) of the image as it is.
      - Podman before 5.4 does not support it.
      - Docker does not support it.
    type: bool
  init_path:
    description:
      - The program of the host that O(init=true) runs, by its absolute path, instead of Podman's C(catatonit).
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
  health_log_destination:
    description:
      - Where the log of the health checks is kept, V(local) for the container's own directory, which is the default,
        V(events_logger) for Podman's events, or the absolute path of a directory of the host.
      - Podman before 5.3 does not support it.
      - Docker does not support it.
    type: str
  health_max_log_count:
    description:
      - So many checks are in the log at most. V(0) is for any number, and Podman's default is 5.
      - Podman before 5.3 does not support it.
      - Docker does not support it.
    type: int
  health_max_log_size:
    description:
      - So many characters of a check's output are in the log at most. V(0) is for any number, and Podman's default is
        500.
      - Podman before 5.3 does not support it.
      - Docker does not support it.
    type: int
  personality:
    description:
      - What the container's programs take the kernel for. With V(LINUX32), a kernel of 64 bits is one of 32.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
    choices:
      - LINUX
      - LINUX32
  seccomp_policy:
    description:
      - Where the filter of system calls comes from, with V(image) from the image's label
        C(io.containers.seccomp.profile). Podman refuses that for an image without the label.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: str
    choices:
      - default
      - image
  cgroup_conf:
    description:
      - Files of the container's cgroup with what is written into each, such as C(memory.high). Values must be strings,
        as in O(env).
      - It is refused on a host with cgroup v1.
      - "Podman does not report it: what was asked for at creation is compared."
      - Docker does not support it.
    type: dict
"""
