# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is a secret, and how secrets are kept out of results, diffs and messages."""

from __future__ import annotations

import ipaddress
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

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

# A secret shorter than this would mask half of a text by chance, and so would these words.
SHORTEST_IN_TEXT = 4
PLAIN_WORDS = frozenset({"true", "false", "none", "null", "auto", "default", "enabled", "disabled"})
# A shorter one, or one of letters only, is masked as a whole word: "shop" is no part of "bishops".
LONG_IN_TEXT = 8

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_URL = re.compile(r'(\b[a-zA-Z][a-zA-Z0-9+.-]*://)([^\s"<>`]+)')
_HOST_AND_PORT = re.compile(r"[^:]*(:\d*)?|\[[^\]]*\](:\d*)?")
_NAME = re.compile(r"""([\w.-]+)(?:=|\s+=\s+|["']\s*:\s*)""")
_VALUE = re.compile(r"""(?P<quote>["'])(?:\\.|(?!(?P=quote))[^\\])+(?P=quote)|[^\s"'$=][^\s"']*""")
_EXAMPLE = "key=value"  # of Ansible's own messages about options
_AUTHORIZATION = re.compile(r"""(?i)(\bauthorization\s*:\s*(?:[a-z]+\s+)?)[^\s"']+""")
# In a text that was made JSON, a line's first word stands behind the letter of an escape.
_BEFORE_WORD, _AFTER_WORD = r"(?:(?<![a-zA-Z0-9])|(?<=\\[nrt]))", r"(?![a-zA-Z0-9])"


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


def _user_info(rest: str) -> str:
    """The user-info of a URL, of what follows its ``//``; also where a password has characters it should not have."""
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        return authority.rpartition("@")[0]
    return "" if _HOST_AND_PORT.fullmatch(authority) else rest.rpartition("@")[0]


def _masked_url(found: re.Match[str]) -> str:
    scheme, rest = found[1], found[2]
    info = _user_info(rest)
    behind = rest[len(info) :]
    if behind:
        behind = mask_url(behind)
    if not info:
        return scheme + behind
    user, colon, _password = info.partition(":")
    if "http" in scheme.lower():  # the name may be the secret there: https://TOKEN@host, https://TOKEN:x-oauth@host
        return f"{scheme}{MASK}{behind}"
    return f"{scheme}{user}{colon}{MASK if colon else ''}{behind}"


def mask_url(text: str) -> str:
    """Replace the password of every URL, ``postgres://app:********@db/shop``, and user and password of http's."""
    return _URL.sub(_masked_url, text) if "://" in text else text


def mask_assignments(text: str) -> str:
    """Replace what secret-looking names are given in a command line or the like: ``--password=********``."""
    masked, position = "", 0
    for name in _NAME.finditer(text):
        value = _VALUE.match(text, name.end()) if name.start() >= position and looks_secret(name[1]) else None
        if value is not None and text[name.start() : value.end()] != _EXAMPLE:
            quotation = value["quote"] or ""
            masked += f"{text[position : name.end()]}{quotation}{MASK}{quotation}"
            position = value.end()
    return _AUTHORIZATION.sub(rf"\1{MASK}", masked + text[position:])


def mask_env(env: Mapping[str, str]) -> dict[str, str]:
    """An environment with the values of secret-looking names, and the secrets in other values, replaced."""
    return {
        key: MASK if value and looks_secret(key) else mask_assignments(mask_url(value)) for key, value in env.items()
    }


def _is_open(value: str) -> bool:
    """Whether a value says nothing, whatever its name: it stays in texts, where it would be masked by chance."""
    if len(value) < SHORTEST_IN_TEXT or value.lower() in PLAIN_WORDS:
        return True
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "." in value or ":" in value


def _spellings(value: str) -> set[str]:
    """A secret as it may stand in a text: as it is, line by line, and as JSON, a URL or a shell has it."""
    found = {value, value.strip()}
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        found.update(line for line in lines if not line.startswith("-----"))  # a PEM's frame is none
    for text in tuple(found):
        escaped = [json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
        found.update(escaped, (json.dumps(once)[1:-1] for once in escaped))
        found.update((repr(text)[1:-1], quote(text, safe=""), quote(text), quote_plus(text)))
        found.add(shlex.quote(text).removeprefix("'").removesuffix("'"))
    return {spelling for spelling in found if not _is_open(spelling)}


def _pattern(spelling: str) -> str:
    plain = spelling.isascii() and (spelling.isalpha() or (spelling.isalnum() and len(spelling) < LONG_IN_TEXT))
    return f"{_BEFORE_WORD}{re.escape(spelling)}{_AFTER_WORD}" if plain else re.escape(spelling)


def _passwords_of_urls(text: str) -> Iterator[str]:
    for found in _URL.finditer(text):
        info = _user_info(found[2])
        _user, colon, password = info.partition(":")
        if colon:
            yield password
        if "http" in found[1].lower():
            yield info


class Masker:
    """Keeps the secrets it has learnt out of texts: engine messages, log lines, command lines."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self._spellings: set[str] = set()
        self._known: re.Pattern[str] | None = None

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
            if not _is_open(value) and value not in self._spellings:
                self._spellings |= _spellings(str(value))
        if len(self._spellings) > before:
            self._known = None

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
        if self._known is None and self._spellings:
            longest_first = sorted(self._spellings, key=len, reverse=True)
            self._known = re.compile("|".join(map(_pattern, longest_first)))
        return mask_url(self._known.sub(MASK, text) if self._known else text)

    def strictly(self, text: str) -> str:
        """Also without what secret-looking names are given in it, for texts that are no output of a container."""
        return mask_assignments(self.text(text)) if self.enabled else text


def _is_value_of(option: str, item: str) -> bool:
    flag = option.startswith("-") and "=" not in option and " " not in option
    return flag and looks_secret(option) and bool(item) and not item.startswith(("-", "$"))
