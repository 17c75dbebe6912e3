# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reverse proxy: it asks for the service's address anew for each request, and tries the next where one does not
answer.
"""

from __future__ import annotations

import socketserver
import sys

import reach


class Forward(socketserver.BaseRequestHandler):
    """One request."""

    def handle(self) -> None:
        asked = self.request.recv(4096)
        before = reach.unanswered
        self.request.sendall(reach.reach(sys.argv[1], asked))
        if reach.unanswered != before:
            print(f"{reach.unanswered} unanswered", flush=True)


class Server(socketserver.ThreadingTCPServer):
    """As many at a time as come."""

    request_queue_size = 512
    allow_reuse_address = True
    daemon_threads = True


Server(("", reach.PORT), Forward).serve_forever()
