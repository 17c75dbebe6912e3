# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Ansible that ends in another way than is known. There is none yet, so the question is answered by the test."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleOptionsError
from ansible.plugins.loader import callback_loader

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.work import command_end


def test_an_exit_strategy_that_can_not_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_end, "decide", lambda _module, _decided: False)
    monkeypatch.setenv("SSHFLEET_LIVE", "false")
    callback_loader.get("sshfleet.containers.fleet").set_options()
    monkeypatch.setenv("SSHFLEET_EXIT_STRATEGY", "all")
    with pytest.raises(AnsibleOptionsError, match="exit_strategy can't be kept"):
        callback_loader.get("sshfleet.containers.fleet").set_options()
