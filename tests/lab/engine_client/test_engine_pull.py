# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pulling images from a registry that runs on the host itself."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from engine_cases import IMAGE, Case, Forward, fails

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.hints import hint_for

REGISTRY = "127.0.0.1:5000"  # of the host; Docker takes every registry on 127.0.0.0/8 without TLS
REGISTRY_UNIT = "sshfleet-test-registry"
# The package would start a registry of its own that listens everywhere: masked before it is installed.
START_REGISTRY = f"""
set -eu
systemctl mask --quiet docker-registry
if [ ! -x /usr/bin/docker-registry ]; then
  touch /run/{REGISTRY_UNIT}.installed
  apt-get install -y --no-install-recommends docker-registry >/dev/null 2>&1 \\
    || {{ apt-get update >/dev/null; apt-get install -y --no-install-recommends docker-registry >/dev/null; }}
fi
mkdir -p /run/{REGISTRY_UNIT} /etc/containers/registries.conf.d
cat > /run/{REGISTRY_UNIT}/config.yml <<EOF
version: 0.1
storage: {{filesystem: {{rootdirectory: /run/{REGISTRY_UNIT}/data}}}}
http: {{addr: "{REGISTRY}"}}
EOF
cat > /etc/containers/registries.conf.d/{REGISTRY_UNIT}.conf <<EOF
[[registry]]
location = "{REGISTRY}"
insecure = true
EOF
systemd-run --quiet --collect --unit={REGISTRY_UNIT} /usr/bin/docker-registry serve /run/{REGISTRY_UNIT}/config.yml
systemctl stop podman.service  # it reads registries.conf.d once; its socket starts it again
docker tag {IMAGE} {REGISTRY}/engine-test:1
for _ in $(seq 50); do docker push --quiet {REGISTRY}/engine-test:1 && break; sleep 0.2; done
docker image inspect --format '{{{{index .RepoDigests 0}}}}' {REGISTRY}/engine-test:1 > /run/{REGISTRY_UNIT}/digest
docker rmi {REGISTRY}/engine-test:1 >/dev/null
"""
STOP_REGISTRY = f"""
systemctl stop {REGISTRY_UNIT}
rm -f /etc/containers/registries.conf.d/{REGISTRY_UNIT}.conf
systemctl stop podman.service
if [ -e /run/{REGISTRY_UNIT}.installed ]; then apt-get purge -y docker-registry >/dev/null; fi
systemctl unmask --quiet docker-registry
rm -rf /run/{REGISTRY_UNIT} /run/{REGISTRY_UNIT}.installed
"""


@pytest.fixture(scope="module")
def registry(session_lab: Any, forward: Callable[[str], Forward]) -> Iterator[Callable[[str], str]]:
    """Start Debian's registry on a host, with one image in it; gives the image's reference by digest."""
    started: list[str] = []

    @functools.cache
    def get(host: str) -> str:
        forward(host)
        started.append(host)
        session_lab.ssh(host, "sh", "-s", input=START_REGISTRY)
        return session_lab.ssh(host, "cat", f"/run/{REGISTRY_UNIT}/digest").strip()

    yield get
    for host in started:
        session_lab.ssh(host, "sh", "-s", input=STOP_REGISTRY)


def test_pull(case: Case, registry: Callable[[str], str]) -> None:
    by_digest, by_tag = registry(case.host), f"{REGISTRY}/engine-test:1"
    for ref in (by_tag, by_digest):
        seen: list[dict[str, Any]] = []
        assert case.client.images.inspect(ref) is None
        case.client.images.pull(ref, seen.append)
        image = case.client.images.inspect(ref)
        assert image is not None
        assert any(by_digest == known for known in image["RepoDigests"])
        assert any("status" in entry for entry in seen)
        case.ssh(case.engine, "rmi", "--force", ref)


def test_pull_fails_in_the_engines_words(case: Case, registry: Callable[[str], str]) -> None:
    registry(case.host)
    said = fails("engine_error", None, lambda: case.client.images.pull(f"{REGISTRY}/engine-test:2"))
    assert "unknown" in said or "not found" in said  # Docker with containerd's store
    assert "check name and tag" in hint_for(said)
    closed = "127.0.0.1:5999/engine-test:1"
    assert "connection refused" in fails("engine_error", None, lambda: case.client.images.pull(closed))
    assert case.client.images.inspect(closed) is None
