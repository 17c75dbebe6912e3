# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a login was denied, as far as the controller can see it: the key's file and the agent, looked at afterwards.

sshd tells nobody why, and ssh without a terminal passes over an encrypted key in silence.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import re
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from ...dataclass import dataclass
from ..address.target import SshTarget

AGENT_TIMEOUT = 2.0  # seconds
REQUEST_IDENTITIES = 11
IDENTITIES_ANSWER = 12
LONGEST_ANSWER = 256 * 1024
OPENSSH_MAGIC = b"openssh-key-v1\0"

# By cause (see error_classes, kind authentication).
REMEDIES = {
    "password": (
        "The password (ansible_password) is not the user's, or sshd takes none: see PasswordAuthentication and "
        "PermitRootLogin in sshd_config there."
    ),
    "no_prompt": (
        "Nobody answered what sshd asked: a prompt gets the password only when it contains ansible_sshpass_prompt "
        "(by default 'assword'), and only once; a second factor can't be typed."
    ),
    "key_text": "ssh can't read the text in ansible_private_key: give the whole text of a private key.",
    "key_missing": "The key file {key} is not there: correct ansible_ssh_private_key_file.",
    "key_permissions": "The key file {key} is open to others (mode {mode}), so ssh ignores it: chmod 600 {key}",
    "key_unreadable": (
        "The user who runs Ansible (uid {uid}) may not read the key file {key}, which is {owner} (mode {mode}): as "
        "root, chown {uid} {key}; or give a container the user that owns it."
    ),
    "key_encrypted": "The key {key} is encrypted and no agent has it: {add}",
    "key_invalid": "ssh can't read the key file {key}: name a private key in ansible_ssh_private_key_file.",
    "agent_gone": "No agent answers on SSH_AUTH_SOCK={agent}: start one (eval $(ssh-agent); ssh-add), or name a key.",
    "agent_without_key": "The agent does not hold {wanted}: {add}",
    "too_many": (
        "The agent offers more keys than sshd's MaxAuthTries lets pass: name the one in ansible_ssh_private_key_file, "
        "with -o IdentitiesOnly=yes in ansible_ssh_common_args."
    ),
    "denied": "Put {offered} into the user's authorized_keys there, or name another user or key. Try: {login}",
}

_UNREADABLE = re.compile(r'Load key "[^"]*": Permission denied')
# The file that key_file writes a key's text to.
_KEY_TEXT = re.compile(r'Load key "[^"]*/keys/[0-9a-f]{16}-')


@dataclass(frozen=True)
class Key:
    """What a key's file shows without its passphrase; ``public`` is the public key, b'' where the file does not hold
    it.
    """

    public: bytes = b""
    encrypted: bool = False
    private: bool = True


def explain(target: SshTarget, said: str) -> tuple[str, str]:
    """(cause, remedy) of a denied login: the cause is a key of ``REMEDIES``, the remedy its sentence for this target.

    :param said: what ssh wrote on stderr.
    """
    cause = _cause(target, said)
    key = target.private_key_file or ""
    remedy = REMEDIES[cause].format(
        key=key,
        mode=f"{_mode(key):04o}",
        uid=os.geteuid(),
        owner=_owner(key),
        agent=target.agent_socket,
        wanted=f"the key of {key}" if key else "a single key",
        add=f"{'' if target.agent_socket else 'eval $(ssh-agent); '}ssh-add {key.removesuffix('.pub')}".strip(),
        offered=f"the key {key}" if key else "a key of your ssh-agent" if target.agent_socket else "a key",
        login=target.login,
    )
    return cause, remedy


def _cause(target: SshTarget, said: str) -> str:
    if "sshpass: no login in time" in said:
        return "no_prompt"
    if _KEY_TEXT.search(said):
        return "key_text"
    if target.password is not None:
        return "password"
    if "Too many authentication failures" in said:
        return "too_many"
    if target.private_key_file and _UNREADABLE.search(said):
        return "key_unreadable"
    if target.private_key_file:
        return _cause_in_key(target, Path(target.private_key_file).expanduser())
    if target.private_key is None and target.agent_socket:
        held = agent_keys(target.agent_socket)
        return "agent_gone" if held is None else "denied" if held else "agent_without_key"
    return "denied"


