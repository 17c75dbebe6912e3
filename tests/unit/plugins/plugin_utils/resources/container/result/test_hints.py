# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the four engines said when it was provoked, and the word of the hint that helps."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.hints import hint_for

SAID = [
    ("error setting cgroup config for procHooks process: failed to write a *:* rwm: write devices.allow: operation "
     "not permitted", "lxc.cgroup.devices.allow = a"),
    ("failed to write: write /sys/fs/cgroup/devices/devices.allow: operation not permitted", "lxc.cgroup"),
    ("crun: creating cgroup directory `/sys/fs/cgroup/cpu/libpod_parent`: No such file or directory: OCI runtime "
     "attempted to invoke a command that was not found", "server_setup"),
    ("cannot listen on the TCP port: listen tcp4 :22: bind: address already in use", "published_ports"),
    ("Bind for 0.0.0.0:80 failed: port is already allocated", "published_ports"),
    ("no such image: localhost/nope:1: image not known", "pull=never"),
    ("No such image: localhost/nope:1", "pull=never"),
    ("initializing source docker://localhost/nope:1: pinging container registry localhost: Get "
     '"https://localhost/v2/": dial tcp [::1]:443: connect: connection refused', "registry"),
    ('Get "http://localhost/v2/": dial tcp [::1]:80: connect: connection refused', "registry"),
    ("crun: executable file `/nope` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a "
     "command that was not found", "entrypoint"),
    ('unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown', "entrypoint"),
    # Docker 26.1 and 28.5
    ("runc create failed: unable to start container process: error during container init: exec: \"nope\": executable "
     "file not found in $PATH", "The image has no such program"),
    # Docker 28.5 with containerd's image store
    ('failed to resolve reference "127.0.0.1:5000/a:2": 127.0.0.1:5000/a:2: not found', "check name and tag"),
    # Podman 5.8
    ("crun: executable file `/nope` not found: No such file or directory: OCI runtime attempted to invoke a command "
     "that was not found", "The image has no such program"),
    ("crun: open `memory.max` for writing: No such file or directory: OCI runtime attempted to invoke a command that "
     "was not found", "no controller for this limit"),
    ("crun: controller `cpu` is not available under /sys/fs/cgroup/x/cgroup.controllers: OCI runtime error",
     "no controller for this limit"),
    ("lookup init binary: exec: \"catatonit\": executable file not found in $PATH", "init to false"),
    # without root: Podman 4.3 and 5.4, Docker 26.1
    ("rootlessport cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80' to "
     "/etc/sysctl.conf (currently 1024), or choose a larger port number (>= 1024): listen tcp 0.0.0.0:80: bind: "
     "permission denied", "from 1024 on"),
    ("make cli opts(): making volume mountpoint for volume /srv/none: mkdir /srv/none: permission denied",
     "what its user may"),
    ("error while creating mount source path '/srv/none': mkdir /srv/none: permission denied", "what its user may"),
    ("crun: cannot setresuid to `70000`: Invalid argument: OCI runtime error", "/etc/subuid"),
    ("runc create failed: unable to start container process: unable to setup user: invalid argument: unknown",
     "/etc/subuid"),
    ("crun: write to /proc/self/oom_score_adj: Permission denied: OCI permission denied", "oom_score_adj"),
    # Podman 4.3, 5.4 and 5.8
    ("could not find slirp4netns, the network namespace can't be configured: exec: \"slirp4netns\": executable file "
     "not found in $PATH", "another network_mode"),
    # Podman 5.4 and 5.8
    ("invalid config provided: pasta networking is only supported for rootless mode or when inside a nested userns",
     "network_mode=bridge"),
    ("exec: \"helper\": executable file not found in $PATH", "The host lacks"),
    ("No command specified", "The image has no command of its own"),
    ("container create: no command or entrypoint provided, and no CMD or ENTRYPOINT from image",
     "The image has no command of its own"),
    ("unable to find user nobodyknows: no matching entries in passwd file", "UID"),
    ("unable to find network with name or ID xnosuch: network not found", "networks"),
    ("network xnosuch not found", "networks"),
    ("container 1 has dependent containers which must be removed before it: 2: container already exists", "remove"),
    ("runc create failed: unable to apply caps: operation not permitted: unknown", "right"),
    ("Minimum memory limit allowed is 6MB", "memory"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "helps"), SAID)
def test_hint(words: str, helps: str) -> None:
    assert helps in hint_for(words)


def test_no_hint_is_better_than_a_wrong_one() -> None:
    assert hint_for("something else") == ""
