# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real Chromium (Debian's, with its driver), and the report opened in it from a file, as people do.

Without both programs these tests are errors: whoever runs them without wants to know (scripts/suites.py leaves the
suite out, and says so, where they can't be installed).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_page import SCRIPT, Page
from checkout import install_collection_finder
from fleet_snapshots import EVERYWHERE, container, failed, fleet, host, snapshot
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

install_collection_finder()


def options() -> webdriver.ChromeOptions:
    made = webdriver.ChromeOptions()
    made.binary_location = "/usr/bin/chromium"
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu", "window-size=1280,900"):
        made.add_argument(f"--{argument}")
    # What the page itself asks for is looked at, not what a browser does for itself.
    for argument in ("disable-background-networking", "disable-component-update", "no-first-run", "disable-sync"):
        made.add_argument(f"--{argument}")
    made.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return made


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    made = options()
    made.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    driver = webdriver.Chrome(options=made, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def opened(browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a report of a snapshot; at the end nothing was complained of, and nothing was asked of anybody."""
    from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.page import page

    path = tmp_path / "report.html"
    made = Page(browser, path.as_uri())
    browser.get("about:blank")
    made.forget()

    def work(taken: dict[str, Any], before: dict[str, Any] | None = None, edit: Any = str) -> Page:
        path.write_text(edit(page(taken, before, title="Fleet", made_at="today")), encoding="utf-8")
        made.open()
        return made

    yield work
    try:
        made.check()
    finally:
        made.as_before()
        made.run("localStorage.clear()")


@pytest.fixture(scope="session")
def small() -> dict[str, Any]:
    """Four hosts: something of each kind, and a container that is named as if it were a script."""
    published = {"80/tcp": [{"host_ip": EVERYWHERE, "host_port": "8080"}]}
    return snapshot(
        host("web1", [container("app", ports=published, health="healthy"), container("db10", "localhost/db:1")]),
        host("web2", [container("app", version="2", status="exited"), container("db9", "localhost/db:1")]),
        host("web10", [container(SCRIPT, SCRIPT, health="unhealthy")], ["eu", "web"]),
        failed("web11"),
    )


@pytest.fixture(scope="session")
def large() -> dict[str, Any]:
    """1,000 hosts that were read, with 20 containers each, and 45 that were not."""
    return fleet(1045, 20)


FIGURES = pytest.StashKey[dict[str, Any]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a test has measured, by its name: told at the end, for people. A busy machine is no failure."""
    return request.config.stash.setdefault(FIGURES, {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for name, value in config.stash.get(FIGURES, {}).items():
        terminalreporter.write_line(f"{name}: {json.dumps(value)}")
