# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of quadlets, drop-ins and what lies beside them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import names

NAMES = [
    ("web.container", False, "web.container", "web.service"), ("web", True, "web.container", "web.service"),
    ("a.b", True, "a.b.container", "a.b.service"), ("data.volume", False, "data.volume", "data-volume.service"),
    ("net.network", False, "net.network", "net-network.service"), ("p.pod", False, "p.pod", "p-pod.service"),
    ("k.kube", False, "k.kube", "k.service"), ("i.image", False, "i.image", "i-image.service"),
    ("b.build", False, "b.build", "b-build.service"), ("web@.container", False, "web@.container", "web@.service"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "of_options", "file", "unit"), NAMES)
def test_names(given: str, of_options: bool, file: str, unit: str) -> None:
    assert names.file_name(given, of_options=of_options) == file and names.usual_unit(file) == unit
    assert names.is_template(file) == ("@" in file)


@pytest.mark.parametrize("bad", [
    "web", "../web.container", "a/b.container", "-x.container", ".container", "web.service", "a b.container",
    "web.container.d", "w;b.container", "w\n.container",
])  # fmt: skip
def test_what_is_no_name(bad: str) -> None:
    with pytest.raises(InvalidOption, match="no quadlet"):
        names.file_name(bad, of_options=False)


def test_options_of_a_container_make_a_container() -> None:
    with pytest.raises(InvalidOption, match="options of a container make"):
        names.file_name("web.pod", of_options=True)


def test_dropins_and_files() -> None:
    found = names.dropins("w.pod", {"10-a.conf": "x", "b.conf": None})
    assert found == {
        "w.pod.d/10-a.conf": "x\n",
        "w.pod.d/b.conf": "",
    }
    assert names.beside({"web.yaml": "a\n"}) == {"web.yaml": "a\n"} and names.beside(None) == {}


@pytest.mark.parametrize(("read", "given"), [
    (lambda given: names.dropins("w.pod", given), {"10-a": "x"}), (names.beside, {"../x": "x"}),
    (lambda given: names.dropins("w.pod", given), {"a/b.conf": "x"}), (names.beside, {"web.container": "x"}),
    (names.beside, {"web.container.d": "x"}), (names.beside, {"x": 1}), (names.beside, {"x": "a\0"}),
])  # fmt: skip
def test_what_is_refused(read: Any, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        read(given)
