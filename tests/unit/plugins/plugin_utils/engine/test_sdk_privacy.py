# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing of the user's reaches a target: no credentials, proxies, headers or .netrc. See conftest for the fake."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import sdk

PLUGINS = Path(__file__).resolve().parents[5] / "plugins"
PASSWORD = "hunter2-of-the-user"
AUTH = base64.b64encode(f"user:{PASSWORD}".encode()).decode()
CONFIG = {
    "auths": {"https://index.docker.io/v1/": {"auth": AUTH}, "localhost:5000": {"auth": AUTH}},
    "credHelpers": {"helped:5000": "bait"},
    "HttpHeaders": {"X-Meta-Bait": PASSWORD},
    "proxies": {"default": {"httpProxy": f"http://{PASSWORD}@127.0.0.1:9"}},
}
IMAGES = ["busybox", "localhost:5000/busybox", "helped:5000/busybox"]


@pytest.fixture(params=["home", "DOCKER_CONFIG", "legacy"])
def users_configuration(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A user with passwords, a credential helper, proxies and a .netrc; gives the file the helper would leave."""
    home, folder, called = tmp_path / "home", tmp_path / "elsewhere", tmp_path / "helper-was-called"
    for directory in (home / ".docker", folder, tmp_path / "bin"):
        directory.mkdir(parents=True)
    where = {
        "home": home / ".docker/config.json",
        "DOCKER_CONFIG": folder / "config.json",
        "legacy": home / ".dockercfg",
    }
    where[request.param].write_text(json.dumps(CONFIG["auths"] if request.param == "legacy" else CONFIG))
    (home / ".netrc").write_text(f"machine localhost login user password {PASSWORD}\n")
    helper = tmp_path / "bin/docker-credential-bait"
    helper.write_text(f'#!/bin/sh\ntouch {called}\necho \'{{"Username": "u", "Secret": "{PASSWORD}"}}\'\n')
    helper.chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    if request.param == "DOCKER_CONFIG":
        monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    else:
        monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://user:{PASSWORD}@127.0.0.1:9")
        monkeypatch.setenv(name.lower(), f"http://user:{PASSWORD}@127.0.0.1:9")
    yield called


def _assert_clean(engine: Any, called: Path) -> None:
    assert engine.requests
    for request in engine.requests:
        assert "x-registry-auth" not in {name.lower() for name in request.headers}
        assert "x-registry-config" not in {name.lower() for name in request.headers}
        assert "authorization" not in {name.lower() for name in request.headers}
        everything = f"{request.path} {request.headers} {request.body!r}"
        assert PASSWORD not in everything
        assert AUTH not in everything
        assert "proxy" not in everything.lower()
    assert not called.exists()


@pytest.mark.parametrize("image", IMAGES)
def test_pull_sends_nothing_of_the_users(
    engine: Any, connect: Any, answer: Any, users_configuration: Path, image: str
) -> None:
    engine.answers["POST /images/create"] = answer(body={"status": "done"})
    connect().images.pull(image)
    _assert_clean(engine, users_configuration)


@pytest.mark.parametrize("image", IMAGES)
def test_no_other_request_about_images_does(
    engine: Any, connect: Any, answer: Any, users_configuration: Path, image: str
) -> None:
    done = answer(body={"status": "done"})
    engine.answers = {f"POST /images/{image}/push": done, "POST /build": done, "POST /images/load": done}
    engine.answers[f"GET /distribution/{image}/json"] = answer(body={"Descriptor": {"digest": "sha256:1"}})
    client = connect()
    client.images.push(image)
    client.images.build({"t": image}, [b"tar"], lambda _entry: None)
    client.images.load([b"tar"])
    assert client.images.registry_digest(image) == "sha256:1"
    _assert_clean(engine, users_configuration)


@pytest.mark.parametrize("image", IMAGES)
def test_not_even_the_sdks_own_calls_do(
    engine: Any, connect: Any, answer: Any, users_configuration: Path, image: str
) -> None:
    """Nobody uses them here; but who does one day is safe."""
    engine.answers["POST /images/create"] = engine.answers["POST /build"] = answer(body={"status": "done"})
    engine.answers[f"POST /images/{image}/push"] = answer(body={"status": "done"})
    engine.answers["POST /containers/create"] = answer(201, {"Id": "1"})
    api = connect().wire.api
    api.reload_config()
    api.pull(image)
    api.push(image)
    api.build(fileobj=io.BytesIO(b"FROM scratch\n"), use_config_proxy=True)
    api.create_container("i", use_config_proxy=True)
    _assert_clean(engine, users_configuration)


def test_the_sdk_itself_would_send_them(engine: Any, answer: Any, users_configuration: Path) -> None:
    """The bait is good: the plain SDK client takes it. If this fails, the tests above prove nothing."""
    engine.answers["POST /images/create"] = answer(body={"status": "done"})
    api = docker.APIClient(f"http+unix://{engine.socket_path}", version="1.41")
    api.pull("localhost:5000/busybox")
    api.close()
    with pytest.raises(AssertionError):
        _assert_clean(engine, users_configuration)


def test_every_other_request_is_clean_too(engine: Any, connect: Any, answer: Any, users_configuration: Path) -> None:
    engine.answers = {
        "GET /version": answer(body={}),
        "GET /containers/app/json": answer(body={"Id": "1", "Name": "/app"}),
        "POST /containers/create": answer(201, {"Id": "1"}),
        "POST /containers/app/start": answer(204),
    }
    client = connect()
    client.system.version()
    client.containers.inspect("app")
    client.containers.create("app", {"Image": "i"})
    client.containers.start("app")
    _assert_clean(engine, users_configuration)


def test_a_broken_configuration_does_no_harm(
    engine: Any, connect: Any, answer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text('{"auths": {"x": "not an object"}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    engine.answers["GET /info"] = answer(body={"Name": "h"})
    assert connect().system.info() == {"Name": "h"}


def test_the_private_client_has_all_that_the_sdks_has(engine: Any) -> None:
    """Its constructor replaces the SDK's: a new SDK that sets something new must be noticed here."""
    theirs = docker.APIClient(f"http+unix://{engine.socket_path}", version="1.41", timeout=5)
    ours = sdk.PrivateAPIClient(engine.socket_path, "1.41", 5)
    assert vars(ours).keys() == vars(theirs).keys() | {"account", "limits"}
    assert list(ours.adapters) == list(theirs.adapters)
    for name in ("base_url", "timeout", "_version", "credstore_env", "_general_configs"):
        assert (name, getattr(ours, name)) == (name, getattr(theirs, name))


WITHOUT_DOCKER = """
import sys
sys.modules["docker"] = None
sys.path.insert(0, sys.argv[1])
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
try:
    EngineClient("/nowhere")
except EngineError as error:
    print(error.kind, error.status, error)
"""


def test_without_the_sdk_a_clear_error() -> None:
    staged = PLUGINS.parents[2].name == "ansible_collections"  # as ansible-test does; else the checkout's own link
    argv = [sys.executable, "-c", WITHOUT_DOCKER, str(PLUGINS.parents[3] if staged else PLUGINS.parent / ".dev")]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("controller None The Python package 'docker' cannot be imported on the controller")
    assert "pip install docker" in done.stdout


@pytest.mark.parametrize("call", ["exec_start(", "attach(", "attach_socket("])
def test_no_upgraded_stream_of_the_sdk_is_used(call: str) -> None:
    """They read beside http.client's buffer and lose output on Docker."""
    sources = sorted(PLUGINS.rglob("*.py"))
    assert sources
    assert [str(path) for path in sources if f"api.{call}" in path.read_text()] == []
