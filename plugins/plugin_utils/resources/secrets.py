# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which environment values are secrets, and how they are kept out of results, diffs and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MASK = "********"

# Whole words of a variable's name. PWD is a secret in DB_PWD, and the working directory when it stands alone.
_WORDS = (
    "AUTHTOKEN ACCESSKEY APIKEY CREDENTIAL CREDENTIALS CREDS KEY KEYS PASS PASSPHRASE PASSWD PASSWORD PASSWORDS "
    "PRIVATEKEY PWD SECRET SECRETKEY SECRETS SSHPASS TOKEN TOKENS"
)
SECRET_WORDS = frozenset(_WORDS.split())
# No English word ends in these, so that PGPASSWORD and the like are found too.
SECRET_ENDINGS = ("PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY")
# The first word makes the second harmless: a public key is made to be shown.
PUBLIC_WORDS = frozenset({"PUB", "PUBLIC"})
KEY_WORDS = frozenset({"KEY", "KEYS"})
WORKING_DIRECTORIES = frozenset({"PWD", "OLDPWD"})

# A secret shorter than this would mask half of a text by chance.
SHORTEST_IN_TEXT = 4

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_USER_INFO = re.compile(r"(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)")


def looks_secret(key: str) -> bool:
    """Whether a variable of this name holds a secret: API_KEY, dbPassword and PGPASSWORD do, KEYBOARD does not."""
    if key in WORKING_DIRECTORIES:
        return False
    words = [word.upper() for word in _WORD.findall(key)]
    if any(word.endswith(SECRET_ENDINGS) for word in words):
        return True
    return any(
        word in SECRET_WORDS and not (word in KEY_WORDS and index and words[index - 1] in PUBLIC_WORDS)
        for index, word in enumerate(words)
    )


def mask_url(text: str) -> str:
    """Replace the password of every URL in a text: ``postgres://app:********@db/shop``."""
    return _USER_INFO.sub(rf"\1{MASK}", text)


def mask_env(env: Mapping[str, str]) -> dict[str, str]:
    """An environment with the values of secret-looking names, and passwords in URLs, replaced by ``********``."""
    return {key: MASK if value and looks_secret(key) else mask_url(value) for key, value in env.items()}


class Masker:
    """Keeps the secrets it has learnt out of texts: engine messages, log lines, command lines."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self._values: set[str] = set()

    def learn(self, env: Mapping[str, str]) -> None:
        """Remember the values of the secret-looking names in an environment."""
        self.learn_values(value for key, value in env.items() if looks_secret(key))

    def learn_values(self, values: Iterable[str]) -> None:
        self._values.update(value for value in values if len(value) >= SHORTEST_IN_TEXT)

    def env(self, env: Mapping[str, str]) -> dict[str, str]:
        """See :func:`mask_env`; everything as it is when masking is switched off."""
        if not self.enabled:
            return dict(env)
        return {key: self.text(value) for key, value in mask_env(env).items()}

    def text(self, text: str) -> str:
        """A text without the learnt values and without passwords in URLs."""
        if not self.enabled:
            return text
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, MASK)
        return mask_url(text)
