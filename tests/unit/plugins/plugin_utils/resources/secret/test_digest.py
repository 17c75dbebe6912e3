# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The label by which a task knows its own data again."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret import digest

ZEROS = f"{'0' * 32}:{'0' * 64}"


def test_the_same_data_are_known_again_and_no_others() -> None:
    label = digest.label(b"hunter2\x00")
    assert digest.is_of(label, b"hunter2\x00") is True
    assert digest.is_of(label, b"hunter2") is False
    assert b"hunter2".hex() not in label and "hunter2" not in label


def test_each_label_has_a_salt_of_its_own() -> None:
    assert digest.label(b"a") != digest.label(b"a")


@pytest.mark.parametrize(
    "text", ["", "somebody's", "sha256:00", f"pbkdf2-sha256:0:{ZEROS}", f"pbkdf2-sha256:9999999:{ZEROS}"]
)
def test_a_label_of_somebody_else_says_nothing(text: str) -> None:
    """Nor does one that would take a minute to look at."""
    assert digest.is_of(text, b"a") is None
