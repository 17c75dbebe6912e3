# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of Podman's generator, as 5.4 and 5.8 say them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import generated, kube_pods
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.generated import Unit

OUTPUT = """---web.service---
[X-Container]
Image=busybox

[Unit]
SourcePath=/tmp/w/web.container

[Service]
Type=notify

[Install]
WantedBy=multi-user.target

---b-build.service---
[Unit]
SourcePath=/tmp/w/b.build
[Service]
Type=oneshot

---data-volume.service---
[Unit]
SourcePath=/tmp/w/sub/data.volume
[Service]
Type=oneshot
RemainAfterExit=yes
[Install]
WantedBy=

---other.service---
[Unit]
SourcePath=/usr/share/containers/systemd/other.container
"""
ERRORS = """time="2026-11-30T18:41:16Z" level=warning msg="Using cgroups-v1"
quadlet-generator[7]: Loading source unit file /tmp/w/web.container
quadlet-generator[7]: Warning: web.container specifies the image "busybox" which not a fully qualified image name.
quadlet-generator[7]: converting "bad.container": unsupported key 'Foo' in group 'Container' in /tmp/w/bad.container
quadlet-generator[7]: error loading "/tmp/w/web.container.d/10-x.conf", file contains line 1
quadlet-generator[7]: processing encountered some errors
"""


def test_units_and_words() -> None:
    found = generated.read(OUTPUT, ERRORS, "/tmp/w", "/etc/containers/systemd")
    assert {file: replace(unit, text="") for file, unit in found.units.items()} == {
        "web.container": Unit("web.service", "web.container", boot=True),
        "b.build": Unit("b-build.service", "b.build", once=True),
        "sub/data.volume": Unit("data-volume.service", "sub/data.volume"),
    }  # fmt: skip
    (error,) = found.about("bad.container")
    assert error.startswith("converting \"bad.container\": unsupported key 'Foo'")
    assert error.endswith(" in /etc/containers/systemd/bad.container")
    assert found.units["web.container"].text.startswith("[X-Container]\nImage=busybox\n")
    assert found.about("web.container") == [] and len(found.about("web.container.d/10-x.conf")) == 1
    assert len(found.errors) == 2 and found.warnings[0].startswith("web.container specifies")


POD = "/usr/bin/podman pod create --infra-conmon-pidfile=%t/%N.pid --replace --infra-name systemd-web-infra --name "
PLAY = "/usr/bin/podman kube play --replace --service-container=true --userns keep-id "


@pytest.mark.parametrize(("key", "command", "pod", "yaml"), [
    ("ExecStartPre", POD + "systemd-%N", "systemd-web-pod", ""), ("ExecStart", PLAY + "/w/web.yaml", "", "/w/web.yaml"),
    ("ExecStop", POD + "x", "", ""), ("ExecStart", "/usr/bin/podman pod start x", "", ""),
])  # fmt: skip
def test_the_pods_of_a_unit(key: str, command: str, pod: str, yaml: str) -> None:
    output = f"---web-pod.service---\n[Unit]\nSourcePath=/w/web.pod\n[Service]\n{key}={command}\nExecStart=other\n"
    unit = generated.read(output, "", "/w", "/x").units["web.pod"]
    assert (unit.pod, unit.yaml, unit.container) == (pod, yaml, "")


@pytest.mark.parametrize(("text", "names"), [
    ("kind: Pod\nmetadata: {name: web}\n", ["web"]),
    ("kind: Secret\nmetadata: {name: s}\n---\nkind: Deployment\nmetadata: {name: web}\n", ["web-pod"]),
    ("kind: Pod\nmetadata: {name: 1}\n---\n- a\n---\nkind: Job\n", []), ("{", []), ("", []),
    ("[" * 5000, []), ("a: !!python/none x", []), ("kind: [Pod]\nmetadata: {name: web}\n", []),
])  # fmt: skip
def test_the_pods_of_a_yaml(text: str, names: list[str]) -> None:
    assert kube_pods.pods(text) == names


@pytest.mark.parametrize(("unit", "command", "name"), [
    ("web.service", "/usr/bin/podman run --name systemd-%N --cidfile=%t/%N.cid --replace -d x --name y", "systemd-web"),
    ("web.service", "/usr/bin/podman run --name=systemd-%N --replace x", "systemd-web"),
    ("web.service", "/usr/bin/podman run --name a%%b-%p --replace x", "a%b-web"),
    ("web.service", "/usr/bin/podman run --name on-%H --replace x", ""),
    ("web@.service", "/usr/bin/podman run --name systemd-%p_%i --replace x", ""),
    ("web.service", "/usr/bin/podman kube play --replace --name x", ""),
    ("web.service", "/usr/bin/podman run x", ""),
])  # fmt: skip
def test_the_container_of_a_unit(unit: str, command: str, name: str) -> None:
    output = f"---{unit}---\n[Unit]\nSourcePath=/w/web.container\n[Service]\nExecStart={command}\n"
    found = generated.read(output, "", "/w", "/x")
    assert found.units["web.container"].container == name


def test_nothing_is_nothing() -> None:
    found = generated.read("", "", "/tmp/w", "/x")
    assert not found.units and not found.errors and not found.warnings
