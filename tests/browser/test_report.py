# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet report in real Chromium: what its reader can do with it, and that nothing gets in or out."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from browser_page import SCRIPT, Page
from fleet_snapshots import container, host, snapshot
from selenium.webdriver.common.keys import Keys

Open = Callable[..., Page]
# Roles, and what their names begin with.
NAMED = (
    ("table", "Containers"),
    ("columnheader", "Host"),
    ("searchbox", "Search"),
    ("combobox", "Health"),
    ("rowheader", SCRIPT),
    ("navigation", "Sections"),
    ("region", "Containers"),
    ("cell", "web10"),
    ("status", ""),
)
FETCH = "const done = arguments[1]; fetch(arguments[0]).then(() => done('sent'), () => done('stopped'))"
Snapshot = dict[str, Any]


def test_search_finds_words_in_any_column(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    assert page.text("#shown") == "5 containers"
    for words, names in {
        "db": ["db10", "db9"],
        "DB WEB2": ["db9"],
        "8080": ["app"],
        "unhealthy": [SCRIPT],
        "exited": ["app"],
        "nowhere": [],
    }.items():
        page.search(words)
        assert (words, page.column("Container")) == (words, names)
    assert page.text("#shown") == "0 of 5 containers"
    page.one("#reset").click()
    assert page.text("#shown") == "5 containers"


def test_sorting_knows_numbers_and_goes_both_ways(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    page.sort("Container")
    up = page.column("Container")
    assert up[-2:] == ["db9", "db10"]
    assert page.one("#table th[data-key=name]").get_attribute("aria-sort") == "ascending"
    page.sort("Container")
    assert page.column("Container")[:2] == ["db10", "db9"]
    assert page.one("#table th[data-key=name]").get_attribute("aria-sort") == "descending"
    page.sort("Host")
    assert page.column("Host") == ["web1", "web1", "web2", "web2", "web10"]
    assert page.one("#table th[data-key=name]").get_attribute("aria-sort") is None


def test_since_is_sorted_by_time(opened: Open) -> None:
    words = ["Up 2 weeks", "Up About a minute", "Exited (9) 3 hours ago", "Up 90 seconds", "Up 10 minutes", "Created"]
    page = opened(snapshot(host("a", [container(f"c{number}", said=said) for number, said in enumerate(words)])))
    page.sort("Since")
    assert page.column("Since") == [words[number] for number in (5, 1, 3, 4, 2, 0)]


def test_what_is_empty_comes_last_in_both_directions(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    page.sort("Health")
    assert page.column("Health") == ["healthy", "unhealthy", "", "", ""]
    page.sort("Health")
    assert page.column("Health") == ["unhealthy", "healthy", "", "", ""]


@pytest.mark.parametrize(
    ("label", "value", "places"),
    [
        ("Host", "web2", [("web2", "app"), ("web2", "db9")]),
        ("Group", "eu", [("web10", SCRIPT)]),
        ("Group", "web", [("web1", "app"), ("web1", "db10"), ("web2", "app"), ("web2", "db9"), ("web10", SCRIPT)]),
        ("Image", "localhost/db:1", [("web1", "db10"), ("web2", "db9")]),
        ("State", "exited", [("web2", "app")]),
        ("Health", "unhealthy", [("web10", SCRIPT)]),
        ("Health", "", [("web1", "db10"), ("web2", "app"), ("web2", "db9")]),
    ],
)
def test_each_filter(opened: Open, small: Snapshot, label: str, value: str, places: list[tuple[str, str]]) -> None:
    page = opened(small)
    if value:
        page.choose(label, value)
    else:  # the second option: those without any
        page.run("const s = document.getElementById('by-health'); s.selectedIndex = 1; "
                 "s.dispatchEvent(new Event('change'))")  # fmt: skip
    assert list(zip(page.column("Host"), page.column("Container"), strict=True)) == places


def test_filters_search_and_sorting_work_together(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    page.sort("Host")
    page.sort("Host")
    page.choose("Image", "localhost/db:1")
    assert page.column("Container") == ["db9", "db10"]
    page.search("web1")
    assert page.column("Container") == ["db10"]


def test_a_host_of_the_grid_shows_its_containers(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    tiles = {tile.text.split("\n")[1]: tile for tile in page.all(".tile")}
    tiles["web2"].click()
    assert page.column("Container") == ["app", "db9"]
    assert tiles["web2"].get_attribute("aria-pressed") == "true"
    tiles["web11"].click()  # one that failed has none
    assert (page.column("Container"), page.text("#shown")) == ([], "0 of 5 containers")
    tiles["web11"].click()
    assert page.text("#shown") == "5 containers"


def test_the_legend_shows_only_hosts_of_a_state(opened: Open, small: Snapshot) -> None:
    def shown(page: Page) -> list[str]:
        return [tile.text.split("\n")[1] for tile in page.all(".tile") if tile.is_displayed()]

    page = opened(small)
    everything = shown(page)
    page.one(".legend [data-state=failed]").click()
    assert shown(page) == ["web11"]
    assert page.one(".tile[tabindex='0']").text.split("\n")[1] == "web11"  # the Tab key finds what is there
    page.one(".legend [data-state=trouble]").click()
    assert shown(page) == ["web10", "web11"]
    page.run("document.querySelector('.tile[tabindex=\"0\"]').focus()")
    for key, name in {Keys.END: "web11", Keys.HOME: "web10", Keys.ARROW_RIGHT: "web11"}.items():
        page.press(key)
        assert page.focused().split()[1] == name
    for state in ("failed", "trouble"):
        page.one(f".legend [data-state={state}]").click()
    assert shown(page) == everything


def test_values_are_text(opened: Open, small: Snapshot) -> None:
    page = opened(small, snapshot(host("web10", [container("old")], ["eu", "web"])))
    assert page.browser.title == "Fleet"
    assert SCRIPT in page.column("Container")
    assert page.run("return document.scripts.length") == 2
    assert SCRIPT in page.text("#changes")
    page.choose("Image", SCRIPT)
    assert page.column("Image") == [SCRIPT]


def test_dark_and_light_follow_the_system_until_somebody_chooses(opened: Open, small: Snapshot) -> None:
    def dark(page: Page) -> bool:
        colour = page.run("return getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) < 200

    page = opened(small)
    for system in ("light", "dark"):
        page.system_colours(system)
        assert dark(page) == (system == "dark")
        assert page.text("#theme") == "Colours: as the system"
    page.one("#theme").click()
    assert (dark(page), page.text("#theme")) == (False, "Colours: light")
    page.system_colours("light")
    page.one("#theme").click()
    assert (dark(page), page.text("#theme")) == (True, "Colours: dark")
    page.open()  # the choice is remembered
    assert dark(page)
    page.one("#theme").click()
    assert not dark(page)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(opened: Open, large: Snapshot, colours: str) -> None:
    """WCAG's contrast for texts, 4.5, of all kinds of them."""
    page = opened(large)
    page.system_colours(colours)
    for selector in ("p.note", "h2", "thead button", "#rows td", ".badge", ".tile b", ".tile small", ".mark", "nav a",
                     ".totals small", "summary", "td code", ".legend li", "label", "select"):  # fmt: skip
        assert (selector, page.contrast(selector) >= 4.5) == (selector, True)


def test_the_keyboard_reaches_every_control(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    reached = []
    for _press in range(60):
        page.press(Keys.TAB)
        reached.append(page.focused())
        if reached[-1] == "scroll":
            break
    assert reached[0] == "Skip to the containers"
    wanted = ["theme", "search", "by-host", "by-group", "by-image", "by-state", "by-health", "reset", "scroll"]
    assert [name for name in reached if name in wanted] == wanted
    assert sum("web" in name for name in reached) == 1  # the grid is one stop
    page.press(Keys.TAB)
    assert page.focused() == "Container"
    page.press(Keys.ENTER)
    assert page.one("#table th[data-key=name]").get_attribute("aria-sort") == "ascending"


def test_arrow_keys_go_through_the_grid(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    page.run("document.querySelector('.tile').focus()")
    for key, name in {Keys.ARROW_RIGHT: "web2", Keys.END: "web11", Keys.ARROW_DOWN: "web11", Keys.HOME: "web1"}.items():
        page.press(key)
        assert page.focused().split()[1] == name
    page.press(Keys.ARROW_RIGHT, Keys.ENTER)
    assert page.column("Container") == ["app", "db9"]


def test_rows_come_in_pieces_by_scrolling_and_by_a_button(opened: Open, large: Snapshot) -> None:
    page = opened(large)
    first = page.rows()
    assert 0 < first < 500
    assert page.one("#table").get_attribute("aria-rowcount") == "20001"
    page.run("const region = document.getElementById('scroll'); region.scrollTop = region.scrollHeight")
    page.wait(lambda: page.rows() > first)
    before = page.rows()
    page.one("#further").click()
    assert page.rows() > before
    assert page.all("#rows tr")[-1].get_attribute("aria-rowindex") == str(page.rows() + 1)
    page.search("nginx-1 web3.us")
    assert page.column("Container") == ["nginx-1"]
    assert not page.one("#further").is_displayed()


def test_all_that_was_found_is_printed(opened: Open, large: Snapshot) -> None:
    page = opened(large)
    page.search("nginx")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.rows() == 2000
    assert page.run("return document.querySelectorAll('details:not([open])').length") == 0
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert page.rows() < 500
    assert page.run("return document.querySelectorAll('details:not([open])').length") > 0


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_nothing_is_wider_than_the_screen(opened: Open, large: Snapshot, width: int) -> None:
    page = opened(large, copy.deepcopy(large))
    page.width(width)
    # Else what is far away is not laid out, and has no width.
    page.run("for (const one of document.querySelectorAll('section')) one.style.contentVisibility = 'visible'")
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert page.run("return document.getElementById('table').getBoundingClientRect().left") >= 0


def test_on_paper_nothing_is_cut_and_nothing_is_dark(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    page.one("#theme").click()
    page.one("#theme").click()
    page.paper()
    assert page.run("return document.documentElement.scrollWidth") <= 800
    assert page.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run("return getComputedStyle(document.querySelector('#rows td')).color") == "rgb(27, 31, 38)"
    assert not page.one("#search").is_displayed()


def test_a_screen_reader_gets_names_and_roles(opened: Open, small: Snapshot) -> None:
    """Of the tree that Chromium hands to screen readers, also where a row looks like a card."""
    page = opened(small)
    for width in (1280, 375):
        page.width(width)
        found = page.accessible()
        for role, name in NAMED:
            assert any(r == role and n.startswith(name) for r, n in found), (width, role, name)
    buttons = [name for role, name in found if role == "button"]
    assert "web11 not reached" in [" ".join(name.split()) for name in buttons]
    assert "" not in buttons


def test_the_policy_stops_what_is_not_ours(opened: Open, small: Snapshot) -> None:
    """Were a value ever written into the page unescaped, it could neither run nor send anything."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        place = f"http://127.0.0.1:{server.server_port}"
        unescaped = f"<main><script>document.title='caught'</script><img src='{place}/img' onerror='document.title=1'>"
        unescaped += f"<link rel=stylesheet href='{place}/css'><b style='color:red' id=styled></b>"
        page = opened(small, None, lambda text: text.replace("<main>", unescaped))
        sent = page.browser.execute_async_script(FETCH, f"{place}/fetch")
        assert (sent, page.browser.title, page.column("Host")[-1]) == ("stopped", "Fleet", "web10")
        assert page.run("return getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"
        server.shutdown()
    assert asked == []
    complaints = page.complaints()
    assert sum("Content Security Policy" in complaint for complaint in complaints) >= 5
    page.requests()  # it had to try


def test_without_javascript_all_but_the_table_is_there(opened: Open, small: Snapshot) -> None:
    page = opened(small)
    page.without_scripts(True)
    try:
        page.open()
        shown = page.one("main").get_attribute("textContent")
    finally:
        page.without_scripts(False)
    assert "web11 does not answer." in shown
    assert "This table needs JavaScript" in shown
    assert "2 versions" in shown


def test_a_large_fleet_opens_and_filters_quickly(
    opened: Open, large: Snapshot, figures: dict[str, Any], tmp_path: Path
) -> None:
    """1,000 hosts with 20 containers each. The figures are for people; what is held is that it works."""
    page = opened(large)
    began = time.monotonic()
    page.open()
    opened_in = time.monotonic() - began
    assert page.text("#shown") == "20,000 containers"
    taken = {"open": round(opened_in * 1000), "size_kB": round((tmp_path / "report.html").stat().st_size / 1000)}
    steps = {
        "search": "const f = byId('search'); f.value = 'nginx db'; f.dispatchEvent(new Event('input'))",
        "filter": "const f = byId('by-group'); f.value = 'eu'; f.dispatchEvent(new Event('change'))",
        "show all": "byId('reset').click()",
        "sort by image": "document.querySelector('th[data-key=image] button').click()",
        "sort by host": "document.querySelector('th[data-key=host] button').click()",
    }
    for name, step in steps.items():
        taken[name] = page.milliseconds(f"const byId = (id) => document.getElementById(id); {step}")
    figures["report of 1,000 x 20, ms until it is drawn"] = taken
    assert page.column("Host")[:1] == ["db1.us.example"]
