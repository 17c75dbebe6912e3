# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one fake of the engine's client, for tests of which requests are sent, in which order, and what failures leave.

A test's engine is a class of it that says what its requests do: ``containers_start`` is what ``containers.start`` does.
It can't drift from the client: each such method has to have the request's own signature, and each call has to fit it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from checkout import install_collection_finder

install_collection_finder()

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.permission import Permission  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import GROUPS, REQUESTS  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError  # noqa: E402

USUAL_VERSION = {"docker": "26.1.5", "podman": "5.4.2"}
# {containers.start: its signature}, and {containers_start: containers.start}
SIGNATURES = {
    f"{group}.{name}": inspect.signature(getattr(GROUPS[group], name))
    for group, requests in REQUESTS.items()
    for name in requests
}
METHODS = {request.replace(".", "_"): request for request in SIGNATURES}


def shape(signature: inspect.Signature) -> list[tuple[str, Any, bool]]:
    """[(name, kind, whether it has a default)] of the parameters; the first is ``self``."""
    return [(one.name, one.kind, one.default is not inspect.Parameter.empty) for one in signature.parameters.values()][
        1:
    ]


def changes_something(request: str) -> bool:
    """Whether a request ("containers.start") is declared to change something."""
    group, _dot, name = request.partition(".")
    return REQUESTS[group][name]


class _Requests:
    """A group of the client's requests."""

    def __init__(self, client: FakeClient, group: str) -> None:
        self._client = client
        self._group = group

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in REQUESTS[self._group]:
            raise AttributeError(f"no client has {self._group}.{name}")
        return lambda *args, **kwargs: self._client.ask(f"{self._group}.{name}", *args, **kwargs)


class FakeClient:
    """A client of an engine that only its test knows.

    ``calls`` has each request with its arguments, ``fail[request]`` is raised by the next of its kind, instead of what
    it does. Changes go out inside ``changing`` only, as with a session's client, unless it is not ``guarded``.
    """

    timeout = 60.0
    answered = True

    def __init__(self, name: str = "docker", version: str | None = None, *, guarded: bool = True) -> None:
        self.identity = EngineIdentity(name, version or USUAL_VERSION[name], "1.41", "linux", "amd64")
        self.engine = Engine.of(self.identity)
        self.warned: list[str] = []
        self.calls: list[tuple[Any, ...]] = []
        self.fail: dict[str, EngineError] = {}
        self.logins: dict[str, Any] = {}  # registry: credentials
        self.closed = False
        self.changing = Permission(guarded).changing
        self._permission: Permission = self.changing.__self__  # type: ignore[attr-defined]
        self._given: dict[str, dict[str, Any]] = {}
        for group in GROUPS:
            setattr(self, group, _Requests(self, group))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for method, request in METHODS.items():
            if method in vars(cls):
                own, real = shape(inspect.signature(vars(cls)[method])), shape(SIGNATURES[request])
                assert own == real, f"{cls.__name__}.{method} has {own}, and the client's {request} has {real}"

    def ask(self, request: str, *args: Any, **kwargs: Any) -> Any:
        """What a request comes to."""
        bound = SIGNATURES[request].bind(self, *args, **kwargs)
        if changes_something(request):
            self._permission.require(request)
        self.calls.append((request, *args, *kwargs.values()))
        self._given[request] = bound.arguments
        if request in self.fail:
            raise self.fail.pop(request)
        does = getattr(self, request.replace(".", "_"), None)
        assert does is not None, f"{type(self).__name__} does not say what {request} does"
        return does(*args, **kwargs)

    def given(self, request: str) -> dict[str, Any]:
        """The arguments of the last request of this kind, by name."""
        return self._given[request]

    def requests(self) -> list[str]:
        """What has been asked: ["containers.inspect", …]."""
        return [call[0] for call in self.calls]

    def changes(self) -> list[str]:
        """What has been asked that changes something; all is forgotten then."""
        names = [name for name in self.requests() if changes_something(name)]
        self.calls.clear()
        return names

    @property
    def may_have_changed(self) -> bool:
        return any(map(changes_something, self.requests()))

    def credentials(self, registry: str) -> Any:
        return self.logins.get(registry)

    def another(self, timeout: float) -> FakeClient:
        """The same: there are no connections."""
        return self

    def unreadable(self, problem: Exception) -> EngineError:
        return EngineError(f"What the engine said cannot be read: {problem!r}", kind="bad_answer")

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeClient:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