def _cause_in_key(target: SshTarget, path: Path) -> str:
    if not path.is_file():
        return "key_missing"
    if is_open_to_others(path):
        return "key_permissions"
    key = read_key(path)
    if key is None:
        return "key_invalid"
    if key.private and not key.encrypted:
        return "denied"
    if key.public and key.public in (agent_keys(target.agent_socket) or []):
        return "denied"
    return "key_encrypted" if key.private else "agent_without_key"


def is_open_to_others(path: Path) -> bool:
    """Whether ssh passes over this key file, because others may read it and it is the user's own."""
    with contextlib.suppress(OSError):
        return path.stat().st_uid == os.geteuid() and bool(_mode(str(path)) & 0o077) and path.suffix != ".pub"
    return False


def _mode(path: str) -> int:
    try:
        return stat.S_IMODE(Path(path).expanduser().stat().st_mode) if path else 0
    except OSError:
        return 0


def _owner(path: str) -> str:
    try:
        return f"uid {Path(path).expanduser().stat().st_uid}'s" if path else "nobody's"
    except OSError:
        return "somebody else's"


def read_key(path: Path) -> Key | None:
    """What a key's file shows without its passphrase; None when it can't be read or holds no kind of key that is known
    here.
    """
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    if "PRIVATE KEY-----" not in text:
        public = _public_line(text)
        return Key(public, private=False) if public else None
    if "BEGIN OPENSSH PRIVATE KEY" in text:
        return _openssh_key(text)
    encrypted = "ENCRYPTED" in text
    with contextlib.suppress(OSError, ValueError):
        return Key(_public_line(Path(f"{path}.pub").read_text(encoding="ascii")), encrypted)
    return Key(encrypted=encrypted)


def _public_line(text: str) -> bytes:
    words = text.split()
    with contextlib.suppress(IndexError, binascii.Error):
        return base64.b64decode(words[1], validate=True)
    return b""


def _openssh_key(text: str) -> Key | None:
    """Read a key in OpenSSH's own format (PROTOCOL.key): magic, cipher, kdf, kdf options, number of keys, public key,
    private key.
    """
    try:
        data = base64.b64decode("".join(line for line in text.splitlines() if not line.startswith("-----")))
    except binascii.Error:
        return None
    if not data.startswith(OPENSSH_MAGIC):
        return None
    try:
        cipher, offset = _string(data, len(OPENSSH_MAGIC))
        for _field in ("kdf", "its options"):
            _value, offset = _string(data, offset)
        public, _offset = _string(data, offset + 4)
    except struct.error:
        return None
    return Key(public, cipher != b"none")


def _string(data: bytes, offset: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">I", data, offset)
    return data[offset + 4 : offset + 4 + length], offset + 4 + length


def agent_keys(path: str | None) -> list[bytes] | None:
    """The public keys that the agent on this socket holds; None when nobody answers there."""
    if not path:
        return None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(AGENT_TIMEOUT)
            agent.connect(path)
            agent.sendall(struct.pack(">IB", 1, REQUEST_IDENTITIES))
            answer = _answer(agent)
            kind, count = struct.unpack_from(">BI", answer)
            return list(_blobs(answer, count)) if kind == IDENTITIES_ANSWER else None
    except (OSError, struct.error):
        return None


def _answer(agent: socket.socket) -> bytes:
    stream = agent.makefile("rb")
    (length,) = struct.unpack(">I", stream.read(4))
    return stream.read(min(length, LONGEST_ANSWER))


def _blobs(answer: bytes, count: int) -> Iterator[bytes]:
    offset = struct.calcsize(">BI")
    for _number in range(count):
        blob, offset = _string(answer, offset)
        _comment, offset = _string(answer, offset)
        yield blob
