# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a login was denied, seen from real keys and a real agent; no host is asked."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.error_classes import BY_KIND
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import identities

DENIED = "u@h: Permission denied (publickey)."
PASSPHRASE = "long enough"
FORMATS: dict[str, tuple[str, ...]] = {
    "openssh": ("-t", "ed25519"),
    "pem": ("-t", "ecdsa", "-m", "PEM"),
    "pkcs8": ("-t", "ecdsa", "-m", "PKCS8"),
}


def make_key(path: Path, passphrase: str = "", form: str = "openssh") -> str:
    subprocess.run(["ssh-keygen", "-q", *FORMATS[form], "-N", passphrase, "-f", path], check=True)
    return str(path)


def explained(said: str = DENIED, **fields: Any) -> tuple[str, str]:
    return identities.explain(SshTarget("h", user="u", **fields), said)


@pytest.fixture
def agent() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="sf") as name:
        path = f"{name}/agent"
        process = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
        while not Path(path).exists() and process.poll() is None:
            time.sleep(0.01)
        yield path
        process.terminate()
        process.wait()


def add(agent: str, key: str) -> None:
    subprocess.run(["ssh-add", "-q", key], env={"SSH_AUTH_SOCK": agent, "PATH": "/usr/bin:/bin"}, check=True)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("passphrase", "cause"), [("", "denied"), (PASSPHRASE, "key_encrypted")])
def test_an_encrypted_key_is_told_from_a_plain_one(tmp_path: Path, form: str, passphrase: str, cause: str) -> None:
    key = make_key(tmp_path / "key", passphrase, form)
    assert explained(private_key_file=key)[0] == cause
    (tmp_path / "key.pub").unlink()
    assert explained(private_key_file=key)[0] == cause


def test_what_mends_an_encrypted_key(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key", PASSPHRASE)
    assert f"is encrypted and no agent has it: eval $(ssh-agent); ssh-add {key}" in explained(private_key_file=key)[1]
    assert explained(private_key_file=key, agent_socket="/a")[1].endswith(f"no agent has it: ssh-add {key}")


@pytest.mark.parametrize("form", FORMATS)
def test_the_agent_has_the_encrypted_key(tmp_path: Path, agent: str, form: str) -> None:
    """Then it was offered: sshd does not accept it."""
    key = make_key(tmp_path / "key", "", form)
    add(agent, key)
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", PASSPHRASE, "-f", key], check=True, stdout=subprocess.DEVNULL)
    assert explained(private_key_file=key, agent_socket=agent)[0] == "denied"
    assert explained(private_key_file=key, agent_socket=None)[0] == "key_encrypted"


def test_an_agent_without_the_key(tmp_path: Path, agent: str) -> None:
    public = f"{make_key(tmp_path / 'key')}.pub"
    cause, remedy = explained(agent_socket=agent)
    assert (cause, remedy) == ("agent_without_key", "The agent does not hold a single key: ssh-add")
    add(agent, make_key(tmp_path / "other"))
    assert explained(agent_socket=agent)[0] == "denied"
    cause, remedy = explained(agent_socket=agent, private_key_file=public)
    assert (cause, remedy) == (
        "agent_without_key",
        f"The agent does not hold the key of {public}: ssh-add {public.removesuffix('.pub')}",
    )
    add(agent, public.removesuffix(".pub"))
    assert explained(agent_socket=agent, private_key_file=public)[0] == "denied"


def test_other_causes(tmp_path: Path) -> None:
    assert explained(private_key_file="/no/key") == (
        "key_missing", "The key file /no/key is not there: correct ansible_ssh_private_key_file.",
    )  # fmt: skip
    wide = make_key(tmp_path / "wide")
    Path(wide).chmod(0o644)
    assert explained(private_key_file=wide)[1].endswith(f"(mode 0644), so ssh ignores it: chmod 600 {wide}")
    for number, text in enumerate(("hello", "", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "ssh-ed25519 !")):
        garbage = tmp_path / f"garbage{number}"
        garbage.write_text(text)
        garbage.chmod(0o600)
        assert explained(private_key_file=str(garbage))[0] == "key_invalid"
    assert explained(agent_socket="/no/agent")[0] == "agent_gone"
    assert explained("Received disconnect: Too many authentication failures")[0] == "too_many"
    assert explained(password="guess what") == ("password", identities.REMEDIES["password"])
    assert explained()[1].startswith("Put a key into the user's authorized_keys")


def test_the_table_knows_every_cause() -> None:
    assert {cause.name for cause in BY_KIND["authentication"].causes} == set(identities.REMEDIES)
