# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures of requests to an engine as EngineErrors, in the engine's own words.

``EngineError.kind`` is one of ``error_classes``; ``status`` is None for ``no_answer``, ``unknown_engine`` and
``timeout``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import sdk
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

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
        r"|network name \S+ already used|network with name \S+ already exists",
    ),
    ("container_missing", r"no such container|no container with (name or ID|ID or name)"),
    ("image_missing", r"no such image|image not known|image does not exist locally"),
    ("network_missing", r"network \S+ not found|unable to find network|(^|: )network not found"),
    ("volume_missing", r"no such volume"),
)
# An endpoint that the engine does not have: Podman answers plain text, Docker JSON.
NO_ENDPOINT = ("Not Found", "page not found")

TIMEOUT_HINT = (
    "Raise engine_timeout (seconds) if the engine is slow or the work is long; else look at the engine's log there."
)
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


def refused(message: str, status: int | None) -> EngineError:
    """The engine said no. ``message`` is its explanation; ``status`` is None for an error inside a stream."""
    message = message.strip() or f"The engine answered with status {status} and no explanation."
    if status == 404 and message in NO_ENDPOINT:
        return EngineError(
            "This engine has no such request: its version is too old for it.", status, kind="unsupported"
        )
    for kind, pattern in MESSAGES:
        if re.search(pattern, message, re.IGNORECASE):
            return EngineError(message, status, HINTS.get(kind, ""), kind)
    return EngineError(message, status)


@contextmanager
def translated(request: str, timeout: float | None) -> Iterator[None]:
    """Turn what the SDK and requests raise inside into EngineErrors. ``request`` names it, for messages."""
    try:
        yield
    except sdk.docker.errors.APIError as error:
        raise refused(_explanation(error), error.status_code) from error
    except sdk.requests.exceptions.TooManyRedirects as error:
        raise EngineError(f"The engine redirected {request}: the name in it is malformed.", 301) from error
    except (sdk.requests.exceptions.JSONDecodeError, json.JSONDecodeError) as error:
        raise not_an_engine(f"The answer to {request} is not JSON: {_cause(error)}.") from error
    except (sdk.requests.exceptions.RequestException, sdk.urllib3.exceptions.HTTPError, OSError) as error:
        if "timed out" in str(error):  # while a body is read, requests calls it a ConnectionError
            raise _timed_out(request, timeout) from error
        raise EngineError(f"No answer to {request}: {_cause(error)}.", kind="no_answer") from error
    except (KeyError, TypeError) as error:  # the SDK looks for "message" in every error's JSON
        raise not_an_engine(f"The answer to {request} is not a container engine's.") from error
    except sdk.docker.errors.DockerException as error:
        raise EngineError(f"{request} cannot be sent: {error}.") from error


def not_an_engine(message: str) -> EngineError:
    """Something answers, and not as an engine does."""
    return EngineError(message, hint=NOT_AN_ENGINE_HINT, kind="unknown_engine")


def _timed_out(request: str, timeout: float | None) -> EngineError:
    return EngineError(
        f"The engine did not answer {request} within {timeout:g} seconds.", hint=TIMEOUT_HINT, kind="timeout"
    )


def _explanation(error: Any) -> str:
    explanation = error.explanation
    return explanation.decode(errors="replace") if isinstance(explanation, bytes) else str(explanation or "")


def _cause(error: BaseException) -> str:
    """The innermost reason: what the operating system said, without the wrappings of two HTTP libraries."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__


def check(answer: Any) -> None:
    """Raise what an answer of status 400 and above says."""
    if answer.status_code < 400:
        return
    try:
        said = answer.json()
        message = said["message"] if "message" in said else said["errorDetail"]["message"]  # Podman 5's push
    except (ValueError, KeyError, TypeError):
        message = answer.text
    raise refused(str(message), answer.status_code)


def an_object(answer: Any, request: str) -> dict[str, Any]:
    """The answer, if it is a JSON object; EngineError of kind ``unknown_engine`` if not."""
    if not isinstance(answer, dict):
        raise not_an_engine(f"The answer to {request} is no JSON object.")
    return answer


def a_list(answer: Any, request: str) -> list[dict[str, Any]]:
    """The answer, if it is a JSON array; EngineError of kind ``unknown_engine`` if not."""
    if not isinstance(answer, list):
        raise not_an_engine(f"The answer to {request} is no JSON array.")
    return answer
