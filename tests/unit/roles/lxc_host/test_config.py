# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of an LXC host, by Debian release and by the cgroups of its parent."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import jinja2
import pytest
import yaml
from checkout import CHECKOUT

ROLE = CHECKOUT / "roles" / "lxc_host"
UNIFIED = "lxc.mount.entry = cgroup2 sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec 0 0"
LEGACY = "lxc.environment = SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"


def config(suite: str, *, cgroup2: bool, nesting: bool = True) -> list[str]:
    """The lines, made with the two filters of Ansible's that the template uses."""
    environment = jinja2.Environment(trim_blocks=True, autoescape=False)  # noqa: S701 - no page
    environment.filters["hash"] = lambda text, _kind: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    environment.filters["regex_replace"] = lambda text, found, put: re.sub(found, put, text)
    values: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    known = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())
    values |= {
        "lxc_host_name": "web1", "lxc_host_suite": suite, "lxc_host_nesting": nesting,
        "_lxc_host_plan": {"cgroup2": cgroup2, "address": "10.1.1.2", "prefix": 24, "gateway": "10.1.1.1"},
        "_lxc_host_cgroup2_suites": known["_lxc_host_cgroup2_suites"], "_lxc_host_seccomp": "/x/seccomp",
        "_lxc_host_rootfs_line": "dir:/x/rootfs", "_lxc_host_state_dir": "/y",
    }  # fmt: skip
    return environment.from_string((ROLE / "templates" / "config.j2").read_text()).render(values).splitlines()


@pytest.mark.parametrize("nesting", [True, False])
@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_a_release_that_knows_both_gets_what_the_parent_has(suite: str, nesting: bool) -> None:
    for cgroup2 in (False, True):
        lines = config(suite, cgroup2=cgroup2, nesting=nesting)
        assert UNIFIED not in lines and (LEGACY in lines) is not cgroup2
        assert ("lxc.mount.auto = cgroup:rw:force proc:rw sys:rw" in lines) is nesting


@pytest.mark.parametrize("nesting", [True, False])
def test_forky_gets_the_unified_hierarchy_of_a_parent_with_v1(nesting: bool) -> None:
    lines = config("forky", cgroup2=False, nesting=nesting)
    assert UNIFIED in lines and LEGACY not in lines
    mounted = [line for line in lines if line.startswith("lxc.mount.auto =")]
    assert mounted == [
        "lxc.mount.auto =",
        f"lxc.mount.auto = {'proc:rw sys:rw' if nesting else 'proc:mixed sys:mixed'}",
    ]
    lines = config("forky", cgroup2=True, nesting=nesting)
    assert UNIFIED not in lines and LEGACY not in lines


def test_engines_may_open_handles_and_load_no_modules() -> None:
    assert "lxc.seccomp.profile = /x/seccomp" in config("trixie", cgroup2=True)
    forbidden = (ROLE / "files" / "seccomp").read_text()
    assert "open_by_handle_at" not in forbidden and "finit_module errno 1" in forbidden
