# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # How the container's process runs.
    # What the engines support is said as the table in engine/differences/support.py has it.
    DOCUMENTATION = r"""
options:
  command:
    description:
      - The command that the container runs, as a string or a list. A string is split as a shell would split it, and no
        shell is started.
      - An empty one means the image's command.
    type: raw
  entrypoint:
    description:
      - The program that is started with the command, instead of the image's.
    type: list
    elements: str
  env:
    description:
      - Environment variables of the container, beside those of its image.
      - Values must be strings. Put numbers and booleans in quotes; V(1.10) would otherwise arrive as V(1.1).
      - A whole number is taken with a warning, because a template may have made it of a string; YAML makes V(18) of
        V(022).
      - The values of variables whose names look secret are compared, and never shown, wherever else they turn up. This
        goes by whole words of the name, such as C(PASSWORD), C(TOKEN), C(SECRET) or C(KEY), but not C(PUBLIC_KEY).
        Passwords in URLs are not shown either. Other secrets need C(no_log).
    type: dict
  user:
    description:
      - The user, and optionally the group, that the command runs as. As C(user), C(user:group), C(uid) or C(uid:gid).
        Put it in quotes, because YAML reads C(33:33) as the number 2013.
    type: str
  working_dir:
    description:
      - The directory that the command starts in.
    type: str
  privileged:
    description:
      - Whether the container has all rights on the host.
    type: bool
  capabilities:
    description:
      - Capabilities that are added to the engine's default set, with or without C(CAP_).
      - What matters on Podman is whether the container has them, as Podman does not report which were added.
    type: list
    elements: str
  cap_drop:
    description:
      - Capabilities that are taken away from the engine's default set, or V(ALL).
    type: list
    elements: str
  read_only:
    description:
      - Whether the container's root file system is read-only.
    type: bool
  restart_policy:
    description:
      - When the engine starts the container again. Put V(no) in quotes.
      - On Podman and Docker, any but V(no) is refused with O(auto_remove=true).
      - Docker starts containers of V(always) and V(unless-stopped) when the host boots. Podman has no daemon to do it,
        so units of systemd do on hosts that the role P(sshfleet.containers.server_setup#role) has set up. A task that
        gives a container such a policy on another Podman host says so in a warning.
    type: str
    choices:
      - 'no'
      - on-failure
      - always
      - unless-stopped
  restart_retries:
    description:
      - How often a container with O(restart_policy=on-failure) is started again. With any other policy, only V(0).
    type: int
  stop_timeout:
    description:
      - Seconds between asking the container to stop and killing it. Also set when the container is created.
      - By default not compared; see O(comparisons).
    type: int
  auto_remove:
    description:
      - Whether the engine removes the container when it ends.
    type: bool
  cgroup_parent:
    description:
      - The cgroup that the container's is made in. Where the engine leaves cgroups to systemd, it is the name of a
        slice.
    type: str
  cgroupns_mode:
    description:
      - Whether the container sees the cgroups of the host, or only its own.
      - "Podman before 5.6 does not report it: what was asked for at creation is compared."
    type: str
    choices:
      - host
      - private
  groups:
    description:
      - More groups that the command runs with, by name or ID.
    type: list
    elements: str
  init:
    description:
      - Whether an init in the container forwards signals and reaps processes. Podman needs C(catatonit) on the host for
        it.
      - On Podman, it is refused with O(pid_mode=host) or O(pid_mode=container:NAME).
    type: bool
  interactive:
    description:
      - Whether the container's stdin is kept open.
    type: bool
  ipc_mode:
    description:
      - V(private), V(shareable), V(none), V(host) or V(container:NAME).
      - "Podman before 5.0 does not report it: what was asked for at creation is compared."
    type: str
  pid_mode:
    description:
      - V(host) or V(container:NAME). V(private) and an empty text are the usual namespace of its own.
    type: str
  runtime:
    description:
      - The OCI runtime that runs the container, such as V(runc).
      - Podman does not support it. V(runc) is taken.
    type: str
  security_opts:
    description:
      - Security options such as V(no-new-privileges) or V(label=disable).
    type: list
    elements: str
  stop_signal:
    description:
      - The signal that asks the container to stop, by name or number. An empty one means the image's.
    type: str
  storage_opts:
    description:
      - Options of the storage driver, such as C(size). The host's file system has to support them.
      - "Podman does not report it: what was asked for at creation is compared."
    type: dict
  sysctls:
    description:
      - Kernel parameters of the container's namespaces.
      - "Podman does not report it: what was asked for at creation is compared."
      - On Podman and Docker, one of C(net) is refused with O(network_mode=host).
      - One of an interface, such as C(net.ipv4.conf.eth0.log_martians), is refused on Docker 28.0 and newer, which has
        it in O(networks[].driver_opts).
    type: dict
  tty:
    description:
      - Whether the container has a terminal.
    type: bool
  userns_mode:
    description:
      - The user namespace mode. V(host) for the host's.
      - "Podman does not report it: what was asked for at creation is compared."
    type: str
  uts:
    description:
      - V(host) for the host's UTS namespace, with its host name; on Podman also V(container:NAME).
        V(private) and an empty text are the usual namespace of its own.
    type: str
"""
