# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mounts: what is said in the short form, what as a mount, and whose paths are refused."""

from __future__ import annotations

import pytest
from compose_translated import application, params, refused

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError

TOP = "volumes:\n  data: {name: own}"
CASES = {
    "a bind mount": ("{type: bind, source: /a, target: /x}", {"volumes": ["/a:/x:rw"]}),
    "its path is made": (
        "{type: bind, source: /a, target: /x, bind: {create_host_path: true, propagation: rslave}}",
        {"volumes": ["/a:/x:rw,rslave"]},
    ),
    "its path is not made": (
        "{type: bind, source: /a, target: /x, read_only: true, bind: {create_host_path: false, propagation: rslave}}",
        {"mounts": [{"type": "bind", "target": "/x", "source": "/a", "read_only": True, "propagation": "rslave"}]},
    ),
    "not what is mounted below it": (
        "{type: bind, source: /a, target: /x, bind: {recursive: disabled}}",
        {"mounts": [{"type": "bind", "target": "/x", "source": "/a", "non_recursive": True}]},
    ),
    "a volume": ("{type: volume, source: data, target: /x, volume: {nocopy: true}}", {"volumes": ["own:/x:rw,nocopy"]}),
    "a part of a volume": (
        "{type: volume, source: data, target: /x, volume: {subpath: a, nocopy: true}}",
        {"mounts": [{"type": "volume", "target": "/x", "source": "own", "subpath": "a", "no_copy": True}]},
    ),
    "an anonymous volume with labels": (
        "{type: volume, target: /x, volume: {labels: {a: b}}}",
        {"mounts": [{"type": "volume", "target": "/x", "labels": {"a": "b"}}]},
    ),
    "memory": (
        "{type: tmpfs, target: /x, tmpfs: {size: 1m, mode: 01777}}",
        {"mounts": [{"type": "tmpfs", "target": "/x", "tmpfs_size": "1048576", "tmpfs_mode": "1777"}]},
    ),
    "an image": (
        "{type: image, source: i, target: /x, image: {subpath: a}}",
        {"mounts": [{"type": "image", "target": "/x", "source": "i", "subpath": "a"}]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mounts(case: str) -> None:
    written, options = CASES[case]
    assert params(f"volumes: [{written}]", TOP) == options


@pytest.mark.parametrize("source", ["./a", "../a", "~/a", "."])
def test_a_relative_path_is_the_controllers(source: str) -> None:
    (problem,) = refused(f"volumes: ['{source}:/x']")
    assert problem.startswith("services.web.volumes[0].source is written relative, which is /")
    assert "configs" in problem and "remote_container_copy" in problem and "host_paths=host" in problem


def test_a_relative_path_may_be_meant_as_the_hosts() -> None:
    assert params("volumes: ['./a:/x']", host_paths=True) == {"volumes": ["/projects/shop/a:/x:rw"]}


def test_an_absolute_path_is_the_hosts() -> None:
    assert params("volumes: ['/projects/shop/a:/x']") == {"volumes": ["/projects/shop/a:/x:rw"]}


def test_a_volume_of_a_relative_path() -> None:
    options = "{driver: local, driver_opts: {type: none, o: bind, device: ./d}}"
    text = f"services: {{web: {{image: i, volumes: ['own:/v']}}}}\nvolumes: {{own: {options}}}"
    with pytest.raises(ComposeFileError, match=r"volumes\.own\.driver_opts\.device is written relative"):
        application(text)
    (made,) = application(text, host_paths=True).volumes
    assert made.params["driver_options"]["device"] == "/projects/shop/d"


def test_volumes_of_another_service() -> None:
    assert params("volumes_from: ['db:ro']", "  db: {image: db}") == {"volumes_from": ["shop-db-1:ro"]}
