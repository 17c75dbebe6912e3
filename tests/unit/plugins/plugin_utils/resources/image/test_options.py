# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_image, as far as an argument spec can't check them; credentials among them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import build
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.dockerfile import registries
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.progress import MOST_OUTPUT, Progress

ID = "sha256:" + "a" * 64
SECRET = {"registry_username": "me", "registry_password": "hunter2-registry"}


def params(**given: Any) -> dict[str, Any]:
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    return {**defaults, "name": "app", "source": "pull", **given}


def builds(**given: Any) -> dict[str, Any]:
    defaults = {name: spec.get("default") for name, spec in build.SPEC.items()}
    return {**defaults, "path": "/src", **given}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "app:latest"),
        ({"tag": "2"}, "app:2"),
        ({"name": "app:1", "tag": "2"}, "app:1"),
        ({"name": "r:5000/app"}, "r:5000/app:latest"),
        ({"name": f"app@{ID}"}, f"app@{ID}"),
        ({"name": ID, "source": "local"}, ID),
        ({"name": ID, "state": "absent"}, ID),
    ],
)
def test_the_name(given: dict[str, Any], name: str) -> None:
    assert parse(params(**given)).name == name


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": "No Image"}, "name"),
    ({"tag": "a b"}, "tag"),
    ({"name": ID}, "name"),
    ({"name": f"app@{ID}", "source": "build", "build": builds()}, "name"),
    ({"name": f"app@{ID}", "push": True}, "name"),
    ({"repository": ID}, "repository"),
    ({"pull": {"platform": "a/b/c/d"}}, "pull.platform"),
    ({**SECRET, "registry": "not a registry"}, "registry"),
    ({**SECRET, "registry": "https://user:hunter2-registry@r"}, "registry"),
    ({**SECRET, "registry": "other.example.com"}, "registry"),
    ({**SECRET, "registry_username": "a:b"}, "registry_username"),
    ({**SECRET, "registry_password": ""}, "registry_password"),
    ({"source": "build", "build": builds(path="https:/github.com/x.git")}, "build.path"),
    ({"source": "build", "build": builds(use_config_proxy=True)}, "build.use_config_proxy"),
    ({"source": "build", "build": builds(http_timeout=0)}, "build.http_timeout"),
    ({"source": "build", "build": builds(platform="a/b/c/d")}, "build.platform"),
    ({"source": "build", "build": builds(shm_size="much")}, "build.shm_size"),
    ({"source": "build", "build": builds(etc_hosts={"a": "b"})}, "build.etc_hosts"),
    ({"source": "build", "build": builds(container_limits={"memory": "x"})}, "build.container_limits.memory"),
    ({"source": "build", "build": builds(container_limits={"cpushares": -1})}, "build.container_limits.cpushares"),
    ({"source": "build", "build": builds(cache_from=["No Image"])}, "build.cache_from"),
]


@pytest.mark.parametrize(("given", "option"), REFUSED)
def test_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        parse(params(**given))
    assert caught.value.option == option and caught.value.hint
    assert "hunter2" not in str(caught.value)


HUB = "https://index.docker.io/v1/"


@pytest.mark.parametrize(
    ("given", "reference", "address"),
    [
        ({}, "app:latest", HUB),
        ({"name": "r:5000/app"}, "r:5000/app:1", "r:5000"),
        ({"name": "r:5000/app"}, "app:1", None),
        ({"name": "r:5000/app", "registry": "https://r:5000/v2/"}, "r:5000/x", "r:5000"),
        ({"source": "local", "repository": "r:5000/app", "push": True}, "r:5000/app:1", "r:5000"),
        ({"source": "local", "repository": "r:5000/app", "push": True}, "app", None),
        ({"repository": "r:5000/app", "push": True}, "r:5000/app:1", None),
        ({"repository": "r:5000/app", "push": True, "registry": "r:5000"}, "r:5000/app:1", "r:5000"),
        ({"registry": "index.docker.io"}, "app", HUB),
    ],
)
def test_credentials_go_to_their_registry_only(given: dict[str, Any], reference: str, address: str | None) -> None:
    options = parse(params(**SECRET, **given))
    auth = options.auth_for(reference)
    expected = {"username": "me", "password": "hunter2-registry", "serveraddress": address}
    assert auth == (expected if address else None)
    assert "hunter2" not in repr(options)


def test_a_builds_request() -> None:
    given = builds(
        args={"VERSION": 2, "API_TOKEN": "hunter2-token", "EMPTY": None}, labels={"a": "b"}, target="last",
        platform="x86_64", pull=True, nocache=True, cache_from=["a:1"], rm=False, network="host", shm_size="1M",
        etc_hosts={"db": "10.0.0.1", "me": "host-gateway"},
        container_limits={"memory": "1M", "memswap": "unlimited", "cpushares": 5, "cpusetcpus": "0,1"},
    )  # fmt: skip
    made = build.parse(given)
    assert made.secrets() == {"API_TOKEN": "hunter2-token"}
    assert "hunter2" not in repr(made)
    assert made.request("app:1", "Dockerfile") == {
        "t": "app:1", "dockerfile": "Dockerfile", "version": "1", "rm": "0", "forcerm": "0", "nocache": "1",
        "pull": "1", "labels": '{"a": "b"}', "cachefrom": '["a:1"]', "platform": "linux/amd64", "shmsize": 1048576,
        "extrahosts": ["db:10.0.0.1", "me:host-gateway"], "target": "last", "networkmode": "host", "memory": 1048576,
        "memswap": -1, "cpushares": 5, "cpusetcpus": "0,1",
        "buildargs": json.dumps({"VERSION": "2", "API_TOKEN": "hunter2-token", "EMPTY": ""}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM scratch", []),
        ("from --platform=linux/amd64 r:5000/base:1 AS one\nFROM one", ["docker.io", "r:5000"]),
        ("ARG BASE=r.example.com/a\nFROM ${BASE}:1", ["r.example.com"]),
        ("ARG R\nFROM $R/a:1", ["given:1"]),
        ("FROM scratch\nCOPY --chown=1 --from=s.example.com/x /a /a\nCOPY --from=0 /b /b", ["s.example.com"]),
    ],
)
def test_where_a_build_pulls_from(text: str, expected: list[str]) -> None:
    assert registries(text, {"R": "given:1"}) == expected


def test_progress_tells_each_status_once_and_no_moving_bars() -> None:
    told: list[str] = []
    progress = Progress(told.append)
    for status in ("Pulling fs layer", "Downloading", "Downloading", "Pull complete", "Pull complete"):
        progress({"status": status, "id": "1"})
    progress({"status": f"1: digest: sha256:{'a' * 64} size: 1"})
    assert told[:2] == ["1: Pulling fs layer", "1: Pull complete"] and len(told) == 3
    assert progress.digest == ID and not progress.wrote
    progress({"status": "Pushed", "id": "1"})
    assert progress.wrote


def test_a_builds_output_is_masked_and_its_end_is_kept() -> None:
    progress = Progress(lambda _line: None, lambda text: text.replace("hunter2", "***"))
    for number in range(20):
        progress({"stream": f"{number} hunter2 " + "x" * (MOST_OUTPUT // 10) + "\n"})
    assert "hunter2" not in progress.output and "\n19 ***" in progress.output
    assert progress.output.startswith("[…") and len(progress.output) < MOST_OUTPUT * 1.2
