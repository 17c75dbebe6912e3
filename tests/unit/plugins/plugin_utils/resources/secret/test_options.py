# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_secret: what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.options import (
    ARGUMENT_SPEC,
    LONGEST,
    Data,
    Options,
    parse,
)

GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
SHELL = {"list": "l", "lookup": "k", "store": "s", "delete": "d"}


def parsed(data: bytes = b"hunter2", /, **given: Any) -> Options:
    return parse({**GIVEN, "name": "db", "data": "hunter2", **given}, data)


def test_the_data_never_show_themselves() -> None:
    options = parsed()
    assert options.data == b"hunter2" and "hunter2" not in f"{options} {options!r} {options.data}"
    assert repr(Data(b"a")) == str(Data(b"a"))


@pytest.mark.parametrize("name", ["db", "a.b-c_d", "_a", "my secret", "x" * 253])
def test_names(name: str) -> None:
    assert parsed(name=name).name == name


@pytest.mark.parametrize(
    ("given", "data", "words"),
    [
        *(({"name": name}, b"x", "no secret can have this name") for name in
          ("", "a/b", "a,b", "a=b", ".", "..", "a\nb", "a\0", "x" * 254)),
        ({}, b"", "a secret is not empty"),
        ({}, b"x" * LONGEST, "it has 512000 bytes or more"),
        ({"path": "p"}, b"$ANSIBLE_VAULT;1.1;AES256", "encrypted with Ansible Vault"),
        ({"labels": {"sshfleet.containers.secret": "x"}}, b"x", "are those of this collection"),
        ({"driver": "vault"}, b"x", "Podman has no such driver"),
        ({"driver_options": {"path": "/x"}}, b"x", "driver_options are those of a driver"),
        ({"driver": "shell"}, b"x", "needs its four commands"),
        ({"driver": "shell", "driver_options": {**SHELL, "store": ""}}, b"x", "needs its four commands"),
        ({"driver": "shell", "driver_options": {**SHELL, "more": "x"}}, b"x", "needs its four commands"),
    ],
)  # fmt: skip
def test_what_can_be_no_secret_is_refused(given: dict[str, Any], data: bytes, words: str) -> None:
    with pytest.raises(InvalidOption, match=words) as refused:
        parsed(data, **given)
    assert refused.value.hint


def test_a_text_that_looks_encrypted_is_taken_where_it_was_written_down() -> None:
    assert parsed(b"$ANSIBLE_VAULT;1.1;AES256").data and parsed(driver="shell", driver_options=SHELL).driver == "shell"
