# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page as text: what it holds, what it never lets through, and that a browser will run only our own."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from typing import Any

import pytest
from fleet_snapshots import container, failed, fleet, host, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.page import MOST_ROWS, page

HOSTILE = "<script>alert('x')</script>\"&'<img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}"


class Elements(HTMLParser):
    """All elements of a page with their attributes, and the texts of those that have only text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.raw.append((self.cdata_elem, data))


def made(taken: Any, before: Any = None, **others: str) -> str:
    return page(taken, before, **({"title": "Fleet", "made_at": "today"} | others))


def hostile() -> dict[str, Any]:
    """A snapshot whose every text is hostile."""
    ports = {HOSTILE: [{"host_ip": HOSTILE, "host_port": HOSTILE}]}
    first = container(
        HOSTILE, HOSTILE, status=HOSTILE, health=HOSTILE, said=HOSTILE, ports=ports, labels={HOSTILE: HOSTILE}
    )
    broken = failed(HOSTILE + "2", [HOSTILE])
    broken["error"] = {"kind": HOSTILE, "message": HOSTILE, "hint": HOSTILE}
    taken = snapshot(host(HOSTILE, [first], [HOSTILE]), host("b", groups=[HOSTILE]), broken)
    taken["hosts"][0]["engines"][0]["engine"].update(name=HOSTILE, version=HOSTILE)
    return taken


def test_every_value_is_text() -> None:
    """The elements of the page are the same whatever the values are, and so are their attributes, but for numbers."""
    before = hostile()
    before["hosts"][0]["engines"][0]["containers"][0].update(
        id=HOSTILE, status="x", labels={HOSTILE: "x"}, image=HOSTILE
    )
    before["hosts"][0]["engines"][0]["containers"].append(container(HOSTILE + "gone", HOSTILE))
    text = made(hostile(), before, title=HOSTILE, made_at=HOSTILE)
    elements = Elements(text)
    assert [tag for tag, _attributes in elements.found].count("script") == 2
    assert [tag for tag, _attributes in elements.found if tag == "img"] == []
    assert {name for _tag, attributes in elements.found for name in attributes if name.startswith("on")} == set()
    labels = [attributes.get("aria-label") or "" for _tag, attributes in elements.found]
    assert f"Drift in {HOSTILE}" in labels
    assert "49" not in json.dumps(elements.raw)


def test_control_characters_are_made_visible() -> None:
    text = made(snapshot(failed("a\u202eb\x1b\ud800")), title="t\u202e")
    assert r"a\u202eb\x1b\ud800" in text
    assert r"<title>t\u202e</title>" in text
    text.encode()


def test_the_policy_allows_this_style_and_this_script_only() -> None:
    elements = Elements(made(fleet(3, 3)))
    (policy,) = (a["content"] for tag, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    texts = {tag: "".join(data for found, data in elements.raw if found == tag) for tag in ("style",)}
    scripts = [data for tag, data in elements.raw if tag == "script"]
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == hashed(texts["style"])
    assert rules["script-src"] == hashed(scripts[-1])
    assert (rules["base-uri"], rules["form-action"]) == ("'none'", "'none'")


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_loaded_and_no_style_is_inline() -> None:
    elements = Elements(made(hostile()))
    loading = {"src", "srcset", "data", "poster", "action", "formaction", "background", "style", "ping"}
    assert [found for found in elements.found if loading & set(found[1])] == []
    assert all((a.get("href") or "#").startswith("#") for _tag, a in elements.found)
    styles = "".join(data for tag, data in elements.raw if tag == "style")
    assert "url(" not in styles
    assert "@import" not in styles


def test_ids_are_there_once_and_what_names_them_finds_them() -> None:
    elements = Elements(made(fleet(30, 3), fleet(29, 3)))
    ids = [a["id"] for _tag, a in elements.found if a.get("id")]
    assert len(ids) == len(set(ids))
    naming = ("aria-labelledby", "aria-describedby")
    named = {a[name] for _tag, a in elements.found for name in naming if name in a}
    named |= {(a["href"] or "").removeprefix("#") for _tag, a in elements.found if "href" in a}
    assert named <= set(ids)


def test_changes_are_told_where_there_is_a_snapshot_before() -> None:
    taken = snapshot(host("a", [container("app")]))
    assert 'id="changes"' not in made(taken)
    assert "Containers: 1 appeared, 0 vanished, 0 changed." in made(taken, snapshot(host("a")))


def test_long_sections_say_what_is_left_out() -> None:
    many = snapshot(*(failed(f"host{number}") for number in range(MOST_ROWS + 2)))
    text = made(many)
    assert "And 2 more, which are left out here." in text
    assert f'<th scope="row">host{MOST_ROWS - 1}</th>' in text
    assert f'<th scope="row">host{MOST_ROWS}</th>' not in text


def test_an_empty_fleet_is_a_page() -> None:
    text = made(snapshot())
    for words in ("No images in use were read.", "Disk use was not read.", "No published ports were read."):
        assert words in text


@pytest.mark.parametrize("option", ["snapshot", "before"])
def test_another_shape_is_refused(option: str) -> None:
    given = [snapshot(), snapshot()]
    given[option == "before"] = {"hosts": {}}
    with pytest.raises(InvalidOption, match=f"^Option '{option}' is no snapshot"):
        made(*given)


def test_the_same_snapshot_makes_the_same_page() -> None:
    assert made(fleet(5, 5)) == made(fleet(5, 5))
