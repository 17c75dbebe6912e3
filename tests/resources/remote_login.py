# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import tls_registry
from samples import Sample

SAMPLE = Sample(
    call={"registry": tls_registry.NAME, "username": tls_registry.USER, "password": tls_registry.PASSWORD},
    scratch=lambda at: [
        (
            {**at.at, "registry_url": at.registry, "username": "u", "password": "pw-of-scratch"},
            f"registry {at.registry}",
        )
    ],
    peers={"docker_login": {"config_path": {"default": None}}},  # no such file is read or written
)
