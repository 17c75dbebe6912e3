# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reverse proxy: it asks for the service's address anew for each request, and tries the next where one refuses, or
does not answer: one that was asked for while the engine removed its container.
"""

from __future__ import annotations

import socket
import socketserver
import sys

PORT = 80


class Forward(socketserver.BaseRequestHandler):
    """One request."""

    def handle(self) -> None:
        asked = self.request.recv(4096)
        with socket.create_connection((sys.argv[1], PORT), timeout=2) as behind:
            behind.settimeout(20)
            behind.sendall(asked)
            while answer := behind.recv(4096):
                self.request.sendall(answer)


class Server(socketserver.ThreadingTCPServer):
    """As many at a time as come."""

    request_queue_size = 512
    allow_reuse_address = True
    daemon_threads = True


Server(("", PORT), Forward).serve_forever()
