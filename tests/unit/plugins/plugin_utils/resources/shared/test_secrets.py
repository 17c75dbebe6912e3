# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names are secret, and that their values are nowhere."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC as CONTAINER,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.options import ARGUMENT_SPEC as COPY
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events.options import (
    ARGUMENT_SPEC as EVENTS,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.options import (
    ARGUMENT_SPEC as EXEC,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.options import ARGUMENT_SPEC as IMAGE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import (
    ARGUMENT_SPEC as NETWORK,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.options import (
    ARGUMENT_SPEC as PROJECT,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.openly import (
    OPEN_OPTIONS,
    of_options,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import (
    MASK,
    Masker,
    looks_secret,
    mask_assignments,
    mask_env,
    mask_url,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.options import (
    ARGUMENT_SPEC as SHIP,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.settings import ARGUMENT_SPEC as SETTINGS

SECRET = [
    "PASSWORD", "DB_PASSWORD", "password", "dbPassword", "PGPASSWORD", "MYSQL_PWD", "PASS", "SMTP_PASS", "SECRET",
    "CLIENT_SECRET", "API_KEY", "apiKey", "APIKEY", "KEY", "SSH_PRIVATE_KEY", "TOKEN", "GITHUB_TOKEN", "token2",
    "AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS", "CREDENTIAL", "KEY_PASSPHRASE", "db.password", "my-secret",
    "splunk-token", "SENTRY_DSN",
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
    ("https://ghp_token@github.com/x", f"https://{MASK}@github.com/x"),
    ("HTTPS://token:x-oauth-basic@github.com", f"HTTPS://{MASK}@github.com"),
    ("http://proxy:8080/path@v1", "http://proxy:8080/path@v1"),
    ("http://[::1]:8080/path@v1", "http://[::1]:8080/path@v1"),
    ("ssh://git@host/x", "ssh://git@host/x"),
    ("pg://u:p@ss@h/db", f"pg://u:{MASK}@h/db"),
    ("pg://u:p#s/s?@h/db", f"pg://u:{MASK}@h/db"),
    ("pg://u:p'w@h", f"pg://u:{MASK}@h"),
    ("a://" * 3000 + "u:p@h", "a://" * 3000 + f"u:{MASK}@h"),
    ("9p://u:p@h", f"9p://u:{MASK}@h"),
    ("mongodb://u:p@h1,h2/db,redis://:q@h", f"mongodb://u:{MASK}@h1,h2/db,redis://:{MASK}@h"),
    ('{"url": "amqp://u:p@h", "mail": "a@b"}', f'{{"url": "amqp://u:{MASK}@h", "mail": "a@b"}}'),
]
ASSIGNMENTS = [
    ("run --password=s3cret --port=80", f"run --password={MASK} --port=80"),
    ("PASSWORD='two words' run", f"PASSWORD='{MASK}' run"),
    ("{'password': 'x', 'user': 'app'}", f"{{'password': '{MASK}', 'user': 'app'}}"),
    ('{"token": "a\\"b", "n": 1}', f'{{"token": "{MASK}", "n": 1}}'),
    ("o=addr=nas,username=u,password=p", f"o=addr=nas,username=u,password={MASK}"),
    ("curl -H 'Authorization: Bearer abc.def' http://x", f"curl -H 'Authorization: Bearer {MASK}' http://x"),
    ("TOKEN=$(cat /run/token) PASSWORD=$DB_PASSWORD run", "TOKEN=$(cat /run/token) PASSWORD=$DB_PASSWORD run"),
    ("PASSWORD= run", "PASSWORD= run"),
    ("password = s3cret", f"password = {MASK}"),
    ('not in the "key=value" format', 'not in the "key=value" format'),
    ("KEYBOARD=de PATH=/bin", "KEYBOARD=de PATH=/bin"),
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


@pytest.mark.parametrize(("text", "masked"), ASSIGNMENTS)
def test_assignments(text: str, masked: str) -> None:
    assert mask_assignments(text) == masked


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


PLAIN = ["1", "abc", "true", "False", "none", "default", "10.0.0.7", "fe80::1"]


@pytest.mark.parametrize("value", PLAIN)
def test_a_value_that_says_nothing_stays_in_texts(value: str) -> None:
    masker = Masker()
    masker.learn({"X_TOKEN": value})
    assert masker.text(f"it is {value}, {value}.") == f"it is {value}, {value}."
    assert masker.env({"X_TOKEN": value}) == {"X_TOKEN": MASK}


@pytest.mark.parametrize("value", ["shop", "4711", "s3cr", "production"])
def test_a_value_like_a_word_is_masked_as_a_word(value: str) -> None:
    masker = Masker()
    masker.learn({"X_TOKEN": value})
    assert masker.text(f"x{value} {value}s ({value}) key_{value}") == f"x{value} {value}s ({MASK}) key_{MASK}"
    assert masker.text(f"a\\n{value}\\n") == f"a\\n{MASK}\\n"


LONG = "s3cr.et-0f_th1s"


def test_a_long_value_is_masked_within_a_word() -> None:
    masker = Masker()
    masker.learn({"X_TOKEN": LONG, "Y_TOKEN": "abcdefg1"})
    assert masker.text(f"user{LONG}x, xabcdefg1x") == f"user{MASK}x, x{MASK}x"


ODD = "first \"line\"\n\tsecond 'ünd' 100% & more/\\end"


@pytest.mark.parametrize(
    "text",
    [
        ODD, repr(ODD), json.dumps(ODD), json.dumps(ODD, ensure_ascii=False), json.dumps(json.dumps({"k": ODD})),
        quote(ODD), quote(ODD, safe=""), quote_plus(ODD), shlex.quote(ODD),
    ],
)  # fmt: skip
def test_a_secret_is_masked_however_it_is_written(text: str) -> None:
    masker = Masker()
    masker.learn({"X_SECRET": ODD})
    masked = masker.text(f"before {text} after")
    assert masked.startswith("before ") and masked.endswith(" after")
    assert "line" not in masked and "nd" not in masked and "more" not in masked


def test_what_is_learnt_later_counts() -> None:
    masker = Masker()
    for secret in ("s3cret-1", "s3cret-2"):
        masker.learn_values([secret])
        assert masker.text(secret) == MASK


def test_the_lines_of_a_secret_are_secrets() -> None:
    masker = Masker()
    masker.learn({"TLS_KEY": "-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----\n"})
    assert masker.text("log: BgkqhkiG9w0B\n-----END KEY-----") == f"log: {MASK}\n-----END KEY-----"


def test_the_password_of_a_url_is_known_elsewhere() -> None:
    masker = Masker()
    masker.learn(
        {"DATABASE_URL": "pg://app:pw-of-db@h/db", "PROXY": "http://tok-en@h", "N": None, "L": ["pg://a:in-list@h"]}
    )
    assert masker.text("app: pw-of-db, tok-en, in-list") == f"app: {MASK}, {MASK}, {MASK}"


SHOWN = {
    "name": "gitea", "image": "docker.io/gitea/gitea:1.21", "links": ["forge-mysql:db"], "user": "www",
    "networks": [{"name": "x_backend"}], "volumes": ["/srv/nextcloud-data:/data"],
    "env": {"A": "keycloak"}, "command": "run keycloak",
}  # fmt: skip
LEFT = ["gitea", "backend", "forge-mysql", "forge", "nextcloud", "nextcloud-data", "1.21"]
HIDDEN = ["keycloak", "nextcloud-data2", "hunter2-gitea"]


@pytest.mark.parametrize("value", LEFT)
def test_a_password_that_is_shown_openly_is_masked_under_its_own_key_only(value: str) -> None:
    masker = Masker()
    masker.leave(of_options(SHOWN))
    masker.learn({"PASSWD": value, "URL": f"pg://app:{value}@db"})
    assert masker.text(f"links has the value ['{value}-mysql:db']") == f"links has the value ['{value}-mysql:db']"
    assert masker.strictly(f"PASSWD={value} pg://app:{value}@db") == f"PASSWD={MASK} pg://app:{MASK}@db"
    assert masker.env({"PASSWD": value, "NAME": value}) == {"PASSWD": MASK, "NAME": value}
    assert not masker.hides(value)


@pytest.mark.parametrize("value", HIDDEN)
def test_what_is_no_word_of_it_is_masked_everywhere(value: str) -> None:
    masker = Masker()
    masker.learn({"PASSWD": value})
    masker.leave(of_options(SHOWN))
    assert masker.text(f"gitea says {value}.") == f"gitea says {MASK}."
    assert masker.hides(value)


def test_a_secret_in_an_open_option_s_url_is_no_word_of_it() -> None:
    masker = Masker()
    masker.learn({"PASSWD": "hunter"})
    masker.leave(of_options({"path": "https://app:hunter@host/x"}))
    assert masker.text("hunter") == MASK


def test_open_options_are_options() -> None:
    """None is left over; which there may be is a list, so that one that somebody adds is not open by itself."""
    known: set[str] = set()

    def walk(spec: Mapping[str, Mapping[str, Any]]) -> None:
        for name, one in spec.items():
            known.update((name, *one.get("aliases", ())))
            walk(one.get("options", {}))

    for spec in (CONTAINER, IMAGE, NETWORK, COPY, EXEC, SHIP, SETTINGS, EVENTS, PROJECT):
        walk(spec)
    assert not OPEN_OPTIONS - known - {"volume_name"}


COMMANDS = [
    (["run", "--db-password", "s3cret", "-v"], ["run", "--db-password", MASK, "-v"]),
    (["run", "--token", "--verbose"], ["run", "--token", "--verbose"]),
    (["sh", "-c", "API_TOKEN=x run"], ["sh", "-c", f"API_TOKEN={MASK} run"]),
    (["echo", "learnt-value", 1, "--token", "$TOKEN"], ["echo", MASK, 1, "--token", "$TOKEN"]),
]


@pytest.mark.parametrize(("command", "masked"), COMMANDS)
def test_commands(command: list[object], masked: list[object]) -> None:
    masker = Masker()
    masker.learn_values(["learnt-value"])
    assert masker.command(command) == masked
    assert Masker(enabled=False).command(command) == command


def test_masking_can_be_switched_off() -> None:
    masker = Masker(enabled=False)
    masker.learn({"TOKEN": "abcdef"})
    assert masker.env({"TOKEN": "abcdef"}) == {"TOKEN": "abcdef"}
    assert masker.text("abcdef pg://u:pw@h") == "abcdef pg://u:pw@h"
