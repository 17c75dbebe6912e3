# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords and key texts: what is taken, and what is refused by name, never shown."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import ssh_secrets
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import key_file

PLAIN = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"
ENCRYPTED = PLAIN.replace("PRIVATE", "ENCRYPTED PRIVATE")
CARD = "/usr/lib/softhsm/libsofthsm2.so"


def passwords(given: str = "", **options: Any) -> ssh_secrets.Password:
    return ssh_secrets.password(options.get, given)


# options, -k -> password, prompt, smart card
TAKEN: dict[str, tuple[dict[str, str], str, tuple[str | None, str, str | None]]] = {
    "none": ({}, "", (None, "", None)),
    "variable": ({"password": "x"}, "", ("x", "", None)),
    "command line": ({}, "x", ("x", "", None)),
    "variable first": ({"password": "x"}, "y", ("x", "", None)),
    "by askpass": ({"password": "x", "password_mechanism": "ssh_askpass"}, "", ("x", "", None)),
    "by sshpass": ({"password": "x", "password_mechanism": "sshpass"}, "", ("x", "", None)),
    "not used": ({"password": "x", "password_mechanism": "disable"}, "", (None, "", None)),
    "prompt": ({"password": "x", "sshpass_prompt": "Token"}, "", ("x", "Token", None)),
    "prompt without password": ({"sshpass_prompt": "Token"}, "", (None, "", None)),
    "card": ({"password": "1234", "pkcs11_provider": CARD}, "", ("1234", "", CARD)),
    "card without typing": (
        {"password": "1", "pkcs11_provider": CARD, "password_mechanism": "disable"}, "", (None, "", CARD),
    ),
}  # fmt: skip


@pytest.mark.usefixtures("sshpass")
@pytest.mark.parametrize(("options", "given", "expected"), TAKEN.values(), ids=TAKEN)
def test_passwords(options: dict[str, str], given: str, expected: tuple[str | None, str, str | None]) -> None:
    found = passwords(given, **options)
    assert (found.text, found.prompt, found.card) == expected


BAD_PASSWORDS = {"two lines": "hunter2\nx", "zero byte": "hunter2\0", "too long": "hunter2" * 1000}


@pytest.mark.usefixtures("sshpass")
@pytest.mark.parametrize("text", BAD_PASSWORDS.values(), ids=BAD_PASSWORDS)
def test_what_cannot_be_typed_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="ansible_password") as caught:
        passwords(password=text)
    assert "hunter2" not in str(caught.value)


def test_a_card_without_its_pin_is_refused_as_ansible_does() -> None:
    with pytest.raises(InvalidOption, match="ansible_ssh_pkcs11_provider"):
        passwords(pkcs11_provider=CARD)


def test_without_sshpass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(InvalidOption, match="sshpass"):
        passwords("hunter2")
    assert passwords(password="x", password_mechanism="disable").text is None


def keys(**options: Any) -> ssh_secrets.Key:
    return ssh_secrets.private_key(options.get)


def test_key_texts() -> None:
    assert keys().text is None
    assert keys(private_key=PLAIN.replace("\n", "\r\n")).text == PLAIN
    assert keys(private_key=f"\n{PLAIN.strip()}").text == PLAIN
    assert keys(private_key=PLAIN, private_key_passphrase="x").passphrase is None, "it needs none"
    assert keys(private_key=ENCRYPTED, private_key_passphrase="x").passphrase == "x"


SECRET = "U0VDUkVU"
# The key's text, and which of the two options is named with what.
BAD_KEYS = {
    "a path": ("/home/u/SECRET/id_ed25519", "ansible_private_key'.*BEGIN"),
    "a public key": (f"ssh-ed25519 {SECRET}", "ansible_private_key'.*BEGIN"),
    "one line": (PLAIN.replace("\n", " "), "ansible_private_key'.*line breaks"),
    "the end is missing": (PLAIN[:60], "ansible_private_key'.*END"),
    "no base64": (PLAIN.replace("MC4C", f"{SECRET}%"), "ansible_private_key'.*base64"),
    "another format within": (PLAIN.replace("PRIVATE", "OPENSSH PRIVATE"), "ansible_private_key'.*OpenSSH"),
    "encrypted": (ENCRYPTED, "ansible_private_key'.*ansible_private_key_passphrase"),
}


@pytest.mark.parametrize(("text", "named"), BAD_KEYS.values(), ids=BAD_KEYS)
def test_bad_key_texts_are_refused(text: str, named: str) -> None:
    with pytest.raises(InvalidOption, match=named) as caught:
        keys(private_key=text)
    assert "SECRET" not in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "MC4C" not in str(caught.value)


def test_an_encrypted_key_without_the_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "can_decrypt", lambda: False)
    with pytest.raises(InvalidOption, match=r"ansible_private_key_passphrase.*cryptography.*pip install"):
        keys(private_key=ENCRYPTED, private_key_passphrase="x")
