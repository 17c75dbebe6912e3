# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say how a task goes about things, as community.docker documents them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import behaviour
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.image_rules import (
    platform_difference,
    require_image,
)

Make = Callable[..., Options]
AMD = {"Os": "linux", "Architecture": "amd64", "Config": {"Labels": {"vendor": "acme"}}}
ARM = {"Os": "linux", "Architecture": "arm64", "Variant": "v8", "Config": {}}


def test_the_old_defaults_are_set_where_nothing_is_given(make: Make) -> None:
    old = make(image="x", container_default_behavior="compatibility", tty=True)
    assert old.values["tty"] is True and old.values["memory"] == 0 and old.state == "unpaused"
    for name in ("auto_remove", "init", "interactive", "privileged", "read_only"):
        assert old.values[name] is False
    assert make(image="x").values == {}


COMMANDS: list[tuple[Any, Any, Any]] = [
    (["sh", "-c", "echo a  b"], ["sh", "-c", "echo a  b"], ["sh", "-c", "echo", "a", "b"]),
    ("sh -c 'echo a'", ["sh", "-c", "echo a"], ["sh", "-c", "echo a"]),
    ([], [], None),
]


@pytest.mark.parametrize(("command", "correct", "compatible"), COMMANDS, ids=str)
def test_lists_are_kept_or_joined_as_command_handling_says(
    make: Make, command: Any, correct: Any, compatible: Any
) -> None:
    assert make(command=command).values["command"] == correct
    assert make(command=command, command_handling="compatibility").values.get("command") == compatible


PAUSED = [("started", True, "paused"), ("started", False, "unpaused"), ("stopped", False, "stopped"),
          ("present", True, "present"), ("paused", True, "paused")]  # fmt: skip


@pytest.mark.parametrize(("state", "paused", "wanted"), PAUSED)
def test_paused_goes_with_started(make: Make, state: str, paused: bool, wanted: str) -> None:
    assert make(state=state, paused=paused).state == wanted


@pytest.mark.parametrize(("state", "paused"), [("paused", False), ("unpaused", True), ("healthy", True)])
def test_paused_against_the_state_is_refused(make: Make, state: str, paused: bool) -> None:
    with pytest.raises(InvalidOption, match="paused"):
        make(state=state, paused=paused)


def test_ports_without_an_address_get_the_default_one(make: Make) -> None:
    ports = ["80:80", "127.0.0.2:81:81", "[::1]:82:82", "83"]
    given = make(published_ports=ports, default_host_ip="127.0.0.1").values["published_ports"]
    assert given == {"80/tcp": ["127.0.0.1:80"], "81/tcp": ["127.0.0.2:81"], "82/tcp": ["[::1]:82"],
                     "83/tcp": ["127.0.0.1:"]}  # fmt: skip
    assert make(published_ports=["80:80"], default_host_ip="::").values["published_ports"] == {"80/tcp": ["[::]:80"]}
    assert make(published_ports=["80:80"], default_host_ip="").values["published_ports"] == {"80/tcp": [":80"]}
    with pytest.raises(InvalidOption, match="default_host_ip"):
        make(published_ports=["80:80"], default_host_ip="localhost")


def test_the_default_network_is_kept_without_cli_compatibility(make: Make) -> None:
    networks = [{"name": "front"}]
    assert "network_mode" not in make(networks=networks).values
    assert make(networks=networks, networks_cli_compatible=False).values["network_mode"] == "default"
    strict = make(networks=networks, networks_cli_compatible=False, comparisons={"networks": "strict"})
    assert "network_mode" not in strict.values


def test_log_options_need_a_driver(make: Make) -> None:
    with pytest.raises(InvalidOption, match="log_options"):
        make(log_options={"max-size": "1m"})


def test_two_mounts_in_one_place_are_refused(make: Make) -> None:
    with pytest.raises(InvalidOption, match="/m"):
        make(volumes=["v:/m"], mounts=[{"target": "/m", "source": "v"}])


def test_image_labels_that_nobody_named_are_refused_on_wish(make: Make) -> None:
    strict = {"comparisons": {"labels": "strict"}, "image_label_mismatch": "fail"}
    with pytest.raises(InvalidOption, match="vendor"):
        require_image(make(image="x", labels={}, **strict), AMD)
    require_image(make(image="x", labels={"vendor": "y"}, **strict), AMD)
    require_image(make(image="x", labels={}, image_label_mismatch="fail"), AMD)
    built = {**AMD, "Config": {"Labels": {"vendor": "y", "io.buildah.version": "1.39"}}}
    require_image(make(image="x", labels={"vendor": "y"}, **strict), built)


PLATFORMS: list[tuple[str, dict[str, Any], bool]] = [
    ("linux/amd64", AMD, True), ("amd64", AMD, True), ("linux", AMD, True), ("linux/x86_64", AMD, True),
    ("linux/arm64", AMD, False), ("linux/arm64", ARM, True), ("linux/arm64/v8", ARM, True),
    ("linux/aarch64/v8", {**ARM, "Variant": ""}, True), ("linux/arm64/v9", ARM, False),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "image", "same"), PLATFORMS, ids=str)
def test_the_platform_is_the_images(make: Make, platform: str, image: dict[str, Any], same: bool) -> None:
    options = make(image="x", platform=platform)
    assert (platform_difference(options, image) is None) == same
    if same:
        require_image(options, image)
    else:
        with pytest.raises(InvalidOption, match="platform"):
            require_image(options, image)
        require_image(make(image="x", platform=platform, comparisons={"platform": "ignore"}), image)


def test_what_is_given_arrives(make: Make) -> None:
    given = {"detach": False, "cleanup": True, "output_logs": True, "force_kill": True, "removal_wait_timeout": 2.5}
    found = make(**given, kill_signal="int").behaviour
    assert found == behaviour.Behaviour(**given, kill_signal="SIGINT")  # type: ignore[arg-type]
