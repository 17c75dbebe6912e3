# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker SDK's client without anything of the user's: no Docker configuration, no credentials, no proxies.

The SDK reads ``$DOCKER_CONFIG`` or ``~/.docker/config.json`` when a client is made, and reads them again in ``pull``,
``push``, ``build`` and ``login`` whenever it holds no credentials. A target must never be sent any of that.
"""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

IMPORT_ERROR: ImportError | None = None
try:
    import docker
    import docker.errors
    import requests
    import urllib3
    from docker.auth import AuthConfig
    from docker.transport import UnixHTTPAdapter
    from docker.utils.proxy import ProxyConfig
except ImportError as error:
    IMPORT_ERROR = error

if TYPE_CHECKING or IMPORT_ERROR is None:
    APIClientBase: Any = docker.APIClient
    AuthConfigBase: Any = AuthConfig
    UnixAdapterBase: Any = UnixHTTPAdapter
else:
    APIClientBase = AuthConfigBase = UnixAdapterBase = object

__all__ = ["IMPORT_ERROR", "NoCredentials", "PrivateAPIClient", "docker", "requests", "require_sdk", "urllib3"]

USER_AGENT = "sshfleet.containers"
BASE_URL = "http+docker://localhost"
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


class OneConnection(UnixAdapterBase):
    """Requests follow each other on one connection; the SDK's own adapter keeps one open for every URL it has asked.

    A connection that is dialed through sudo takes a session of sshd's and tens of milliseconds.
    """

    def get_connection(self, url: str, proxies: Any = None) -> Any:
        """The pool for all URLs: there is one engine behind the socket."""
        return super().get_connection(BASE_URL, proxies)


class PrivateAPIClient(APIClientBase):
    """``docker.APIClient`` on a Unix socket, made without the user's configuration.

    The SDK's constructor cannot be told to leave the configuration alone, so this one takes its place and sets the same
    attributes (a unit test compares them with the SDK's).
    """

    def __init__(self, socket_path: str, version: str, timeout: float) -> None:
        requests.Session.__init__(self)
        self.trust_env = False  # neither HTTP_PROXY nor ~/.netrc
        self.max_redirects = 0  # an engine redirects only malformed paths; a followed POST would become a GET
        self.headers["User-Agent"] = USER_AGENT
        self.base_url = BASE_URL
        self.timeout = timeout
        self.credstore_env = None
        self._version = version
        self._general_configs: dict[str, Any] = {}
        self._proxy_configs = ProxyConfig()
        self._auth_configs = NoCredentials({})
        self._custom_adapter = OneConnection(f"http+unix://{socket_path}", timeout)
        self.adapters.clear()
        self.mount("http+docker://", self._custom_adapter)

    def reload_config(self, dockercfg_path: str | None = None) -> None:
        """Nothing to reload: there is no configuration."""


def warm_up() -> None:
    """Do a request with ourselves at the other end.

    Ansible forks a process for each host and task after it has loaded the plugins. What the first request of a process
    loads and computes is then there for all of them, which spares each 1 ms of CPU.
    """
    ours, theirs = socket.socketpair()
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
