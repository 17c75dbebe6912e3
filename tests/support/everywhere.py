# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test on several engines at once: most of its time is spent waiting for them."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

import pytest
from engine_cases import ENGINES

EngineOf = tuple[str, str]  # host and engine


def everywhere(examine: Callable[[str, str], Any], engines: Sequence[EngineOf] = tuple(ENGINES)) -> list[Any]:
    """Call ``examine(host, engine)`` for each, in processes of their own: they may fork, kill and be killed.

    All are waited for; the test fails with what each of those that failed has to say. Returns what they return.
    """
    context = multiprocessing.get_context("fork")
    running = []
    for one in engines:
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(target=_examine, args=(examine, one, writer))
        process.start()
        writer.close()
        running.append((one, process, reader))
    failures, results = [], []
    for (host, engine), process, reader in running:
        try:
            said, result = reader.recv()
        except EOFError:
            said, result = "The process ended without a word.", None
        process.join()
        results.append(result)
        failures += [f"{host}, {engine}: {said.splitlines()[-1]}\n{said}"] if said else []
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)
    return results


def _examine(examine: Callable[[str, str], Any], one: EngineOf, writer: Connection) -> None:
    began = time.monotonic()
    try:
        writer.send(("", examine(*one)))
    except BaseException:  # also pytest.fail's
        writer.send((traceback.format_exc(), None))
    print(f"{'-'.join(one)}: {time.monotonic() - began:.1f} s")
