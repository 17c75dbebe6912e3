# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker SDK's client without anything of the user's: no Docker configuration, no credentials, no proxies.

Its connections keep an account of what was sent, and its answers have bounds (``bounds.py``).

The SDK reads ``$DOCKER_CONFIG`` or ``~/.docker/config.json`` when a client is made, and reads them again in ``pull``,
``push``, ``build`` and ``login`` whenever it holds no credentials. A target must never be sent any of that.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from . import bounds
from .permission import Account, Permission
from .postponed import postponed

IMPORT_ERROR: ImportError | None = None
try:
    with postponed("paramiko"):  # the SDK's own ssh, which nobody uses here, takes 60 ms of every play
        import docker
    import docker.errors
    import requests
    import urllib3
    from docker.auth import AuthConfig
    from docker.transport import UnixHTTPAdapter
    from docker.transport.unixconn import UnixHTTPConnection, UnixHTTPConnectionPool
    from docker.utils.proxy import ProxyConfig
except ImportError as error:
    IMPORT_ERROR = error

if TYPE_CHECKING or IMPORT_ERROR is None:
    APIClientBase: Any = docker.APIClient
    AuthConfigBase: Any = AuthConfig
    UnixAdapterBase: Any = UnixHTTPAdapter
    UnixConnectionBase: Any = UnixHTTPConnection
    UnixPoolBase: Any = UnixHTTPConnectionPool
else:
    APIClientBase = AuthConfigBase = UnixAdapterBase = UnixConnectionBase = UnixPoolBase = object

__all__ = ["IMPORT_ERROR", "NoCredentials", "PrivateAPIClient", "docker", "requests", "require_sdk", "urllib3"]

USER_AGENT = "sshfleet.containers"
BASE_URL = "http+docker://localhost"
# Seconds after an answer within which a connection is used again. Podman's service ends 5 seconds after its last
# request and takes its connections along; one that is being closed takes a request and never answers it.
FRESH = 2.0
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def require_sdk() -> None:
    """Raise an EngineError of kind ``controller`` when the docker SDK cannot be imported on the controller."""
    if IMPORT_ERROR is not None:
        raise EngineError(
            f"The Python package 'docker' cannot be imported on the controller: {IMPORT_ERROR}.",
            hint="Install it into Ansible's own Python environment: pip install docker",
            kind="controller",
        )


class NoCredentials(AuthConfigBase):
    """Credentials of nobody. It never counts as empty, because the SDK fills an empty one from the user's files."""

    is_empty = False

    def resolve_authconfig(self, registry: str | None = None) -> None:
        """There are none, for no registry."""


class Connection(UnixConnectionBase):
    """One connection. A request is sent a second time only where not even its head has left: on a connection that was
    kept, and that the other end has closed meanwhile.
    """

    account: Account
    _request: tuple[str, str] | None = None  # the request whose head has not left
    _answered: float | None = None
    bounded: bounds.BoundedSocket | None = None

    def connect(self) -> None:
        self.bounded = sock = bounds.BoundedSocket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(self.timeout)
            sock.connect(self.unix_socket)
        except BaseException:
            sock.close()
            raise
        self._answered = None
        self.sock = sock

    def refresh(self) -> None:
        """Close what has been kept too long; the next request opens it anew."""
        if self.sock is not None and self._answered is not None and time.monotonic() - self._answered > FRESH:
            self.close()

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        self._request = (method, url)
        return super().putrequest(method, url, *args, **kwargs)

    def send(self, data: Any) -> None:
        """What is sent first is the head, all of it."""
        if self._request is None:
            super().send(data)
            return
        kept = self.sock is not None and self._answered is not None
        try:
            super().send(data)
        except OSError:
            if not kept:
                raise
            self.sock.close()
            self.connect()
            super().send(data)
        request, self._request = self._request, None
        self.account.note(*request)

    def getresponse(self) -> Any:
        if self.bounded is not None:
            self.bounded.begin(self.timeout)
        answer = super().getresponse()
        self._answered = time.monotonic()
        if _without_end(getattr(answer, "_original_response", answer)):
            raise http.client.IncompleteRead(b"")
        return answer


def _without_end(answer: http.client.HTTPResponse) -> bool:
    """Whether nothing in the answer's head tells where its body ends. Engines always tell; http.client takes a head
    that was cut for a whole one.
    """
    told = answer.length is not None or answer.chunked or "close" in (answer.getheader("Connection") or "").lower()
    return not told


class Pool(UnixPoolBase):
    """The connections to one socket."""

    account: Account

    def _new_conn(self) -> Any:
        made = Connection(self.base_url, self.socket_path, self.timeout)
        made.account = self.account
        return made

    def _get_conn(self, timeout: float | None = None) -> Any:
        kept = super()._get_conn(timeout)
        kept.refresh()
        return kept


