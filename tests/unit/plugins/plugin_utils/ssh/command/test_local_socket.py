# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a local socket does with signals; the rest is tested over real sshd."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.local_socket import _Signals


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """A shell starts what runs in its background with SIGINT ignored: it must end nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cleaned: list[bool] = []
    signals = _Signals(lambda: cleaned.append(True))
    signal.raise_signal(signal.SIGINT)
    signals.restore()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert not cleaned


def test_a_signal_cleans_up_and_goes_on_to_who_had_it() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cleaned: list[bool] = []
    _Signals(lambda: cleaned.append(True))
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert cleaned == [True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
