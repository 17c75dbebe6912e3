# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key's text: checked, decrypted, and a file no longer than it must be."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import key_file


def keygen(folder: Path, kind: str, passphrase: str, *words: str) -> str:
    path = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", path, *words], check=True)
    return path.read_text()


KINDS = [("ed25519", ()), ("ecdsa", ("-m", "PEM")), ("rsa", ("-m", "PKCS8", "-b", "2048")), ("ecdsa", ("-m", "PKCS8"))]


@pytest.mark.parametrize(("kind", "words"), KINDS)
def test_the_same_key_without_its_passphrase(kind: str, words: tuple[str, ...], tmp_path: Path) -> None:
    text = keygen(tmp_path, kind, "hunter2", *words)
    assert key_file.is_encrypted(text)
    plain = key_file.decrypted(text, "hunter2")
    assert not key_file.is_encrypted(plain)
    (tmp_path / "plain").write_text(plain)
    (tmp_path / "plain").chmod(0o600)
    shown = subprocess.run(["ssh-keygen", "-y", "-f", tmp_path / "plain"], capture_output=True, text=True, check=True)
    assert shown.stdout.split()[:2] == (tmp_path / "key.pub").read_text().split()[:2]


@pytest.mark.parametrize(("kind", "words"), KINDS)
def test_a_key_without_a_passphrase(kind: str, words: tuple[str, ...], tmp_path: Path) -> None:
    assert not key_file.is_encrypted(keygen(tmp_path, kind, "", *words))


def test_a_wrong_passphrase_names_the_option_and_shows_nothing(tmp_path: Path) -> None:
    text = keygen(tmp_path, "ed25519", "hunter2")
    with pytest.raises(InvalidOption, match="ansible_private_key_passphrase") as caught:
        key_file.decrypted(text, "hunter3")
    assert "hunter" not in str(caught.value)


def test_a_file_only_as_long_as_it_is_needed(short: Path, tmp_path: Path) -> None:
    text = keygen(tmp_path, "ed25519", "")
    with key_file.written(SshTarget("h", private_key=text), f"{short}/0123-a.ctl") as path:
        assert path == f"{short}/keys/0123-a"
        assert Path(path).read_text() == text
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
        assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700
        assert key_file.left_over(str(short)) == [path]
    assert key_file.left_over(str(short)) == []


def test_gone_after_a_failure_too(short: Path) -> None:
    def use() -> None:
        with key_file.written(SshTarget("h", private_key="x"), f"{short}/0123-a.ctl"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use()
    assert key_file.left_over(str(short)) == []


def test_a_file_that_is_there_is_not_written_through(short: Path, tmp_path: Path) -> None:
    (short / "keys").mkdir()
    (short / "keys" / "0123-a").symlink_to(tmp_path / "elsewhere")

    def use() -> None:
        with key_file.written(SshTarget("h", private_key="x"), f"{short}/0123-a.ctl"):
            pass

    with pytest.raises(FileExistsError):
        use()
    assert not (tmp_path / "elsewhere").exists()


def test_without_a_key_text_nothing_is_written(short: Path) -> None:
    with key_file.written(SshTarget("h"), f"{short}/0123-a.ctl") as path:
        assert path is None
    assert list(short.iterdir()) == []
