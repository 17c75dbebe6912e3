# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that stops in the middle of its work, to be killed there or to live on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stop = Callable[[], None]


@contextmanager
def stuck(work: Callable[[Stop], None]) -> Iterator[Callable[[], None]]:
    """Do the work in a process of its own until it calls what it is given; a call of what this gives kills it (-9)."""
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)

    def stop() -> None:
        writer.send("stuck")
        threading.Event().wait()

    process = context.Process(target=work, args=(stop,), daemon=True)
    process.start()
    writer.close()

    def kill() -> None:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()

    try:
        assert reader.recv() == "stuck"
        yield kill
    finally:
        if process.is_alive():
            kill()
