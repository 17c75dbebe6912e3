# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kind an engine's message is. Every message was said by one of the four engines."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import refused

ID = "ce96b9212ed0220f6bf0f479d257d2496528e15617f97336b67f89deabc318b2"

# status, message, kind
CASES: list[tuple[int | None, str, str]] = [
    (404, 'no container with name or ID "fx-b" found: no such container', "container_missing"),
    (404, 'no container with ID or name "fx-b" found: no such container', "container_missing"),
    (404, "No such container: fx-b", "container_missing"),
    (404, "no such image: localhost/nope:1: image not known", "image_missing"),
    (404, "failed to find image localhost/nope:1: localhost/nope:1: No such image", "image_missing"),
    (404, "No such image: busybox:latest", "image_missing"),
    (404, "unable to find network with name or ID nonet: network not found", "network_missing"),
    (500, "container create: unable to find network with name or ID nonet: network not found", "network_missing"),
    (404, "network nonet not found", "network_missing"),
    (404, "network not found", "network_missing"),
    (500, "network name xp-b already used: network already exists", "name_in_use"),
    (409, "network with name xp-b already exists", "name_in_use"),
    (404, "get vol: no such volume", "volume_missing"),
    (
        500,
        f'container create: creating container storage: the container name "fx-a" is already in use by {ID}. You have '
        "to remove that container to be able to reuse that name: that name is already in use",
        "name_in_use",
    ),
    (
        409,
        f'Conflict. The container name "/fx-a" is already in use by container "{ID}". You have to remove (or rename) '
        "that container to be able to reuse that name.",
        "name_in_use",
    ),
    (
        409,
        f"renaming container {ID}: name fx-a already in use, cannot rename container {ID}: container already exists",
        "name_in_use",
    ),
    (
        500,
        f"renaming container {ID}: updating container config table with new configuration for container {ID}: UNIQUE "
        "constraint failed: ContainerConfig.Name",
        "name_in_use",
    ),
    (500, "cannot listen on the TCP port: listen tcp4 :22: bind: address already in use", "port_in_use"),
    (
        500,
        f"driver failed programming external connectivity on endpoint fx-b ({ID}): Bind for 0.0.0.0:18555 failed: port "
        "is already allocated",
        "port_in_use",
    ),
    (
        500,
        f"container {ID} has dependent containers which must be removed before it: {ID}: container already exists",
        "dependents",
    ),
    (404, "Not Found\n", "unsupported"),
    (404, "page not found", "unsupported"),
    (500, "crun: executable file `/nope` not found in $PATH: No such file or directory", "engine_error"),
    (400, "Minimum memory limit allowed is 6MB", "engine_error"),
    (403, f"container {ID} is already connected to network fx-net: network is already connected", "engine_error"),
    (500, "container fx-a is not connected to network fx-net", "engine_error"),
    (None, "manifest unknown", "engine_error"),
]


@pytest.mark.parametrize(("status", "message", "kind"), CASES)
def test_kinds(status: int | None, message: str, kind: str) -> None:
    error = refused(message, status)
    assert (error.kind, error.status) == (kind, status)
    if kind != "unsupported":
        assert error.message == message


def test_nothing_said() -> None:
    assert refused("", 502).message == "The engine answered with status 502 and no explanation."


# The engine's words -> a word of the hint.
HELPED: list[tuple[str, str]] = [
    # Podman 4.3, of driver_options {type: tmpfs, o: size=1m}
    ("volume options size and inodes not supported. Filesystem does not support Project Quota", "leave size"),
    ("manifest unknown", ""),
]


@pytest.mark.parametrize(("message", "helps"), HELPED)
def test_what_helps(message: str, helps: str) -> None:
    hint = refused(message, 500).hint
    assert helps in hint and bool(helps) == bool(hint)
