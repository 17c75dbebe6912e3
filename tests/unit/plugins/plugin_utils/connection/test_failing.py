# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of our errors makes a container UNREACHABLE, and what a task fail."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.sshfleet.containers.plugins.plugin_utils.connection.failing import ansible_error, told
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import (
    EngineError,
    FleetError,
    InvalidOption,
    SshError,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside.escalation import NotBecome

UNREACHABLE = [
    SshError("unreachable", "The host is off.", "Switch it on."),
    SshError("socket_denied", "No.", "Join the group."),
    EngineError("Gone.", 404, "Look.", "container_missing"),
    EngineError("Cut.", None, "Again.", "answer_lost"),
]
FAILED = [
    EngineError("No shell.", None, "Use exec.", "no_shell"),
    SshError("connection", "It is local.", "Use ssh."),
    InvalidOption("container_host", "web9", "there is none.", "Correct it."),
]


@pytest.mark.parametrize("error", [*UNREACHABLE, *FAILED], ids=str)
def test_outcomes(error: FleetError) -> None:
    with pytest.raises(AnsibleError) as caught, told():
        raise error
    assert isinstance(caught.value, AnsibleConnectionFailure) == (error in UNREACHABLE)
    assert error.message in str(caught.value) and error.hint in str(caught.value)
    assert caught.value.__suppress_context__, "Ansible would tell it a second time"


def test_becoming_and_the_controller_s_own_files_fail() -> None:
    for problem in (NotBecome("Incorrect sudo password"), FileNotFoundError(2, "No such file", "/x")):
        with pytest.raises(AnsibleError) as caught, told():
            raise problem
        assert not isinstance(caught.value, AnsibleConnectionFailure)


def test_what_others_said_can_not_reach_a_terminal() -> None:
    assert "\x1b" not in str(ansible_error(EngineError("\x1b[2J", 500)))
