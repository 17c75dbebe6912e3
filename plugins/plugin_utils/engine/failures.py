# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures of requests to an engine as EngineErrors, in the engine's own words.

``EngineError.kind`` is one of ``error_classes``; ``status`` is None for ``no_answer``, ``bad_answer``,
``unknown_engine`` and ``timeout``.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import EngineError
from . import bounds, sdk

# What the engines say (Podman 4.3 and 5.4, Docker 20.10 and 26.1) -> kind; the first match counts. The order matters:
# Podman's "has dependent containers … : container already exists" is not about a name.
MESSAGES: tuple[tuple[str, str], ...] = (
    ("disk_full", r"no space left on device"),
    ("registry_denied", r"unauthorized|authentication required|no basic auth credentials|pull access denied"),
    ("dependents", r"has dependent containers"),
    ("port_in_use", r"address already in use|port is already allocated"),
    (
        "name_in_use",
        r"name \S+ is already in use|name \S+ already in use|UNIQUE constraint failed: ContainerConfig\.Name"
        r"|secret name in use|pod already exists|network name \S+ already used|network with name \S+ already exists",
    ),
    ("container_missing", r"no such container|no container with (name or ID|ID or name)"),
    ("image_missing", r"no such image|image not known|image does not exist locally"),
    ("network_missing", r"network \S+ not found|unable to find network|(^|: )network not found"),
    ("volume_missing", r"no such volume"),
    ("secret_missing", r"no such secret"),
    ("pod_missing", r"no such pod"),
)
# An endpoint that the engine does not have: Podman answers plain text, Docker JSON.
NO_ENDPOINT = ("Not Found", "page not found")

TIMEOUT_HINT = (
    "Raise engine_timeout (seconds) if the engine is slow or the work is long; else look at the engine's log there."
)
RUN_AGAIN = "Run the task again: it looks first, and does only what is not done."
BAD_ANSWER_HINT = "Look at the engine's log there; is it Podman or Docker that answers on this socket?"
NOT_AN_ENGINE_HINT = "Point engine_socket at the socket of Podman or Docker."
HINTS = {
    "registry_denied": (
        "Give registry_username and registry_password, or log in before with remote_login; is the name right?"
    ),
    "disk_full": (
        "Look there where it is full (df -h), and make room: podman system prune or docker system prune removes what "
        "no container uses."
    ),
}
# Of what has no kind of its own: a pattern in the engine's words -> what helps.
SAID_HINTS: tuple[tuple[str, str], ...] = (
    (
        r"volume options size and inodes not supported",
        "Podman before 5 can't limit such a volume there: leave size and inodes out of o, or use tmpfs of the "
        "container.",
    ),
)


def refused(message: str, status: int | None) -> EngineError:
    """The engine said no. ``message`` is its explanation; ``status`` is None for an error inside a stream."""
    message = bounds.quoted(message.strip()) or f"The engine answered with status {status} and no explanation."
    if status == 404 and message in NO_ENDPOINT:
        return EngineError(
            "This engine has no such request: its version is too old for it.", status, kind="unsupported"
        )
    for kind, pattern in MESSAGES:
        if re.search(pattern, message, re.IGNORECASE):
            return EngineError(message, status, HINTS.get(kind, ""), kind)
    return EngineError(message, status, next((hint for said, hint in SAID_HINTS if re.search(said, message)), ""))


@contextmanager
def translated(request: str, timeout: float | None) -> Iterator[None]:
    """Turn what the SDK and requests raise inside into EngineErrors. ``request`` names it, for messages."""
    try:
        yield
    except bounds.Refused as error:
        raise refused(error.explanation, error.status) from error
    except bounds.BadAnswer as error:
        raise bad_answer(request, error) from error
    except sdk.requests.exceptions.TooManyRedirects as error:
        raise EngineError(f"The engine redirected {request}: the name in it is malformed.", 301) from error
    except (sdk.requests.exceptions.RequestException, sdk.urllib3.exceptions.HTTPError, OSError) as error:
        cause = _innermost(error)
        if isinstance(cause, http.client.HTTPException) and not isinstance(cause, _CUT):
            came = f"{type(cause).__name__}, {bounds.shown(str(cause).encode())}"
            raise bad_answer(request, bounds.BadAnswer(f"it is not HTTP ({came})")) from error
        if "timed out" in str(error):  # while a body is read, requests calls it a ConnectionError
            raise _timed_out(request, timeout) from error
        raise EngineError(f"No answer to {request}: {str(cause) or type(cause).__name__}.", kind="no_answer") from error
    except sdk.docker.errors.DockerException as error:
        raise EngineError(f"{request} cannot be sent: {error}.") from error


# What http.client raises where an answer ends too early.
_CUT = (http.client.RemoteDisconnected, http.client.IncompleteRead)


def bad_answer(request: str, problem: bounds.BadAnswer) -> EngineError:
    """Something came, and it can't be used."""
    return EngineError(
        f"The answer to {request} cannot be used: {problem.problem}.",
        hint=problem.hint or BAD_ANSWER_HINT,
        kind="bad_answer",
    )


def may_be_done(error: EngineError, request: str, again: str) -> None:
    """Say of an error that its request, which changes something, has gone out, so that it may be done all the same.

    :param again: what to do then.
    """
    if error.kind == "no_answer":
        error.kind = "answer_lost"
        error.message = f"The answer to {request} was lost, so it may have been done. {error.message}"
        error.hint = again
    else:
        error.hint = f"{error.hint} What was asked for may have been done all the same. {again}"


def not_an_engine(message: str) -> EngineError:
    """Something answers, and not as an engine does."""
    return EngineError(message, hint=NOT_AN_ENGINE_HINT, kind="unknown_engine")


def _timed_out(request: str, timeout: float | None) -> EngineError:
    return EngineError(
        f"The engine did not answer {request} within {timeout:g} seconds.", hint=TIMEOUT_HINT, kind="timeout"
    )


def _innermost(error: BaseException) -> BaseException:
    """The reason, without the wrappings of two HTTP libraries: mostly what the operating system said. What was being
    handled when the request began has nothing to do with it.
    """
    http_libraries = (
        OSError, http.client.HTTPException, sdk.requests.exceptions.RequestException,
        sdk.urllib3.exceptions.HTTPError,
    )  # fmt: skip
    while isinstance(inner := error.__cause__ or error.__context__, http_libraries):
        error = inner
    return error


def check(answer: Any, depth: int = bounds.Limits().depth) -> None:
    """Raise what an answer of status 400 and above says."""
    if answer.status_code >= 400:
        raise refused(bounds.explanation(answer.content, depth), answer.status_code)