class OneConnection(UnixAdapterBase):
    """Requests follow each other on one connection; the SDK's own adapter keeps one open for every URL it has asked.

    A connection that is dialed through sudo takes a session of sshd's and tens of milliseconds.
    """

    def __init__(self, socket_path: str, timeout: float, account: Account) -> None:
        self._account = account
        super().__init__(f"http+unix://{socket_path}", timeout)

    def get_connection(self, url: str, proxies: Any = None) -> Any:
        """The pool for all URLs: there is one engine behind the socket."""
        with self.pools.lock:
            pool = self.pools.get(BASE_URL)
            if pool is None:
                pool = Pool(BASE_URL, self.socket_path, self.timeout, maxsize=self.max_pool_size)
                pool.account = self._account
                self.pools[BASE_URL] = pool
        return pool


class PrivateAPIClient(APIClientBase):
    """``docker.APIClient`` on a Unix socket, made without the user's configuration.

    The SDK's constructor cannot be told to leave the configuration alone, so this one takes its place and sets the same
    attributes (a unit test compares them with the SDK's).
    """

    def __init__(
        self,
        socket_path: str,
        version: str,
        timeout: float,
        limits: bounds.Limits | None = None,
        permission: Permission | None = None,
    ) -> None:
        self.account = Account(permission)
        self.limits = limits or bounds.Limits()
        requests.Session.__init__(self)
        self.trust_env = False  # neither HTTP_PROXY nor ~/.netrc
        self.headers["User-Agent"] = USER_AGENT
        self.headers["Accept-Encoding"] = "identity"
        self.base_url = BASE_URL
        self.timeout = timeout
        self.credstore_env = None
        self._version = version
        self._general_configs: dict[str, Any] = {}
        self._proxy_configs = ProxyConfig()
        self._auth_configs = NoCredentials({})
        self._custom_adapter = OneConnection(socket_path, timeout, self.account)
        self.adapters.clear()
        self.mount("http+docker://", self._custom_adapter)

    def reload_config(self, dockercfg_path: str | None = None) -> None:
        """Nothing to reload: there is no configuration."""

    def send(self, request: Any, **options: Any) -> Any:
        """Send a request and read its answer, within bounds; of one that is to be streamed, the head.

        It goes past requests' session, which would keep cookies, and read all of a redirect to follow it: an engine
        redirects only malformed paths, and a followed POST would become a GET.

        :raises BadAnswer: it is beyond the bounds.
        :raises UnpermittedChange: it changes something, and may not; nothing is sent.
        """
        self.account.require(request.method, request.path_url)
        streamed = options.get("stream")
        answer = self._custom_adapter.send(request, stream=True, timeout=options.get("timeout") or self.timeout)
        try:
            if answer.is_redirect:
                raise requests.exceptions.TooManyRedirects(response=answer)
            bounds.require_plain(answer.headers)
            if streamed and answer.status_code < 400:
                self._lift(answer)
            else:
                answer._content = bounds.whole(answer.raw, self.limits.size)
                answer._content_consumed = True
        except BaseException:
            answer.close()
            raise
        return answer

    @staticmethod
    def _lift(answer: Any) -> None:
        bounded = getattr(getattr(answer.raw, "_connection", None), "bounded", None)
        if bounded is not None:  # there is nothing more to come where urllib3 has let go of the connection
            bounded.lift()

    def _raise_for_status(self, response: Any) -> None:
        if response.status_code >= 400:
            raise bounds.Refused(bounds.explanation(response.content, self.limits.depth), response.status_code)

    def _result(self, response: Any, json: bool = False, binary: bool = False) -> Any:
        """The body of an answer, parsed within our limits; the SDK's own method parses whatever it gets."""
        self._raise_for_status(response)
        if json:
            return bounds.parsed(response.content, self.limits.depth)
        return response.content if binary else response.content.decode(errors="replace")


def warm_up() -> None:
    """Do a request with ourselves at the other end.

    Ansible forks a process for each host and task after it has loaded the plugins. What the first request of a process
    loads and computes is then there for all of them, which spares each 1 ms of CPU.
    """
    one, theirs = socket.socketpair()
    ours = bounds.BoundedSocket(fileno=one.detach())
    with ours, theirs, contextlib.closing(PrivateAPIClient("/dev/null/nobody", "1.41", 1)) as api:
        theirs.sendall(ANSWER)
        connection = api._custom_adapter.get_connection(BASE_URL)
        make = connection._new_conn

        def connected() -> Any:
            made = make()
            made.connect = lambda: setattr(made, "sock", ours)
            return made

        connection._new_conn = connected
        api.inspect_container("nobody")


if IMPORT_ERROR is None:
    with contextlib.suppress(Exception):  # another version of the SDK may be made in another way
        warm_up()
