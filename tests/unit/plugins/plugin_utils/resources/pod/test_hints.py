# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hints for what Podman 4.3 and 5.4 say about pods."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.hints import hint_for


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("listen tcp4 198.51.100.9:18398: bind: cannot assign requested address", "published_ports"),
        ("listen tcp4 :22: bind: address already in use", "published_ports"),
        ("failed to make pod: statfs /none: no such file or directory", "volumes"),
        ("crun: the sysctl `foo.bar` is not namespaced: OCI runtime error", "sysctls"),
        ("crun: open `/proc/sys/net/nothing`: No such file or directory: OCI runtime attempted to invoke a command "
         "that was not found", "sysctls"),
        ("failed to make pod: initializing source docker://localhost/none:1: pinging container registry localhost: "
         'Get "https://localhost/v2/": dial tcp [::1]:443: connect: connection refused', "infra_image"),
        ('the container name "x" is already in use by 7', "infra_name"),
        ("what nobody knows", ""),
    ],
)  # fmt: skip
def test_hints_name_the_option(said: str, option: str) -> None:
    assert option in hint_for(said) and bool(hint_for(said)) == bool(option)
