# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a secret's label keeps of its data: a salted digest, by which a task knows its own data again.

The engine is never asked for what a secret holds. A label is shown to whoever may list secrets, so the digest has a
salt of its own and takes a while to compute: many guesses take long. A short secret is found all the same by whoever
has years, or few guesses to make; who may list secrets may also give one to a container, and so read it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from functools import lru_cache

_ROUNDS = 100_000  # a twentieth of a second
_SALT = 16  # bytes
_LABEL = re.compile(r"pbkdf2-sha256:(\d{1,7}):([0-9a-f]{32}):([0-9a-f]{64})")


def label(data: bytes) -> str:
    """The label's text for this data; with another salt each time."""
    return _text(data, os.urandom(_SALT), _ROUNDS)


@lru_cache(maxsize=2)  # a task looks more than once
def _text(data: bytes, salt: bytes, rounds: int) -> str:
    whole = hashlib.sha256(data).digest()  # PBKDF2 itself takes no notice of zeros at the end
    return f"pbkdf2-sha256:{rounds}:{salt.hex()}:{hashlib.pbkdf2_hmac('sha256', whole, salt, rounds).hex()}"


def is_of(text: str, data: bytes) -> bool | None:
    """Whether a label is of this data; None where it is none of ours, so that nobody can know."""
    found = _LABEL.fullmatch(text)
    if found is None:
        return None
    rounds = int(found[1])
    if not 0 < rounds <= 10 * _ROUNDS:
        return None
    return hmac.compare_digest(text, _text(data, bytes.fromhex(found[2]), rounds))
