# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords and key texts among Ansible's settings. One that can't be used is refused by name; none is ever shown."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..dataclass import dataclass
from ..errors import InvalidOption
from ..ssh.login import key_file
from ..ssh.login.process import SSHPASS

HIDDEN = "********"
LONGEST_PASSWORD = 1024  # bytes; sshpass reads it from a pipe, which holds more than that

Option = Callable[[str], Any]


@dataclass(frozen=True)
class Password:
    """The password of the login, or the PIN of a smart card: ``text`` is None where there is none, or it is not to be
    typed. ``prompt`` is a part of the prompt that gets it, ``card`` the smart card's PKCS#11 provider.
    """

    text: str | None = field(default=None, repr=False)
    prompt: str = ""
    card: str | None = None


@dataclass(frozen=True)
class Key:
    """A key's text as ssh reads it, and its passphrase where it needs one."""

    text: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)


def password(option: Option, given: Any, *, with_sshpass: bool = True) -> Password:
    """The password that Ansible would type, the prompt that gets it, and the smart card whose PIN it is.

    :param option: returns an option of the ssh connection plugin, None for one that this core does not have.
    :param given: the password from the command line (``-k``).
    :param with_sshpass: whether sshpass types it.
    :raises InvalidOption: there is no sshpass, or the password can't be typed.
    """
    text = str(option("password") or given or "")
    card = str(option("pkcs11_provider") or "") or None
    typed = option("password_mechanism") != "disable"
    if not text and card and typed:
        raise InvalidOption(
            "ansible_ssh_pkcs11_provider",
            card,
            "a smart card needs its PIN, and there is none.",
            "Give the PIN as ansible_password, or load the card into an ssh-agent and leave this option unset.",
        )
    if not text:
        return Password()
    if typed:
        _check_password(text)
        if with_sshpass:
            _require_sshpass()
    return Password(text if typed else None, str(option("sshpass_prompt") or ""), card)


def _check_password(text: str) -> None:
    if "\n" in text or "\0" in text or len(text.encode()) > LONGEST_PASSWORD:
        problem = f"a password is one line of at most {LONGEST_PASSWORD} bytes."
        raise InvalidOption("ansible_password", HIDDEN, problem, "Correct ansible_password (or what you typed at -k).")


def _require_sshpass() -> None:
    if shutil.which(SSHPASS) is None:
        raise InvalidOption(
            "ansible_password",
            HIDDEN,
            "the tunnel types passwords with sshpass, and this controller has none.",
            "Install sshpass (on Debian: apt-get install sshpass), or log in with a key "
            "(ansible_ssh_private_key_file, ansible_private_key or an ssh-agent) and unset ansible_password.",
        )


def private_key(option: Option) -> Key:
    """The key that is given as text.

    :raises InvalidOption: it is no private key, or needs a passphrase that is missing or of no use.
    """
    text = str(option("private_key") or "")
    if not text:
        return Key()
    text = key_file.normalised(text)
    try:
        encrypted = key_file.is_encrypted(text)
    except ValueError as problem:
        remedy = "Give the file's whole text with its line breaks (in YAML, after a '|'), or name the file in "
        raise InvalidOption(
            "ansible_private_key", HIDDEN, f"{problem}.", f"{remedy}ansible_ssh_private_key_file."
        ) from None
    passphrase = str(option("private_key_passphrase") or "")
    if encrypted:
        _check_passphrase(passphrase)
    return Key(text, passphrase if encrypted else None)


def _check_passphrase(passphrase: str) -> None:
    if not passphrase:
        raise InvalidOption(
            "ansible_private_key",
            HIDDEN,
            "the key is encrypted, and there is no passphrase.",
            "Set ansible_private_key_passphrase, or give the key without a passphrase (and keep it in a vault).",
        )
    if not key_file.can_decrypt():
        raise InvalidOption(
            "ansible_private_key_passphrase",
            HIDDEN,
            "decrypting a key takes the Python package cryptography, and this Python has none.",
            "Install it (pip install cryptography), or give the key without a passphrase (and keep it in a vault).",
        )
