# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private key that is given as text: it is checked and decrypted, and it is a file only while a master is being
started.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import importlib.util
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ...errors import InvalidOption
from ..address.target import SshTarget
from .identities import OPENSSH_MAGIC

# A directory of its own: whether a killed run has left a key there costs the next task one system call.
DIRECTORY = "keys"
_PEM = re.compile(
    r"-----BEGIN (?P<label>[A-Z0-9 ]*PRIVATE KEY)-----\n(?P<body>.*?)\n-----END (?P=label)-----\n?\s*\Z", re.DOTALL
)


def normalised(text: str) -> str:
    """The text as ssh reads it: Unix line ends, one at its end, nothing around it."""
    return text.replace("\r\n", "\n").strip() + "\n"


def is_encrypted(text: str) -> bool:
    """Whether a private key's text (normalised) needs a passphrase.

    :raises ValueError: it is no private key; the message says why and shows nothing of it.
    """
    match = _PEM.match(text)
    if match is None:
        raise ValueError("it is not the whole text of a private key, from -----BEGIN to the end of the -----END line")
    label, body = match["label"], match["body"]
    if label == "ENCRYPTED PRIVATE KEY" or "Proc-Type: 4,ENCRYPTED" in body:
        return True
    try:
        raw = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("its lines between BEGIN and END are not base64") from None
    if label != "OPENSSH PRIVATE KEY":
        return False
    if not raw.startswith(OPENSSH_MAGIC):
        raise ValueError("its content is not an OpenSSH private key")
    return not raw[len(OPENSSH_MAGIC) + 4 :].startswith(b"none")


def can_decrypt() -> bool:
    """Whether the Python package that decrypts keys is installed."""
    return importlib.util.find_spec("cryptography") is not None


def decrypted(text: str, passphrase: str) -> str:
    """The same key without its passphrase, in OpenSSH's format.

    :raises InvalidOption: the passphrase is wrong, or the key can't be read.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
    except ImportError:  # looked for before anything was touched; gone since
        raise InvalidOption("ansible_private_key", "********", "cryptography can't be imported.") from None
    openssh = "BEGIN OPENSSH" in text
    load = serialization.load_ssh_private_key if openssh else serialization.load_pem_private_key
    try:
        key = load(text.encode(), passphrase.encode())
        return key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        ).decode()
    except (ValueError, TypeError, UnsupportedAlgorithm):  # their texts may quote the key
        raise InvalidOption(
            "ansible_private_key_passphrase",
            "********",
            "it does not decrypt ansible_private_key.",
            "Correct the passphrase, or give the key without one.",
        ) from None


@contextlib.contextmanager
def written(target: SshTarget, control: str) -> Iterator[str | None]:
    """A context in which the target's key is a file of mode 0600. It gives the file's path, None where no key is given
    as text.

    :param control: the control socket of the master that is being started; the file is named after it.
    :raises InvalidOption: the key can't be decrypted.
    """
    if target.private_key is None:
        yield None
        return
    text = target.private_key
    if target.private_key_passphrase and is_encrypted(text):
        text = decrypted(text, target.private_key_passphrase)
    path = _path(control)
    try:
        _write(path, text)
        yield path
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 - beside os.open


def _path(control: str) -> str:
    directory = Path(control).parent / DIRECTORY
    directory.mkdir(mode=0o700, exist_ok=True)
    return str(directory / Path(control).stem)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def left_over(directory: str) -> list[str]:
    """The paths of the key files in the runtime directory; their names begin with a target's identity."""
    folder = f"{directory}/{DIRECTORY}"
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]  # noqa: PTH208 - on the warm way of every task
    except FileNotFoundError:
        return []
