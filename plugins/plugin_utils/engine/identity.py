# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who answers on the socket: the few facts of ``GET /version`` that everything else depends on.

They are remembered with the tunnel, so that they are asked once per tunnel and not once per task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..dataclass import dataclass
from .failures import not_an_engine

# Component of /version -> the engine's name here.
COMPONENTS = {"Podman Engine": "podman", "Engine": "docker"}
# The newest API version that was tried, with Docker 28.5. An engine that knows newer ones is asked to speak this one:
# it then answers as it did, where later ones leave out what we read. One that has dropped it speaks its oldest.
NEWEST_API = "1.51"

NO_ENGINE = "What answers on the socket is no container engine"


@dataclass(frozen=True)
class EngineIdentity:
    """``name`` is 'podman' or 'docker'; ``api_version`` is the one to speak; ``arch`` is Go's (amd64, arm64, …).

    ``rootless`` is what :func:`is_rootless` says, where somebody has asked.
    """

    name: str
    version: str
    api_version: str
    os: str = ""
    arch: str = ""
    kernel: str = ""
    rootless: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, to be remembered."""
        return asdict(self)

    @classmethod
    def from_dict(cls, remembered: Mapping[str, Any]) -> EngineIdentity:
        """The reverse of ``to_dict``; KeyError when something necessary is missing, unknown keys are ignored."""
        required = {key: str(remembered[key]) for key in ("name", "version", "api_version")}
        optional = {key: str(remembered.get(key, "")) for key in ("os", "arch", "kernel")}
        return cls(**required, **optional, rootless=bool(remembered.get("rootless")))

    @property
    def release(self) -> tuple[int, int]:
        """Major and minor number of the engine's version: (5, 4) for '5.4.2', (20, 10) for '20.10.24+dfsg1'."""
        found = re.match(r"(\d+)\.(\d+)", self.version)
        return (int(found[1]), int(found[2])) if found else (0, 0)


def identify(version: Any) -> EngineIdentity:
    """Read the answer of ``GET /version``. EngineError of kind ``unknown_engine`` when it is not an engine's."""
    if not isinstance(version, Mapping) or "ApiVersion" not in version:
        raise not_an_engine(f"{NO_ENGINE}: its /version has no ApiVersion.")
    return EngineIdentity(
        name=_engine_name(version),
        version=str(version.get("Version", "")),
        api_version=_spoken_api(str(version["ApiVersion"]), str(version.get("MinAPIVersion") or "")),
        os=str(version.get("Os", "")),
        arch=str(version.get("Arch", "")),
        kernel=str(version.get("KernelVersion", "")),
    )


def is_rootless(info: Mapping[str, Any]) -> bool:
    """Whether an engine runs without root, by its ``GET /info``."""
    options = (str(option).partition(",")[0] for option in info.get("SecurityOptions") or [])
    return bool(info.get("Rootless")) or "name=rootless" in options


def _engine_name(version: Mapping[str, Any]) -> str:
    components = [str(component.get("Name")) for component in version.get("Components") or []]
    for component, name in COMPONENTS.items():
        if component in components:
            return name
    told = ", ".join(components) or "not told"
    raise not_an_engine(f"What answers on the socket is neither Podman nor Docker: its components are {told}.")


def _spoken_api(newest: str, oldest: str) -> str:
    """The newest version both sides know; the engine's oldest where that is newer still (it has dropped ours)."""
    spoken = min(newest, NEWEST_API, key=_numbers)
    return max(spoken, oldest, key=_numbers) if oldest else spoken


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
