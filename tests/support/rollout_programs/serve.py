# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server that ends as a good one does: on SIGTERM it takes what has come, lets nobody else in, and finishes."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading

PORT = 80
VERSION = os.environ["VERSION"].encode()


def answer(connection: socket.socket) -> None:
    with connection:
        connection.settimeout(10)
        if connection.recv(4096):
            body = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(VERSION), VERSION)
            connection.sendall(body)


def main() -> None:
    woken, wake = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(wake, b"x"))
    listener = socket.create_server(("", PORT), backlog=512)
    listener.setblocking(False)
    threads = []
    ends = False
    while not ends:
        ready, _none, _nothing = select.select([listener, woken], [], [])
        ends = woken in ready
        while True:
            try:
                connection, _address = listener.accept()
            except BlockingIOError:
                break
            connection.setblocking(True)
            threads.append(threading.Thread(target=answer, args=(connection,)))
            threads[-1].start()
    listener.close()
    for thread in threads:
        thread.join()
    sys.exit(0)


main()
