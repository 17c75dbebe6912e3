# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Driver options of networks and volumes: what they mean, and their secrets, such as the password of a CIFS mount."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping

from .mount_options import PART, meaning, parts
from .plan import Difference, differing
from .secrets import MASK, looks_secret, mask_assignments, mask_url

_WORD = string.ascii_letters + string.digits + "_.-"
# How Docker reads a switch.
_SWITCHES = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}
# Podman takes noquota out of the mount options and reports it under this name.
_PODMAN_NOQUOTA = "NOQUOTA"


def masked(options: Mapping[str, str]) -> dict[str, str]:
    """Driver options without the values of secret-looking names, also where these are parts of mount options."""
    return {
        key: MASK if value and looks_secret(key) else PART.sub(_part, mask_url(value)) for key, value in options.items()
    }


def _part(found: re.Match[str]) -> str:
    if found["key"] is None:
        return found[0]
    if looks_secret(_last_word(found["key"])) and found["value"]:
        return f"{found['key']}={MASK}"
    return mask_assignments(found[0])


def _last_word(text: str) -> str:
    """The name before an equals sign, without what stands before it, as in ``https://nas?password``."""
    return text[len(text.rstrip(_WORD)) :]


def secrets(options: Mapping[str, str]) -> Iterator[str]:
    """The values that are masked in parts of mount options, which are to be kept out of the engine's messages too."""
    for value in options.values():
        for name, secret in parts(value):
            if secret is not None and looks_secret(_last_word(name)):
                yield secret


def masked_pair(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Both sides of a difference; where they look alike once masked, it says which is which."""
    old, new = masked(before), masked(after)
    for key in set(old) & set(new):
        if old[key] == new[key] and before[key] != after[key]:
            old[key] += " (old)"
            new[key] += " (new)"
    return old, new


def volume_differences(
    driver: str, wanted: Mapping[str, str], actual: Mapping[str, str], *, noquota_apart: bool
) -> Iterator[Difference]:
    """The driver options that differ; what mounts the same is no difference. What other drivers mean by theirs is not
    known.

    :param actual: as the engine reports them.
    """
    if driver != "local":
        yield from differing("driver_options", wanted, actual)
        return
    if noquota_apart and _PODMAN_NOQUOTA in actual:
        actual = {**actual, "o": ",".join(filter(None, [actual.get("o"), "noquota"]))}
    same = {key for key, value in wanted.items() if _mounts_alike(key, value, actual.get(key, ""))}
    yield from differing("driver_options", {key: wanted[key] for key in wanted if key not in same}, actual)


def _mounts_alike(key: str, wanted: str, actual: str) -> bool:
    if key == "o":
        return meaning(wanted) == meaning(actual)
    if key == "device":
        return wanted == actual or (bool(wanted.rstrip("/")) and wanted.rstrip("/") == actual.rstrip("/"))
    return wanted == actual


def same_switch(wanted: str, actual: str | None) -> bool:
    """Whether both are the same text, or the same of the engine's words for true and false."""
    return wanted == actual or _SWITCHES.get(wanted, wanted) is _SWITCHES.get(str(actual))


def same_driver(wanted: str, actual: str) -> bool:
    """Docker reports a plugin with its tag."""
    return wanted.removesuffix(":latest") == actual.removesuffix(":latest")
