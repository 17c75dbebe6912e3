# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User and password in the URLs of a text, in time linear in the text."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import NamedTuple

_MARK = "://"
_END = re.compile(r'[\s"<>`]|\Z')
_AUTHORITY_END = re.compile("[/?#]")
_HOST_AND_PORT = re.compile(r"[^:]*(:\d*)?|\[[^\]]*\](:\d*)?")
_SCHEME = string.ascii_letters + string.digits + "+.-"
_LONGEST_SCHEME = 32


class UserInfo(NamedTuple):
    """Where in a text a URL's user-info is; ``http``: the name alone may be the secret, as in https://TOKEN@host."""

    start: int
    end: int
    http: bool


def user_infos(text: str) -> Iterator[UserInfo]:
    """Those of all URLs, of each in a list of them, too (``mongodb://u:p@h,redis://:q@h``), in their order; also where
    a password has characters it should not have.
    """
    position = run_end = last_at = -1
    while (mark := text.find(_MARK, max(position, 0))) >= 0:
        start = mark + len(_MARK)
        if start > run_end:
            run_end = _place(_END.search(text, start), len(text))
            last_at = text.rfind("@", start, run_end)
        authority_end = _place(_AUTHORITY_END.search(text, start, run_end), run_end)
        at = text.rfind("@", start, authority_end)
        if at < 0 and last_at > start and not _HOST_AND_PORT.fullmatch(text, start, authority_end):
            at = last_at
        if at > start:
            yield UserInfo(start, at, "http" in _scheme(text, mark))
        position = max(at, start)


def _place(found: re.Match[str] | None, otherwise: int) -> int:
    return found.start() if found else otherwise


def _scheme(text: str, mark: int) -> str:
    before = text[max(mark - _LONGEST_SCHEME, 0) : mark]
    return before[len(before.rstrip(_SCHEME)) :].lower()
