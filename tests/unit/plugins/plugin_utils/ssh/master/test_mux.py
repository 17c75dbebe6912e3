# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The multiplexing protocol against a master that says what it is told to say."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import mux


@pytest.fixture
def control(short: Path) -> str:
    return f"{short}/m.ctl"


def test_alive(control: str, master: Callable[..., Any]) -> None:
    master(control, pid=77)
    assert mux.master_pid(control) == 77


def test_an_answer_that_is_too_short(control: str, master: Callable[..., Any]) -> None:
    master(control).answers[0x10000004] = (0x80000005, b"short")
    with (
        mux.MuxClient(control, asking=mux.IS_ALIVE) as client,
        pytest.raises(mux.MuxError, match="5 bytes, which is too short"),
    ):
        client.alive()


def test_whether_it_is_alive_is_one_round_trip(control: str, master: Callable[..., Any]) -> None:
    """The question comes with the greeting, before the master has said anything."""
    fake = master(control)
    fake.silent_until = 24  # two packets without a body but one number each
    assert mux.master_pid(control) == 4242


def test_forward(control: str, short: Path, master: Callable[..., Any]) -> None:
    fake = master(control)
    with mux.MuxClient(control) as client:
        client.forward(f"{short}/l", "/r")
    local = f"{short}/l".encode()
    expected = (
        struct.pack(">III", 1, 1, len(local)) + local + struct.pack(">II", 0xFFFFFFFE, 2) + b"/r" + b"\xff\xff\xff\xfe"
    )
    assert fake.requests[-1] == (0x10000006, expected)


def test_a_refusal_carries_its_reason(control: str, short: Path, master: Callable[..., Any]) -> None:
    master(control).answers[0x10000006] = (0x80000003, struct.pack(">II", 1, 6) + b"no way")
    with mux.MuxClient(control) as client, pytest.raises(mux.MuxRefused, match=r"^no way$"):
        client.forward(f"{short}/l", "/r")


def test_a_session_carries_command_and_descriptors(control: str, master: Callable[..., Any]) -> None:
    fake = master(control)
    fake.answers[0x10000002] = (0x80000006, struct.pack(">II", 1, 5))
    ours, theirs = os.pipe()
    with mux.MuxClient(control) as client:
        client.session("id", [theirs] * 3)
    nothing = struct.pack(">I", 0)
    flags = 4 * nothing + b"\xff\xff\xff\xff"
    assert fake.requests[-1] == (0x10000002, struct.pack(">I", 1) + nothing + flags + nothing + b"\0\0\0\x02id")
    for descriptor in fake.descriptors:
        os.write(descriptor, b"x")
    os.close(theirs)
    for descriptor in fake.descriptors:
        os.close(descriptor)
    with os.fdopen(ours, "rb") as reader:
        assert reader.read() == b"xxx"


def test_a_refused_session(control: str, master: Callable[..., Any]) -> None:
    said = b"Session open refused by peer"
    master(control).answers[0x10000002] = (0x80000003, struct.pack(">II", 1, len(said)) + said)
    with mux.MuxClient(control) as client, pytest.raises(mux.MuxRefused, match="refused by peer"):
        client.session("id", [0, 1, 2])


@pytest.mark.parametrize(
    ("packets", "code"),
    [
        ([(0x80000004, struct.pack(">II", 5, 7))], 7),
        ([(0x80000008, struct.pack(">I", 5)), (0x80000004, struct.pack(">II", 5, 0))], 0),
        ([(0x80000004, b"short")], None),
        ([], None),
    ],
)
def test_exit_code(control: str, packets: list[tuple[int, bytes]], code: int | None) -> None:
    ours, theirs = socket.socketpair()
    client = mux.MuxClient.__new__(mux.MuxClient)
    client._socket, client._received = ours, b""
    for kind, body in packets:
        theirs.sendall(struct.pack(">II", len(body) + 4, kind) + body)
    theirs.close()
    assert client.exit_code() == code
    client.close()


def test_terminate_waits_for_the_end(control: str, master: Callable[..., Any]) -> None:
    fake = master(control)
    with mux.MuxClient(control) as client:
        client.terminate()
    assert fake.requests[-1][0] == 0x10000005


def test_no_file(control: str) -> None:
    assert mux.master_pid(control) is None
    assert not mux.listens(control)


def test_a_dead_masters_socket(control: str, master: Callable[..., Any]) -> None:
    master(control).die()
    assert os.path.lexists(control)
    assert mux.master_pid(control) is None
    assert not mux.listens(control)


def test_a_master_that_is_stuck(control: str) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(control)
        listener.listen(1)
        with pytest.raises(mux.MuxError, match="timed out"):
            mux.MuxClient(control, timeout=0.1)
        assert mux.listens(control)


STRANGERS = {
    "another version": (0x00000001, struct.pack(">I", 5)),
    "no hello": (0x80000001, struct.pack(">I", 4)),
    "nothing in it": (0x00000001, b""),
    "too long": (0x48545450, b"x" * 300_000),
}


@pytest.mark.parametrize("hello", STRANGERS.values(), ids=STRANGERS)
def test_somebody_else_listens_there(hello: tuple[int, bytes], control: str, master: Callable[..., Any]) -> None:
    master(control).hello = hello
    with pytest.raises(mux.MuxError):
        mux.MuxClient(control)


def test_a_packet_that_is_too_long_is_not_read(control: str, master: Callable[..., Any]) -> None:
    master(control).hello = STRANGERS["too long"]
    with pytest.raises(mux.MuxError, match="300004 bytes"):
        mux.MuxClient(control)


def test_an_answer_of_another_kind(control: str, master: Callable[..., Any]) -> None:
    master(control).answers[0x10000004] = (0x80000001, struct.pack(">I", 1))
    assert mux.master_pid(control) is None


def test_a_path_that_is_too_long(short: Path) -> None:
    assert mux.master_pid(f"{short}/{'x' * 200}") is None
