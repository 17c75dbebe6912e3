# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a build asks for, in each engine's words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# Names of the network that a build gets where it gets one of its own.
_OWN_NETWORKS = frozenset({"bridge", "default", "private"})


def namespaced(query: Mapping[str, Any]) -> dict[str, Any]:
    """A build's query in Podman's words, where it would ignore or refuse Docker's.

    ``networkmode`` is Buildah's policy (1 for no network, 2 for one); which network it is stands in ``nsoptions``.
    """
    full = dict(query)
    if "extrahosts" in full:
        full["extrahosts"] = json.dumps(full["extrahosts"])
    network = full.pop("networkmode", None)
    if network == "none":
        full["networkmode"] = "1"
    elif network is not None:
        path = "" if network in _OWN_NETWORKS else network
        space = {"Name": "network", "Host": network == "host", "Path": "" if network == "host" else path}
        full |= {"networkmode": "2", "nsoptions": json.dumps([space])}
    return full
