# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading /version. The documents are what the six engines of the lab answered, shortened."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity, identify
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError


def _version(component: str, version: str, api: str, oldest: str) -> dict[str, Any]:
    others = [{"Name": "Conmon", "Version": "2.1"}] if "Podman" in component else [{"Name": "containerd"}]
    return {
        "Platform": {"Name": ""},
        "Components": [{"Name": component, "Version": version}, *others],
        "Version": version,
        "ApiVersion": api,
        "MinAPIVersion": oldest,
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": "6.1.0",
    }


# the document -> name, version, API version to speak, release
CASES = [
    (_version("Podman Engine", "4.3.1", "1.41", "1.24"), "podman", "4.3.1", "1.41", (4, 3)),
    (_version("Podman Engine", "5.4.2", "1.41", "1.24"), "podman", "5.4.2", "1.41", (5, 4)),
    (_version("Engine", "20.10.24+dfsg1", "1.41", "1.12"), "docker", "20.10.24+dfsg1", "1.41", (20, 10)),
    (_version("Engine", "26.1.5+dfsg1", "1.45", "1.24"), "docker", "26.1.5+dfsg1", "1.45", (26, 1)),
    (_version("Podman Engine", "5.8.6", "1.44", "1.24"), "podman", "5.8.6", "1.44", (5, 8)),
    (_version("Engine", "28.5.2+dfsg5", "1.51", "1.24"), "docker", "28.5.2+dfsg5", "1.51", (28, 5)),
    # an engine newer than these plugins is asked for the newest version they know, numbers compared as numbers
    (_version("Engine", "29.0.0", "1.52", "1.44"), "docker", "29.0.0", "1.51", (29, 0)),
    (_version("Engine", "99.0.0", "1.100", "1.9"), "docker", "99.0.0", "1.51", (99, 0)),
    # … and one that has dropped it, for its own oldest
    (_version("Engine", "40.0.0", "1.60", "1.52"), "docker", "40.0.0", "1.52", (40, 0)),
    (_version("Engine", "dev", "1.40", ""), "docker", "dev", "1.40", (0, 0)),
]


@pytest.mark.parametrize(("document", "name", "version", "api", "release"), CASES)
def test_identify(document: Any, name: str, version: str, api: str, release: tuple[int, int]) -> None:
    identity = identify(document)
    assert identity == EngineIdentity(name, version, api, "linux", "amd64", "6.1.0")
    assert identity.release == release
    assert EngineIdentity.from_dict(identity.to_dict()) == identity


@pytest.mark.parametrize("document", [None, [], ["ApiVersion"], "OK", {}, {"Version": "1"}])
def test_no_engine(document: Any) -> None:
    with pytest.raises(EngineError) as caught:
        identify(document)
    assert caught.value.kind == "unknown_engine"


@pytest.mark.parametrize("components", [[], None, [{"Name": "Other Engine"}]])
def test_unknown_engine(components: Any) -> None:
    with pytest.raises(EngineError) as caught:
        identify({"ApiVersion": "1.41", "Components": components})
    assert caught.value.kind == "unknown_engine"


def test_what_was_remembered_by_another_version() -> None:
    assert EngineIdentity.from_dict({"name": "docker", "version": "1", "api_version": "2", "colour": "red"}).os == ""
    with pytest.raises(KeyError):
        EngineIdentity.from_dict({"name": "docker"})
