# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_pod: what is refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.options import (
    ARGUMENT_SPEC,
    Options,
    parse,
    require_supported,
)

GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}


def parsed(**given: Any) -> Options:
    return parse({**GIVEN, "name": "shop", **given})


def test_only_what_is_given_describes_the_pod() -> None:
    assert parsed().given == {}
    assert parsed(infra=True, share=["uts", "net"], networks=["b", "a"], infra_command="sleep '1 0'").given == {
        "infra": True, "share": ["net", "uts"], "networks": ["a", "b"], "infra_command": ["sleep", "1 0"],
    }  # fmt: skip
    assert parsed(share=["none"]).given == {"share": []} and parsed(networks=["host"]).given["networks"] == ["host"]


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"name": "a/b"}, "name"), ({"name": "-a"}, "name"), ({"infra": False, "hostname": "x"}, "hostname"),
        ({"infra": False, "published_ports": ["80:80"]}, "published_ports"),
        ({"restart_retries": 3}, "restart_retries"), ({"networks": ["host", "a"]}, "networks"),
        ({"restart_policy": "always", "restart_retries": 3}, "restart_retries"),
        ({"networks": ["a/b"]}, "networks"), ({"networks": ["host"], "published_ports": ["80:80"]}, "published_ports"),
        ({"published_ports": ["auto:80"]}, "published_ports"), ({"published_ports": ["80-81:80"]}, "published_ports"),
        ({"published_ports": ["x"]}, "published_ports"), ({"share": ["none", "net"]}, "share"),
        ({"share": ["mnt"]}, "share"), ({"etc_hosts": {"a": "host-gateway"}}, "host-gateway"),
        ({"volumes": ["/data"]}, "volumes"), ({"dns_servers": ["x"]}, "dns_servers"),
        ({"labels": {"sshfleet.containers.applied": "x"}}, "labels"),
        ({"infra_image": "A B"}, "infra_image"), ({"hostname": "-"}, "hostname"),
    ],
)  # fmt: skip
def test_what_can_be_no_pod_is_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption, match=option) as refused:
        parsed(**given)
    assert refused.value.hint


@pytest.mark.parametrize("port", ["x", "all", "0:80", "nowhere:80:80", "[::1::80:80"])
def test_what_only_containers_can_do_is_no_remedy_for_a_port(port: str) -> None:
    with pytest.raises(InvalidOption, match="published_ports") as refused:
        parsed(published_ports=[port])
    assert "CONTAINER" in refused.value.hint
    assert not any(word in refused.value.hint for word in ("auto", "publish_all_ports"))


def test_what_an_older_podman_would_drop_is_refused() -> None:
    options = parsed(restart_policy="always")
    require_supported(options, Engine("podman", (4, 6)))
    with pytest.raises(InvalidOption, match=r"restart_policy.*Podman 4\.3\.1 has none for pods"):
        require_supported(options, Engine("podman", (4, 3, 1)))
