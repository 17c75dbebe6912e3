# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's become plugin, as the task executor leaves it on the connection."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ansible.plugins.loader import become_loader

from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.become import become_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become


def connection(method: str, **options: Any) -> SimpleNamespace:
    plugin = become_loader.get(method)
    plugin.set_options(direct=options)
    return SimpleNamespace(become=plugin)


def test_become_is_off() -> None:
    assert become_of(SimpleNamespace(become=None)) is None


def test_sudo_with_its_defaults() -> None:
    assert become_of(connection("sudo")) == Become()
    assert become_of(connection("ansible.builtin.sudo")) == Become()


def test_sudo_with_everything() -> None:
    options = {"become_user": "app", "become_exe": "/opt/sudo", "become_flags": "-E", "become_pass": "s3cret"}
    expected = Become(user="app", exe="/opt/sudo", flags="-E", password="s3cret")
    assert become_of(connection("sudo", **options)) == expected


def test_another_method_is_only_named() -> None:
    assert become_of(connection("su", become_pass="s3cret")) == Become(method="su")
