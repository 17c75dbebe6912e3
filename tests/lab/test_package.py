# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The installed collection against the lab, far from the checkout: full names everywhere."""

from __future__ import annotations

import pytest
from installed import Installed, build_and_install
from lab_hosts import Lab, parse_results

pytestmark = pytest.mark.pairs("both")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return build_and_install(tmp_path_factory.mktemp("package"))


def test_ad_hoc_with_the_full_name(lab: Lab, installed: Installed) -> None:
    argv = ["web", "-i", lab.inventory, "-m", "sshfleet.containers.remote_engine_info"]
    results = parse_results(installed.run("ansible", *argv, env=lab.environment()), "")
    assert {host: result["_status"] for host, result in results.items()} == {
        "bookworm1": "SUCCESS",
        "trixie1": "SUCCESS",
    }


@pytest.mark.parametrize("playbook", ["setup_server", "ping"])
def test_playbooks_by_their_full_names(lab: Lab, installed: Installed, playbook: str) -> None:
    argv = ["-i", lab.inventory, f"sshfleet.containers.{playbook}", "--limit", "bookworm1"]
    assert "failed=0" in installed.run("ansible-playbook", *argv, env=lab.environment())
