# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one public shape for both engines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.result import (
    container_result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.moments import timestamp
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import MASK

VERSIONS = ("podman-4.3", "podman-5.4", "docker-20.10", "docker-26.1")


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return type(value).__name__


def test_the_same_keys_and_types_on_every_engine(recording: Callable[[str], Any]) -> None:
    shapes = []
    for version in VERSIONS:
        recorded = recording(version)
        result = container_result(recorded.full, recorded.engine)
        for volatile in ("env", "networks"):
            assert isinstance(result.pop(volatile), dict)
        shapes.append(json.dumps(shape(result), sort_keys=True))
    assert len(set(shapes)) == 1


def test_values(recorded: Any) -> None:
    result = container_result(recorded.full, recorded.engine)
    expected = {
        "name": "full", "image": "localhost/app:1", "image_id": recorded.image["Id"], "command": ["sleep", "999"],
        "entrypoint": ["/bin/busybox"], "user": "web:web", "working_dir": "/tmp", "hostname": "h1",
        "restart_policy": "on-failure", "restart_retries": 3, "memory": 67108864, "cpus": 0.5, "privileged": False,
        "read_only": True, "status": "running", "running": True, "paused": False, "exit_code": 0, "health": None,
        "finished_at": None, "created_by_us": True,
    }  # fmt: skip
    assert {key: result[key] for key in expected} == expected
    assert result["ports"]["53/udp"] == [{"host_ip": "127.0.0.1", "host_port": 18053}]
    assert result["ports"]["80/tcp"][0] == {"host_ip": "0.0.0.0", "host_port": 18080}  # noqa: S104
    assert result["ports"]["8080/tcp"] == []
    assert [mount["destination"] for mount in result["mounts"]] == ["/anon", "/data", "/hs", "/v"]
    assert result["networks"]["backend"]["ipv4_address"].count(".") == 3
    assert result["labels"] == {"l": "1", "vendor": "acme", "sshfleet.containers.created": "true"}


def test_a_container_that_others_made(recorded: Any) -> None:
    result = container_result(recorded.plain, recorded.engine)
    assert result["created_by_us"] is False
    assert result["restart_policy"] == "no"


def test_secrets_are_masked_unless_asked_for(recorded: Any) -> None:
    masked = container_result(recorded.full, recorded.engine)
    assert "recorded-secret" not in json.dumps(masked)
    assert masked["env"]["DB_PASSWORD"] == "********"
    assert container_result(recorded.full, recorded.engine, mask_env=False)["env"]["DB_PASSWORD"] == ("recorded-secret")


def test_a_secret_in_a_command_line_is_masked_too(recorded: Any) -> None:
    inspect = {**recorded.full, "Config": {**recorded.full["Config"], "Cmd": ["run", "--with=recorded-secret"]}}
    assert container_result(inspect, recorded.engine)["command"] == ["run", "--with=********"]


TIMES = [
    ("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456Z"),
    ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000Z"),
    ("2026-01-31T12:00:00.5+02:00", "2026-01-31T10:00:00.500000Z"),
    ("0001-01-01T00:00:00Z", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("engine", "ours"), TIMES)
def test_timestamp(engine: str | None, ours: str | None) -> None:
    assert timestamp(engine) == ours


def test_labels_are_masked_and_the_secrets_of_log_options_known(recorded: Any) -> None:
    labels = {"app.token": "of-the-label", "source": "https://of-the-url@git.example.com", "note": "of-the-log"}
    log = {"LogConfig": {"Config": {"splunk-token": "of-the-log"}}}
    config = {**recorded.full["Config"], "Labels": labels}
    result = container_result({**recorded.full, "Config": config, "HostConfig": log}, recorded.engine)
    assert result["labels"] == {"app.token": MASK, "source": f"https://{MASK}@git.example.com", "note": MASK}
