# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in quadlets."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import masking
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

LINES = [
    ("Environment=API_KEY=hunter2", "Environment=API_KEY=********"),
    ('Environment="API_KEY=two words" A=b', 'Environment="API_KEY=********" A=b'),
    ("Environment='DB_PASSWORD=it is'", "Environment='DB_PASSWORD=********'"),
    ('Environment="A=b" "TOKEN=x\\"y"', 'Environment="A=b" "TOKEN=********"'),
    ("PodmanArgs=--env=API_KEY=hunter2 --tty", "PodmanArgs=--env=API_KEY=******** --tty"),
    ("Environment=URL=postgres://app:hunter2@db/x", "Environment=URL=postgres://app:********@db/x"),
    ("Environment=PLAIN=x", "Environment=PLAIN=x"), ("# API_KEY", "# API_KEY"), ("Exec=sleep 1", "Exec=sleep 1"),
    ("  password: hunter2", "  password: ********"), ('- "token": hunter2', '- "token": ********'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "shown"), LINES)
def test_lines(line: str, shown: str) -> None:
    assert masking.masked(f"[X]\n{line}\n", Masker()) == f"[X]\n{shown}\n"
    assert masking.masked(line, Masker(enabled=False)) == line


def test_a_secret_is_kept_out_of_other_texts_too() -> None:
    masker = Masker()
    masking.learn('[Container]\nEnvironment="DB_PASSWORD=two words" "PIN_TOKEN=100%%$$ x"\n', masker)
    assert masker.text("it says: two words, 100%$ x") == "it says: ********, ********"


def test_a_secret_that_changed_shows_that_it_did() -> None:
    old, new = masking.masked_pair("Environment=API_KEY=aaaaaa\nA=1\n", "Environment=API_KEY=bbbbbb\nA=1\n", Masker())
    assert old == "Environment=API_KEY=******** (old)\nA=1\n" and new == "Environment=API_KEY=********\nA=1\n"
    same, again = masking.masked_pair("Environment=API_KEY=aaaaaa\n", "Environment=API_KEY=aaaaaa\nB=2\n", Masker())
    assert again.startswith(same)
