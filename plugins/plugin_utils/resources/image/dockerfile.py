# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which registries a Dockerfile takes images from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.reference import registry_of

_ARG = re.compile(r"^\s*ARG\s+([A-Za-z_]\w*)=[\"']?([^\s\"']*)", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*[\"']?([^\s\"']+)", re.IGNORECASE | re.MULTILINE)
_COPY = re.compile(r"^\s*COPY\s+(?:--\S+\s+)*--from=(\S+)", re.IGNORECASE | re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:\{(\w+)[^}]*\}|(\w+))")


def registries(text: str, args: Mapping[str, str]) -> list[str]:
    """The registries of the images in FROM and COPY --from; build arguments stand for their values.

    Names of stages look like images of Docker Hub; that is one registry too many, and no harm.
    """
    known = {**dict(_ARG.findall(text)), **args}
    found = [_VARIABLE.sub(lambda match: known.get(match[1] or match[2], ""), ref) for ref in _refs(text)]
    return sorted({registry_of(ref) for ref in found if ref and ref != "scratch" and not ref.isdigit()})


def _refs(text: str) -> list[str]:
    return [*_FROM.findall(text), *_COPY.findall(text)]
