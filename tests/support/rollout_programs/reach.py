# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request, as a proxy sends it: the name is looked up anew, and the next address gets it where one refuses, does
not answer, or ends the connection without an answer.

Any server does the last to what comes between its last look and the closing of its socket. How often this was so is
counted, for a service that drops requests must not go unseen.
"""

from __future__ import annotations

import socket

PORT = 80
# The kernel asks again after one second where nothing answered: an engine names a container a moment before its
# interface is there. What does not answer within this is not there any more.
SECONDS = 1.5
unanswered = 0


def reach(name: str, request: bytes) -> bytes:
    """What the first of the name's addresses answers.

    :raises OSError: none does; it tells the addresses.
    """
    global unanswered
    addresses = [str(found[4][0]) for found in socket.getaddrinfo(name, PORT, socket.AF_INET, socket.SOCK_STREAM)]
    problems = []
    for address in addresses:
        got = b""
        try:
            connection = socket.create_connection((address, PORT), timeout=SECONDS)
        except OSError as error:
            problems.append(f"{address}: {error}")
            continue
        with connection:
            try:
                connection.settimeout(30)
                connection.sendall(request)
                while piece := connection.recv(4096):
                    got += piece
            except OSError as error:
                problems.append(f"{address} after {len(got)} bytes: {error}")
        if got:
            return got
        unanswered += 1
    raise OSError(f"no answer from {', '.join(addresses)}; {', '.join(problems)}")
