# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contributor guide says which shared files a new resource needs a line in; remote_volume needed no other."""

from __future__ import annotations

import re
import subprocess

from checkout import CHECKOUT

NAMED = re.compile(
    r"remote_volume|VolumeRequests|from \.volumes? import"
    r"|engine[./]volumes?\b|resources[./]volume\b|\.volume\.\w+ import"
)
# What is made (the page of differences, the order in which a test run starts its jobs), and this file.
MADE = {
    "docs/docsite/rst/coming_from.rst",
    "tests/seconds.json",
    "CONTRIBUTING.md",
    "tests/checks/test_contributing.py",
}


def guide() -> str:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text()
    return text[text.index("And it is one line in") : text.index("**An option of")]


def test_a_new_resource_touches_no_shared_file_but_the_tables_of_the_guide() -> None:
    listing = ["git", "-C", str(CHECKOUT), "ls-files", "-co", "--exclude-standard"]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.splitlines()
    shared = {
        name
        for name in names
        if "volume" not in name
        and not name.startswith("changelogs/")  # which tell of many things
        and (CHECKOUT / name).is_file()
        and NAMED.search((CHECKOUT / name).read_text(errors="ignore"))
    }
    tables = set(re.findall(r"`?([\w./]+/[\w.]+\.(?:py|yml)|README\.md)`?", guide().partition("Then run")[0]))
    told = {name for name in shared for table in tables if name.endswith(table)}
    # prune takes away what volumes are; compose files, projects, fleets, policies and Molecule have them among others
    many = "prune|compose|project|remote_containers|fleet|policies|molecule"
    more = {name for name in shared - told - MADE if not re.search(many, name)}
    assert not more, f"remote_volume needs lines in {sorted(more)}, which the guide does not say"
    less = {table for table in tables if not any(name.endswith(table) for name in shared)}
    assert not less, f"the guide names {sorted(less)}, and remote_volume needs no line there"
