# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much of an answer is believed: its size, its depth and its time. What is beyond is a BadAnswer."""

from __future__ import annotations

import json
import math
import socket
import time
from typing import Any

from ..dataclass import dataclass
from ..telling import shortened

MIB = 1024 * 1024
LONGEST_STREAM = 24 * 3600.0  # seconds: builds and images of many gigabytes take hours
PIECE = 256 * 1024  # so many bytes of a body at once, at most
# One entry of a stream of JSON lines: what a build's command writes without ending its line is one.
LONGEST_ENTRY = 16 * MIB
_SHOWN = 60  # bytes of what came, in messages
_QUOTED = 4000  # characters of what others wrote, in messages
_ENDLESS = "it goes on for more than {:g} hours"
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


@dataclass(frozen=True)
class Limits:
    """The limits of one answer: ``size`` in bytes, ``depth`` of objects and lists in each other. Its time is the
    request's.
    """

    size: int = 64 * MIB
    depth: int = 50


class BadAnswer(Exception):
    """What came is no answer that can be used; ``hint`` is what to do, '' where nothing is known."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class Refused(Exception):
    """The engine said no: its explanation, and the HTTP status."""

    def __init__(self, explanation: str, status: int) -> None:
        super().__init__(explanation)
        self.explanation = explanation
        self.status = status


def quoted(text: str, most: int = _QUOTED) -> str:
    """What somebody else wrote, as a part of a message: of a long text its beginning and its end, which says why."""
    return shortened(text, most)


def shown(came: Any) -> str:
    """What came, in a few words: its type and how it begins, with everything escaped that is not plain."""
    if isinstance(came, bytes):
        return f"{ascii(came[:_SHOWN])[1:]}{' …' if len(came) > _SHOWN else ''}" if came else "nothing"
    name = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    text = ascii(came) if not isinstance(came, (dict, list)) else ascii(came)[: 4 * _SHOWN]
    return f"{name.get(type(came), 'a number')}: {text[:_SHOWN]}{' …' if len(text) > _SHOWN else ''}"


class BoundedSocket(socket.socket):
    """A Unix socket on which an answer has an end: a timeout holds for each read, and is no bound for many."""

    until = math.inf
    _silence: float | None = None
    _streams = False

    def begin(self, seconds: float | None) -> None:
        """An answer is due, all of it within so many seconds."""
        self._silence = seconds
        self._streams = False
        self.until = math.inf if seconds is None else time.monotonic() + seconds

    def lift(self) -> None:
        """What comes now is a stream: it may be long, but it neither keeps silent as long as an answer may take nor
        goes on for more than ``LONGEST_STREAM``.
        """
        self.until = math.inf if self._silence is None else time.monotonic() + LONGEST_STREAM
        self._streams = True
        self.settimeout(self._silence)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        left = self.until - time.monotonic()
        if left != math.inf:
            if left <= 0:
                raise self._late()
            self.settimeout(min(left, self._silence) if self._streams and self._silence else left)
        try:
            return super().recv_into(*args, **kwargs)
        except TimeoutError:
            raise (self._late() if time.monotonic() >= self.until else TimeoutError("timed out")) from None

    def _late(self) -> Exception:
        return BadAnswer(_ENDLESS.format(LONGEST_STREAM / 3600)) if self._streams else TimeoutError("timed out")


def require_plain(headers: Any) -> None:
    """Refuse a compressed answer: nobody asked for one, and what it holds has no bound.

    :raises BadAnswer: it is compressed.
    """
    coding = str(headers.get("Content-Encoding") or "identity")
    if coding.lower() != "identity":
        raise BadAnswer(f"it is compressed ({shown(coding.encode())}), which nobody asked for")


def whole(raw: Any, most: int) -> bytes:
    """Read a body to its end.

    :param raw: urllib3's response.
    :raises BadAnswer: there is more than ``most`` bytes of it.
    """
    pieces: list[bytes] = []
    left = most + 1
    while left > 0 and (piece := raw.read(min(left, PIECE), decode_content=False)):
        pieces.append(piece)
        left -= len(piece)
    content = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if left <= 0:
        raise BadAnswer(
            f"it is larger than {most / MIB:g} MiB, and begins with {shown(content)}",
            "Raise engine_answer_limit (MiB) if the engine has so much to tell.",
        )
    return content


def parsed(content: bytes, depth: int) -> Any:
    """The JSON in a body.

    :raises BadAnswer: it is none, or nested deeper than ``depth``.
    """
    try:
        value = json.loads(content)
    except RecursionError:
        raise _too_deep(content, depth) from None
    except ValueError:
        raise BadAnswer(f"it is not JSON: {shown(content)}") from None
    if _deeper(content, value, depth):
        raise _too_deep(content, depth)
    return value


def _too_deep(content: bytes, depth: int) -> BadAnswer:
    return BadAnswer(
        f"its JSON is nested deeper than {depth} levels, and begins with {shown(content)}",
        "Raise engine_answer_depth if the engine's answers are really so deep.",
    )


def _deeper(content: bytes, value: Any, depth: int) -> bool:
    """Whether objects and lists lie deeper in each other. Closed pairs of brackets are taken away from within, which
    is fast and decides where no text has brackets in it; else every level is looked at.
    """
    brackets = content.translate(None, _NO_BRACKETS)
    if len(brackets) <= 2 * depth:
        return False
    for _level in range(depth // 2):
        inner = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not inner:
            return False
        if len(inner) == len(brackets):
            break
        brackets = inner
    level = [value]
    for _level in range(depth):
        level = [one for outer in level for one in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in inside if isinstance(one, (dict, list))]


def explanation(content: bytes, depth: int) -> str:
    """What an answer of status 400 and above says: Docker's and Podman's JSON, or plain text."""
    try:
        said = parsed(content, depth)
        if said.get("Errs"):  # Podman's pods, of each container that failed
            return "; ".join(map(str, said["Errs"]))
        return str(said["message"] if "message" in said else said["errorDetail"]["message"])  # Podman 5's push
    except (AttributeError, BadAnswer, KeyError, TypeError):
        return content[:PIECE].decode(errors="replace")
