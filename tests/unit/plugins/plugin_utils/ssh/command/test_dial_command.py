# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which command dials which socket."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import dial_command

PODMAN, DOCKER, OTHER = "/run/podman/podman.sock", "/var/run/docker.sock", "/srv/engine one.sock"
ALL = ["socat", "ncat", "nc", "python3", "podman", "docker"]

CHOICES = [
    (PODMAN, ALL, ["docker", "-H", f"unix://{PODMAN}", "system", "dial-stdio"]),
    (DOCKER, ALL, ["docker", "-H", f"unix://{DOCKER}", "system", "dial-stdio"]),
    (PODMAN, ALL[:5], ["podman", "--url", f"unix://{PODMAN}", "system", "dial-stdio"]),
    (DOCKER, ALL[:5], ["python3", "-c", dial_command.PYTHON, DOCKER]),
    (OTHER, ALL[:5], ["python3", "-c", dial_command.PYTHON, OTHER]),
    (OTHER, ["podman"], ["podman", "--url", "unix:///srv/engine%20one.sock", "system", "dial-stdio"]),
    (DOCKER, ["nc", "socat"], ["nc", "-N", "-U", DOCKER]),
    (DOCKER, ["ncat"], ["ncat", "-U", DOCKER]),
    ("/a,b!c", ["socat"], ["sh", "-c", dial_command.SOCAT, "sh", "UNIX-CONNECT:/a\\,b\\!c"]),
    (DOCKER, ["podman"], None),
    (PODMAN, [], None),
]


@pytest.mark.parametrize(("socket", "tools", "words"), CHOICES)
def test_choice(socket: str, tools: list[str], words: list[str] | None) -> None:
    assert dial_command.dial_argv(socket, tools) == words


def test_tools_are_read_from_the_scripts_output() -> None:
    output = "tool_podman=yes\nuser=tool_docker=yes\ntool_nc=yes\nend=yes\n"
    assert dial_command.tools_seen(output) == ["podman", "nc"]


def test_the_script_finds_what_is_on_the_path() -> None:
    """A nc that can't pass the end of its input on is none."""
    ours = "nc() { echo 'usage: nc [-U] [-l]' >&2; }\ncommand() { [ $2 = socat ]; }\n"
    done = subprocess.run(["sh", "-c", ours + dial_command.TOOLS], capture_output=True, text=True, check=False)
    assert dial_command.tools_seen(done.stdout) == ["socat"]
    openbsd = (
        "nc() { printf '\\t-N\\t\\tShutdown\\n\\t-U\\t\\tUse UNIX domain socket\\n' >&2; }\ncommand() { false; }\n"
    )
    done = subprocess.run(["sh", "-c", openbsd + dial_command.TOOLS], capture_output=True, text=True, check=False)
    assert dial_command.tools_seen(done.stdout) == ["nc"]
