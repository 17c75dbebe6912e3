# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which driver options mean the same, and which don't: a volume of other options is made anew, without its content."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.driver_options import (
    masked,
    same_driver,
    same_switch,
    volume_differences,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.mount_options import meaning, parts

ALIKE = [
    ("addr=nas,rw,noexec", "noexec,addr=nas,rw"),
    ("addr=nas,rw", "addr=nas"),
    ("rw,noexec,rw", "noexec"),
    ("defaults", ""),
    ("ro,rw", "rw"),
    ("exec,noexec", "noexec"),
    ("uid=1,uid=2", "uid=2"),
    ("size=100m", "size=102400K"),
    ("mode=0755", "mode=755"),
    ("noatime,,nodev,", "nodev,noatime"),
    ("nodev,nosuid", "nosuid,nodev"),
    ("password=a,,b,ro", "ro,password=a,,b"),
    ("context='a,b',ro", "ro,context='a,b'"),
]
DIFFERENT = [
    ("addr=nas,ro", "addr=nas"),
    ("rw,ro", "ro,rw"),
    ("soft,hard", "hard,soft"),
    ("relatime,noatime", "noatime,relatime"),
    ("uid=1,uid=2", "uid=2,uid=1"),
    ("size=100m", "size=100k"),
    ("size=50%", "size=50"),
    ("nolock", "lock"),
    ("bind", "rbind"),
    ("addr=nas, ro", "addr=nas,ro"),
    ("lowerdir+=/a,lowerdir+=/b", "lowerdir+=/b,lowerdir+=/a"),
    ("password=a,,b", "password=a,b"),
    ("context='a,b',ro", "context='b,a',ro"),
    ("Password=a", "Password=A"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_is_not_the_same(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


def differing(wanted: dict[str, str], actual: dict[str, str], driver: str = "local", podman: bool = False) -> list[str]:
    return [key for one in volume_differences(driver, wanted, actual, noquota_apart=podman) for key in one.after]


def test_of_the_local_driver_only_the_meaning_is_known() -> None:
    assert differing({"o": "a,b"}, {"o": "b,a"}) == []
    assert differing({"o": "a,b"}, {"o": "b,a"}, driver="nas") == ["o"]
    assert differing({"o": "", "type": ""}, {}) == [] and differing({"o": ""}, {}, driver="nas") == ["o"]


def test_a_slash_at_the_end_of_a_device_means_nothing() -> None:
    assert differing({"device": "/srv/data/"}, {"device": "/srv/data"}) == []
    assert differing({"device": "/"}, {"device": ""}) == differing({"device": "/a"}, {"device": "/b"}) == ["device"]


def test_what_podman_keeps_elsewhere() -> None:
    reported = {"o": "size=10m", "SIZE": "10m", "NOQUOTA": "true"}
    assert differing({"o": "noquota,size=10m"}, reported, podman=True) == []
    assert differing({"o": "noquota"}, {"NOQUOTA": "true"}, podman=True) == []
    assert differing({"o": "noquota"}, {}, podman=True) == ["o"]


def test_an_engine_has_many_words_for_true_and_its_own_for_a_plugin() -> None:
    assert same_switch("True", "true") and same_switch("1", "true") and same_switch("x", "x")
    assert not same_switch("true", "false") and not same_switch("true", None) and not same_switch("1500", "true")
    assert same_driver("vieux/sshfs", "vieux/sshfs:latest") and not same_driver("a", "b:latest")


def test_a_long_text_costs_no_more_than_its_length() -> None:
    """A text of this length took an hour where each letter was tried as the beginning of a name."""
    text = "x" * 1_000_000
    assert list(parts(text)) == [(text, None)] and masked({"o": text}) == {"o": text}
