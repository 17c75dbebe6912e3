# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is a secret, and how secrets are kept out of results, diffs and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .spellings import Finder, is_word, says_nothing, spellings
from .user_info import user_infos

MASK = "********"

# Whole words of a variable's name. PWD is a secret in DB_PWD, and the working directory when it stands alone.
_WORDS = (
    "AUTHTOKEN ACCESSKEY APIKEY CREDENTIAL CREDENTIALS CREDS DSN KEY KEYS PASS PASSPHRASE PASSWD PASSWORD PASSWORDS "
    "PRIVATEKEY PWD SECRET SECRETKEY SECRETS SSHPASS TOKEN TOKENS"
)
SECRET_WORDS = frozenset(_WORDS.split())
# No English word ends in these, so that PGPASSWORD and the like are found too.
SECRET_ENDINGS = ("PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY")
# The first word makes the second harmless: a public key is made to be shown.
PUBLIC_WORDS = frozenset({"PUB", "PUBLIC"})
KEY_WORDS = frozenset({"KEY", "KEYS"})
WORKING_DIRECTORIES = frozenset({"PWD", "OLDPWD"})

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# A word is taken as a whole, from its beginning: a text that is one long word would else be read once for each letter.
_NAME = re.compile(r"""(?<![\w.-])([\w.-]++)(?:=|\s+=\s+|["']\s*:\s*)""")
_VALUE = re.compile(r"""(?P<quote>["'])(?:\\.|(?!(?P=quote))[^\\])+(?P=quote)|[^\s"'$=][^\s"']*""")
# Of what is shown openly: the parts of a path, an image or a link, and the words of a name.
_PARTS = re.compile(r"[/:,=]")
_WORDS_OF_NAME = re.compile(r"[a-zA-Z0-9]+")
_EXAMPLE = "key=value"  # of Ansible's own messages about options
_AUTHORIZATION = re.compile(r"""(?i)(\bauthorization\s*:\s*(?:[a-z]+\s+)?)[^\s"']+""")


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
    """Replace the password of every URL, ``postgres://app:********@db/shop``, and user and password of http's."""
    pieces, position = [], 0
    for info in user_infos(text):
        user, colon, _password = text[info.start : info.end].partition(":")
        if info.http or colon:
            pieces += [text[position : info.start], "" if info.http else user + colon, MASK]
            position = info.end
    return "".join([*pieces, text[position:]])


def mask_assignments(text: str) -> str:
    """Replace what secret-looking names are given in a command line or the like: ``--password=********``."""
    pieces, position = [], 0
    for name in _NAME.finditer(text):
        value = _VALUE.match(text, name.end()) if name.start() >= position and looks_secret(name[1]) else None
        if value is not None and text[name.start() : value.end()] != _EXAMPLE:
            quotation = value["quote"] or ""
            pieces += [text[position : name.end()], quotation, MASK, quotation]
            position = value.end()
    return _AUTHORIZATION.sub(rf"\1{MASK}", "".join([*pieces, text[position:]]))


def mask_env(env: Mapping[str, str]) -> dict[str, str]:
    """An environment with the values of secret-looking names, and the secrets in other values, replaced."""
    return {
        key: MASK if value and looks_secret(key) else mask_assignments(mask_url(value)) for key, value in env.items()
    }


def _passwords_of_urls(text: str) -> Iterator[str]:
    for found in user_infos(text):
        info = text[found.start : found.end]
        _user, colon, password = info.partition(":")
        if colon:
            yield password
        if found.http:
            yield info


class Masker:
    """Keeps the secrets it has learnt out of texts: engine messages, log lines, command lines."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self._spellings: set[str] = set()
        self._shown: set[str] = set()
        self._finder: Finder | None = None

    def learn(self, env: Mapping[str, Any]) -> None:
        """Remember the values of the secret-looking names in a dict, and the passwords of URLs in all values."""
        for key, value in env.items():
            if not isinstance(value, str):
                self.learn_from(value)
                continue
            self.learn_values([value] if looks_secret(str(key)) else [])
            self.learn_values(_passwords_of_urls(value))

    def learn_from(self, value: Any) -> None:
        """Remember the secrets of a task's options, or of anything made of dicts, lists and texts."""
        if isinstance(value, Mapping):
            self.learn(value)
        elif isinstance(value, str):
            self.learn_values(_passwords_of_urls(value))
        elif isinstance(value, Iterable):
            for item in value:
                self.learn_from(item)

    def learn_values(self, values: Iterable[str]) -> None:
        before = len(self._spellings)
        for value in values:
            if not says_nothing(value) and value not in self._spellings:
                self._spellings |= spellings(str(value))
        if len(self._spellings) > before:
            self._finder = None

    def leave(self, shown: Iterable[str]) -> None:
        """Leave these in texts, although a secret may be the same, or one of their words: whoever calls a container
        and its password alike has told it with the name.
        """
        before = len(self._shown)
        for text in shown:
            self._shown.update((text, *_PARTS.split(text)))
            self._shown.update(word for word in _WORDS_OF_NAME.findall(text) if is_word(word))
        if len(self._shown) > before:
            self._finder = None

    def hides(self, secret: str) -> bool:
        """Whether a secret is masked in texts, and not left as one that says nothing or is shown anyway."""
        return secret not in self._shown and not says_nothing(secret)

    def env(self, env: Mapping[str, str]) -> dict[str, str]:
        """See :func:`mask_env`; everything as it is when masking is switched off."""
        if not self.enabled:
            return dict(env)
        return {key: self.text(value) for key, value in mask_env(env).items()}

    def command(self, items: Sequence[Any]) -> list[Any]:
        """The parts of a command line without secrets: also what follows ``--password``."""
        if not self.enabled:
            return list(items)
        masked: list[Any] = []
        for index, item in enumerate(items):
            option = items[index - 1] if index else ""
            if isinstance(item, str) and isinstance(option, str) and _is_value_of(option, item):
                masked.append(MASK)
            else:
                masked.append(self.strictly(item) if isinstance(item, str) else item)
        return masked

    def text(self, text: str) -> str:
        """A text without the learnt values and without passwords in URLs."""
        if not self.enabled or not text:
            return text
        if self._finder is None:
            self._finder = Finder(self._spellings - self._shown)
        return mask_url(self._finder.replace(text, MASK))

    def strictly(self, text: str) -> str:
        """Also without what secret-looking names are given in it, for texts that are no output of a container."""
        return mask_assignments(self.text(text)) if self.enabled else text


def _is_value_of(option: str, item: str) -> bool:
    flag = option.startswith("-") and "=" not in option and " " not in option
    return flag and looks_secret(option) and bool(item) and not item.startswith(("-", "$"))
