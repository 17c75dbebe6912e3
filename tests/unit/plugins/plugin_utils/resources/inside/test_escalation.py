# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The talk with sudo or su: what is answered when, and what is a wrong password."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside.escalation import (
    Escalation,
    NotBecome,
)


class Sudo:
    """Ansible's plugin, as far as it is asked."""

    name = "sudo"

    def check_success(self, b_output: bytes) -> bool:
        return b"BEGUN" in b_output

    def check_password_prompt(self, b_output: bytes) -> bool:
        return b"word:" in b_output

    def check_incorrect_password(self, b_output: bytes) -> bool:
        return b"Sorry" in b_output

    def check_missing_password(self, b_output: bytes) -> bool:
        return b"required" in b_output


def talk(password: bytes | None = b"open\n") -> Escalation:
    return Escalation(Sudo(), password, [b"data"])


def test_the_password_comes_after_the_prompt_and_the_rest_after_the_beginning() -> None:
    one = talk()
    source = one.source()
    assert next(source) is None
    one.hear(2, b"pass")
    assert next(source) is None
    one.hear(2, b"word:")
    assert next(source) == b"open\n"
    assert next(source) is None
    one.hear(1, b"BEG")
    one.hear(1, b"UN\nout")
    assert list(source) == [b"data"]
    one.hear(1, b"another pass word: ")
    one.ended()


def test_nothing_is_answered_where_no_password_is_there() -> None:
    one = talk(None)
    one.hear(2, b"word:")
    assert next(one.source()) is None


def test_a_second_prompt_is_a_wrong_password() -> None:
    one = talk()
    source = one.source()
    one.hear(2, b"word:")
    next(source)
    with pytest.raises(NotBecome, match="Incorrect sudo password"):
        one.hear(2, b"\nagain\nword:")


@pytest.mark.parametrize(("said", "problem"), [(b"Sorry", "Incorrect"), (b"a password is required", "Missing")])
def test_an_end_before_the_beginning(said: bytes, problem: str) -> None:
    one = talk(None)
    one.hear(2, said)
    with pytest.raises(NotBecome, match=f"{problem} sudo password"):
        one.ended()


def test_other_ends_are_the_command_s_own() -> None:
    one = talk(None)
    one.hear(2, b"sh: sudo: not found")
    one.ended()


def test_being_late_tells_what_was_said() -> None:
    one = talk()
    one.hear(2, b"Smart card? ")
    assert "10 seconds for the prompt" in str(one.late(10)) and "Smart card?" in str(one.late(10))
