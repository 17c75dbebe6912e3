# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configs and secrets are files that are put into containers."""

from __future__ import annotations

import pytest
from compose_translated import refused, web

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import PutFile

TOP = """
configs:
  inline: {content: "a b"}
  text: {file: ./app.conf}
secrets:
  key: {file: key.pem}
  token: {environment: TOKEN}
"""
FILES = {"app.conf": b"conf\n", "key.pem": b"\x00\xff"}


def test_where_they_are_put() -> None:
    text = "{source: text, target: /etc/app.conf, mode: 0440, uid: '10', gid: '20'}"
    keys = f"configs: [inline, {text}]\nsecrets: [key, {{source: token, target: t}}]"
    assert web(keys, TOP, files=FILES, env={"TOKEN": "s3"}).files == (
        PutFile(path="/inline", content=b"a b"),
        PutFile(path="/etc/app.conf", content=b"conf\n", mode=0o440, uid=10, gid=20),
        PutFile(path="/run/secrets/key", content=b"\x00\xff"),
        PutFile(path="/run/secrets/t", content=b"s3"),
    )


def test_contents_are_shown_nowhere() -> None:
    assert "s3cret" not in repr(web("secrets: [token]", TOP, env={"TOKEN": "s3cret"}))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("configs: [text]", "configs.text.file names /projects/shop/app.conf, which can't be read: No such file"),
        ("secrets: [token]", "secrets.token.environment names TOKEN, which is not set."),
        ("secrets: [{source: token, uid: me}]", "services.web.secrets[0].uid has the value 'me': it is no number."),
        ("configs: [inline]\nread_only: true", "services.web.configs[0] can't be put to /inline"),
        ("configs: [{source: inline, target: /run/x}]\ntmpfs: /run", "would be hidden by the tmpfs at /run."),
    ],
)
def test_what_is_refused(keys: str, said: str) -> None:
    assert any(said in problem for problem in refused(keys, TOP)), refused(keys, TOP)


def test_a_volume_takes_files_of_a_read_only_container() -> None:
    made = web("configs: [{source: inline, target: /data/x}]\nread_only: true\nvolumes: [/data]", TOP)
    assert [one.path for one in made.files] == ["/data/x"]


@pytest.mark.parametrize("keys", ["external: true", "driver: x", "template_driver: golang", "driver_opts: {a: b}"])
def test_swarms_own_are_refused(keys: str) -> None:
    assert any(
        "configs.c." in one
        for one in refused(
            "configs: [c]",
            f"configs:\n  c: {{file: a, {keys}}}" if "external" not in keys else f"configs:\n  c: {{{keys}}}",
        )
    )
