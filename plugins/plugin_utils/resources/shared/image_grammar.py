# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How images are named, for all options that take a name: the grammar that both engines go by
(https://pkg.go.dev/github.com/distribution/reference), without ports and digests that no registry can have.
"""

from __future__ import annotations

import re

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_IPV6 = r"\[[a-fA-F0-9]*:[a-fA-F0-9:]*\]"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|{_IPV6})(?::[0-9]{{1,5}})?"
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_TAG = r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}"
_DIGEST = r"(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})"

HOST = re.compile(_HOST)  # a registry, with its port
TAG = re.compile(_TAG)
NAME = re.compile(rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*(?::{_TAG})?(?:@{_DIGEST})?")
ID = re.compile(r"(sha256:)?[0-9a-f]{64}|sha256:[0-9a-f]{6,63}")
