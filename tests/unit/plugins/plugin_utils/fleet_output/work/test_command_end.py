# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who decides with which code a command ends. What Ansible does with it is tested in plugins/callback."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.work.command_end import decide


def cli(**names: object) -> ModuleType:
    """Stands for ansible.cli, which this process may need as it is."""
    module = ModuleType("cli")
    module.__dict__.update({"sys": sys, "CLI": SimpleNamespace(cli_executor=None), **names})
    return module


def test_the_exit_of_one_module_is_asked_about() -> None:
    module, asked = cli(), []
    assert decide(module, lambda code: asked.append(code) or 10)
    with pytest.raises(SystemExit) as ended:
        module.sys.exit(2)
    assert (ended.value.code, asked) == (10, [2])
    with pytest.raises(SystemExit) as ended:
        sys.exit(2)
    assert (ended.value.code, asked) == (2, [2])


def test_all_else_is_as_it_was() -> None:
    module = cli()
    assert decide(module, lambda code: 10)
    assert module.sys.argv is sys.argv
    for code in ("a message", None):
        with pytest.raises(SystemExit) as ended:
            module.sys.exit(code)
        assert ended.value.code == code


@pytest.mark.parametrize("module", [ModuleType("empty"), cli(sys=SimpleNamespace(exit=None)), cli(CLI=None)])
def test_a_module_that_is_not_as_it_was_is_left_alone(module: ModuleType) -> None:
    before = dict(vars(module))
    assert not decide(module, lambda code: 10)
    assert vars(module) == before
