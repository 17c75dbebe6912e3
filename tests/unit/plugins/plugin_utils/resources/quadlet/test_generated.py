# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of Podman's generator, as 5.4 and 5.8 say them."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import generated
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
    assert dict(found.units) == {
        "web.container": Unit("web.service", "web.container", boot=True),
        "b.build": Unit("b-build.service", "b.build", once=True),
        "sub/data.volume": Unit("data-volume.service", "sub/data.volume"),
    }  # fmt: skip
    (error,) = found.about("bad.container")
    assert error.startswith("converting \"bad.container\": unsupported key 'Foo'")
    assert error.endswith(" in /etc/containers/systemd/bad.container")
    assert found.about("web.container") == [] and len(found.about("web.container.d/10-x.conf")) == 1
    assert len(found.errors) == 2 and found.warnings[0].startswith("web.container specifies")


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
