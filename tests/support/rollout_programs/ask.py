# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks servers by their names so many times a second until it gets SIGTERM; then it prints, as JSON, how often each
answered with which version, what was lost, and how often an address took a request and did not answer.
"""

from __future__ import annotations

import collections
import json
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import reach

PER_SECOND = float(sys.argv[1])
NAMES = sys.argv[2:]
answers: collections.Counter[str] = collections.Counter()
lost: list[str] = []
ends = threading.Event()


def ask(name: str) -> None:
    try:
        got = reach.reach(name, b"GET / HTTP/1.0\r\n\r\n")
        head, _blank, version = got.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.0 200") or not version:
            raise OSError(f"answered {got!r}")
        answers[f"{name} {version.decode()}"] += 1
    except OSError as error:
        lost.append(f"{name}: {type(error).__name__} {error}")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: ends.set())
    with ThreadPoolExecutor(128) as pool:
        began, number = time.monotonic(), 0
        print("asking", flush=True)
        while not ends.is_set():
            pool.submit(ask, NAMES[number % len(NAMES)])
            number += 1
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
    told = {"asked": number, "answers": answers, "lost": lost, "unanswered": reach.unanswered}
    print(json.dumps(told), flush=True)


main()
