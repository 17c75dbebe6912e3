# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names are secret, and that their values are nowhere."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import (
    MASK,
    Masker,
    looks_secret,
    mask_env,
    mask_url,
)

SECRET = [
    "PASSWORD", "DB_PASSWORD", "password", "dbPassword", "PGPASSWORD", "MYSQL_PWD", "PASS", "SMTP_PASS", "SECRET",
    "CLIENT_SECRET", "API_KEY", "apiKey", "APIKEY", "KEY", "SSH_PRIVATE_KEY", "TOKEN", "GITHUB_TOKEN", "token2",
    "AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS", "CREDENTIAL", "KEY_PASSPHRASE", "db.password", "my-secret",
]  # fmt: skip
HARMLESS = [
    "MONKEY", "KEYBOARD", "PASSENGER_COUNT", "TOKENIZER", "SECRETARY", "PWD", "OLDPWD", "PATH", "PUBLIC_KEY",
    "SSH_PUB_KEY", "COMPASS", "BYPASS", "HOME", "", "KEYRING", "SSH_AUTH_SOCK",
]  # fmt: skip
URLS = [
    ("postgres://app:s3cret@db:5432/shop", f"postgres://app:{MASK}@db:5432/shop"),
    ("redis://:s3cret@cache", f"redis://:{MASK}@cache"),
    ("https://example.com/a:b@c", "https://example.com/a:b@c"),
    ("see amqp://u:p@h and http://x", f"see amqp://u:{MASK}@h and http://x"),
]


@pytest.mark.parametrize("name", SECRET)
def test_secret(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize(("text", "masked"), URLS)
def test_urls(text: str, masked: str) -> None:
    assert mask_url(text) == masked


def test_env_is_masked_by_name_and_url() -> None:
    env = {"API_KEY": "abc", "EMPTY_TOKEN": "", "DB": "pg://u:pw@h", "N": "1"}
    assert mask_env(env) == {"API_KEY": MASK, "EMPTY_TOKEN": "", "DB": f"pg://u:{MASK}@h", "N": "1"}


def test_learnt_values_are_masked_in_texts_the_longest_first() -> None:
    masker = Masker()
    masker.learn({"A_TOKEN": "abcd", "B_TOKEN": "abcdef", "C_TOKEN": "1", "N": "visible"})
    assert masker.text("abcdef abcd 1 visible") == f"{MASK} {MASK} 1 visible"


def test_a_secret_under_a_harmless_name_is_masked_once_it_is_known() -> None:
    masker = Masker()
    masker.learn({"TOKEN": "abcdef"})
    assert masker.env({"COPY": "Bearer abcdef"}) == {"COPY": f"Bearer {MASK}"}


def test_masking_can_be_switched_off() -> None:
    masker = Masker(enabled=False)
    masker.learn({"TOKEN": "abcdef"})
    assert masker.env({"TOKEN": "abcdef"}) == {"TOKEN": "abcdef"}
    assert masker.text("abcdef pg://u:pw@h") == "abcdef pg://u:pw@h"
