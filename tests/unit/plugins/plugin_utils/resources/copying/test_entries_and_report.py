# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to copy where and why: options, comparison, names on the way, owners, the report."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import report
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.entries import (
    DIRECTORY,
    FILE,
    LINK,
    OTHER,
    Change,
    Conflict,
    Entry,
    compare,
    renames,
    staged,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.links import leads_out
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.options import (
    ARGUMENT_SPEC,
    Copy,
    mistaken_modes,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.owner import container_owner
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.plan import plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Resource

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
OUT = {"direction": "out_of"}


def copy(**given: Any) -> Copy:
    source = {} if {"content", "path"} & set(given) else {"path": "/x"}
    return parse({**DEFAULTS, "container": "app", "container_path": "/y", **source, **given})


PATHS = [("/a", "/a"), ("/a/b/", "/a/b"), ("//a//b", "/a/b"), ("/a/./b", "/a/b"), ("/", "/"), ("/a/..b", "/a/..b")]


@pytest.mark.parametrize(("given", "path"), PATHS)
def test_the_path_in_the_container(given: str, path: str) -> None:
    assert copy(container_path=given).container_path == path


MODES = [
    ("0644", "legacy", 644),
    (420, "legacy", 0o644),
    ("0644", "modern", 0o644),
    (420, "modern", 0o644),
    ("4755", "octal_string_only", 0o4755),
]


def test_a_text_is_octal_unless_the_task_says_otherwise() -> None:
    """As everywhere in Ansible."""
    assert copy(mode="0644", directory_mode="755") == copy(mode=0o644, directory_mode=0o755)


@pytest.mark.parametrize(("mode", "how", "number"), MODES)
def test_the_mode_is_read_as_the_task_says(mode: Any, how: str, number: int) -> None:
    assert copy(mode=mode, mode_parse=how).mode == number


MISTAKEN = [
    ("0644", "legacy", "1204"),
    ("0420", "legacy", "0644"),
    ("755", "legacy", "1363"),
    ("420", "legacy", None),
    ("0644", "modern", None),
    (420, "legacy", None),
    (None, "legacy", None),
]


@pytest.mark.parametrize(("mode", "how", "warned"), MISTAKEN)
def test_a_mode_that_is_hardly_meant_so(mode: Any, how: str, warned: str | None) -> None:
    for option in ("mode", "directory_mode"):
        found = mistaken_modes({"mode": None, "directory_mode": None, option: mode, "mode_parse": how})
        assert len(found) == (warned is not None)
        assert all(text.startswith(option) and f"the mode {warned}." in text for text in found)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"container": "-x"}, "container"),
    ({"container_path": "etc"}, "container_path"),
    ({"container_path": "/a/../b"}, "container_path"),
    ({"container_path": "/.."}, "container_path"),
    ({"container_path": "/a\0"}, "container_path"),
    ({"path": ""}, "path"),
    ({"owner_id": -1, "group_id": 0}, "owner_id"),
    ({"owner_id": 0, "group_id": -1}, "group_id"),
    ({"mode": "rw"}, "mode"),
    ({"mode": "0999", "mode_parse": "modern"}, "mode"),
    ({"mode": 420, "mode_parse": "octal_string_only"}, "mode"),
    ({"mode": True, "mode_parse": "modern"}, "mode"),
    ({"mode": 65536}, "mode"),
    ({"mode": -1}, "mode"),
    ({"directory_mode": "x"}, "directory_mode"),
    ({"content": "!", "content_is_b64": True, "mode": 0}, "content"),
    ({**OUT, "content": "x", "mode": 0}, "content"),
    ({**OUT, "owner_id": 0, "group_id": 0}, "owner_id"),
]


@pytest.mark.parametrize(("given", "option"), REFUSED)
def test_what_is_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        copy(**given)
    assert refused.value.option == option and refused.value.hint


def test_the_content() -> None:
    assert copy(content="ä", mode=0).content == "ä".encode()
    assert copy(content="AP8=\n", content_is_b64=True, mode=0).content == b"\0\xff"


def file(size: int = 1, mode: int = 0o644, owner: tuple[int, int] | None = (0, 0)) -> Entry:
    return Entry(FILE, mode, owner, size)


def directory(mode: int = 0o755, owner: tuple[int, int] | None = (0, 0)) -> Entry:
    return Entry(DIRECTORY, mode, owner)


def link(target: str, owner: tuple[int, int] | None = (0, 0)) -> Entry:
    return Entry(LINK, 0o777, owner, target=target)


REASONS: list[tuple[Entry, Entry | None, bool, bool | None, tuple[str, ...]]] = [
    (file(), None, True, None, ("missing",)),
    (file(), file(), True, None, ()),
    (file(), file(), False, None, ("content",)),
    (file(1), file(2), True, None, ("content",)),
    (file(), file(mode=0o600), True, None, ("mode",)),
    (file(), file(owner=(1, 2)), True, None, ("owner", "group")),
    (file(owner=None), file(owner=(1, 2)), True, None, ()),
    (file(), file(owner=None), True, None, ()),
    (file(), link("x"), True, None, ("kind",)),
    (link("a"), link("a"), False, None, ()),
    (link("a"), link("b"), False, None, ("target",)),
    (directory(), directory(), False, None, ()),
    (directory(), directory(0o700, (1, 0)), False, None, ("mode", "owner")),
    (file(), file(), True, True, ("forced",)),
    (directory(), directory(), True, True, ()),
    (file(), file(), False, False, ()),
    (file(), None, False, False, ("missing",)),
]


def test_plans_as_text(golden: Any) -> None:
    one, two = Change("a", file(), None, ("missing",)), Change("b", file(), file(mode=0o600), ("mode", "owner"))
    golden(
        "plans.txt",
        {
            "into a container": plan(Resource("container", "web"), [one, two, one]),
            "to the controller": plan(Resource("path", "/srv/x"), [two]),
            "nothing": plan(Resource("container", "web"), []),
        },
    )


@pytest.mark.parametrize(("wanted", "actual", "same", "force", "reasons"), REASONS)
def test_why_something_is_copied(
    wanted: Entry, actual: Entry | None, same: bool, force: bool | None, reasons: tuple[str, ...]
) -> None:
    found = compare({"x": wanted}, {"x": actual} if actual else {}, lambda path: same, force)
    assert [one.reasons for one in found if isinstance(one, Change)] == ([reasons] if reasons else [])


@pytest.mark.parametrize(("wanted", "actual"), [(file(), directory()), (directory(), file()), (directory(), link("x"))])
def test_a_directory_and_something_else_do_not_replace_each_other(wanted: Entry, actual: Entry) -> None:
    for force in (None, True):
        (found,) = compare({"x": wanted}, {"x": actual}, lambda path: True, force)
        assert isinstance(found, Conflict) and "can't take its place" in report.conflict(found)
    assert compare({"x": wanted}, {"x": actual}, lambda path: True, False) == []


def test_an_empty_directory_gives_way_to_a_file_or_a_link() -> None:
    for wanted in (file(), link("y")):
        for force, reasons in ((None, ("kind",)), (True, ("forced",))):
            (found,) = compare({"x": wanted}, {"x": directory()}, lambda path: True, force, lambda path: path == "x")
            assert isinstance(found, Change) and found.reasons == reasons and found.replaces_directory
    (kept,) = compare({"x": directory()}, {"x": file()}, lambda path: True, None, lambda path: True)
    assert isinstance(kept, Conflict)


def test_contents_are_compared_only_where_the_sizes_are_equal() -> None:
    asked: list[str] = []

    def same(path: str) -> bool:
        asked.append(path)
        return True

    compare({"a": file(1), "b": file(2), "c": file(3)}, {"a": file(1), "b": file(3)}, same, None)
    assert asked == ["a"]


def changed(path: str, entry: Entry, actual: Entry | None = None) -> Change:
    return Change(path, entry, actual, ("missing",))


NAMES = [
    ([changed("f", file())], {"f": ".f.s"}, {".f.s": "f"}),
    (
        [changed("d", directory()), changed("d/e", directory()), changed("d/e/f", file())],
        {"d": ".d.s", "d/e": ".d.s/e", "d/e/f": ".d.s/e/f"},
        {".d.s": "d"},
    ),
    (
        [changed("d", directory(), directory(0o700)), changed("d/f", file()), changed("d/e", directory())],
        {"d": "d", "d/f": "d/.f.s", "d/e": "d/.e.s"},
        {"d/.f.s": "d/f", "d/.e.s": "d/e"},
    ),
    ([changed("d/f", file(), file()), changed("de/f", file())], {"d/f": "d/.f.s", "de/f": "de/.f.s"}, None),
]


@pytest.mark.parametrize(("changes", "names", "moves"), NAMES)
def test_names_on_the_way(changes: list[Change], names: dict[str, str], moves: dict[str, str] | None) -> None:
    assert staged(changes, "s") == names
    if moves is not None:
        assert renames(names) == moves


def test_a_long_name_stays_short_enough() -> None:
    name = staged([changed("d/" + "ä" * 120, file())], "sshfleet-12345678")["d/" + "ä" * 120]
    assert len(name.rpartition("/")[2].encode()) <= 255


TARGETS = [
    ("a", "b", False),
    ("a", "../b", True),
    ("d/a", "../b", False),
    ("d/a", "../../b", True),
    ("d/e/a", "../../x", False),
    ("a", "/etc", True),
    ("a", "b/../c", False),
    ("a", "b/../../c", True),
    ("a", "./b", False),
]


@pytest.mark.parametrize(("path", "target", "out"), TARGETS)
def test_links_that_lead_out(path: str, target: str, out: bool) -> None:
    assert leads_out(path, {path: target}.get) is out


CHAINS: list[tuple[dict[str, str], set[str]]] = [
    ({"b": ".", "l": "b/..", "leak": "l/victim"}, {"l", "leak"}),
    ({"d/b": ".", "d/l": "b/..", "d/fine": "l/x", "out": "d/l/../x"}, {"out"}),
    ({"d/e/up": "../..", "a": "d/e/up/d", "out": "a/../.."}, {"out"}),
    ({"one": "two", "two": "three", "three": "/etc"}, {"one", "two", "three"}),
    ({"one": "two", "two": "one", "self": "self/../.."}, set()),
    ({"twice": "half/half/..", "half": "d", "d/x": "../half"}, set()),
    ({f"l{number}": f"l{number + 1}" for number in range(30)} | {"l30": ".."}, {f"l{number}" for number in range(31)}),
    ({"a": "missing/../..", "b": "missing/.."}, {"a"}),
]


@pytest.mark.parametrize(("links", "out"), CHAINS)
def test_links_that_lead_out_over_others(links: dict[str, str], out: set[str]) -> None:
    assert {path for path in links if leads_out(path, links.get)} == out


PASSWD = "full:x:35:36:name\u2028web:x:0:0::/:\n"  # a line by Python's word only
PASSWD += "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/:\nbroken\nx:x:y:z::\n"
PASSWD += (
    f"squared:x:\u00b2:\u00b2::\nendless:x:{'9' * 5000}:0::\n"  # what only Python takes for numbers, or not even that
)
GROUP = "root:x:0:\nwww:x:77:web\nodd\n"
OWNERS = [
    ("", (0, 0)),
    ("0", (0, 0)),
    ("root", (0, 0)),
    ("1000", (1000, 0)),
    ("33", (33, 34)),
    ("web", (33, 34)),
    ("web:www", (33, 77)),
    ("1000:2000", (1000, 2000)),
    ("1000:www", (1000, 77)),
    ("squared", None),
    ("endless", None),
    ("web:nobody", None),
    ("nobody", None),
    ("x", None),
]


@pytest.mark.parametrize(("user", "owner"), OWNERS)
def test_whose_the_files_are(user: str, owner: tuple[int, int] | None) -> None:
    assert container_owner(user, {"/etc/passwd": PASSWD, "/etc/group": GROUP}.__getitem__) == owner


def test_a_container_without_user_files_has_its_root() -> None:
    assert container_owner("", lambda path: "") == (0, 0)


def sides(before: bytes = b"", after: bytes = b"", largest: int = 100) -> report.Sides:
    return report.Sides(
        lambda path: before, lambda path: after, lambda path: f"/there/{path}", lambda path: f"here/{path}", largest
    )


def shown(change: Change, before: bytes = b"", after: bytes = b"", largest: int = 100) -> Any:
    return report.diff([change], sides(before, after, largest))


def test_the_diff_of_a_text() -> None:
    found = shown(Change("f", file(4), file(4), ("content",)), b"old\n", b"new\n")
    headers = {"before_header": "/there/f", "after_header": "here/f"}
    assert found == {**headers, "before": "old\n", "after": "new\n"}
    assert shown(changed("f", file(4)), after=b"new\n") == {**headers, "before": "", "after": "new\n"}


PREPARED = [
    (Change("f", file(4), file(4, 0o600), ("mode",)), b"same", b"same", "same", "same", "mode: 0600 -> 0644\n"),
    (Change("f", file(4), file(5, 0o600), ("content", "mode")), b"old", b"new", "old", "new", "mode: 0600 -> 0644\n"),
    (Change("f", file(4), file(5), ("content",)), b"\0bin", b"text", None, "text", "size: 5 -> 4\n"),
    (Change("f", file(4), file(5), ("content",)), b"\xff", b"text", None, "text", "size: 5 -> 4\n"),
    (Change("f", file(400), file(5), ("content",)), b"text", b"text", "text", None, "size: 5 -> 400\n"),
    (Change("f", file(0), None, ("missing",)), b"", b"", "", "", "kind: file\nmode: 0644\nowner: 0:0\nsize: 0\n"),
    (Change("l", link("a"), link("b"), ("target",)), b"", b"", "b", "a", None),
    (Change("d", directory(), directory(0o700), ("mode",)), b"", b"", *("(directory)",) * 2, "mode: 0700 -> 0755\n"),
    (Change("d", directory(), None, ("missing",)), b"", b"", "", "(directory)", None),
    (Change("f", file(4), link("/b"), ("kind",)), b"", b"text", "/b", "text", None),
    (Change("f", file(4), Entry(OTHER), ("kind",)), b"", b"text", "(special file)", "text", "mode: 0000 -> 0644\n"),
]


@pytest.mark.parametrize(("change", "before", "after", "old", "new", "prepared"), PREPARED)
def test_the_diff_of_anything(
    change: Change, before: bytes, after: bytes, old: str | None, new: str | None, prepared: str | None
) -> None:
    found = shown(change, before, after)
    assert (found.get("before"), found.get("after"), found.get("prepared")) == (old, new, prepared)


def test_a_content_that_is_not_shown_is_told_in_the_words_of_ansible() -> None:
    found = shown(Change("f", file(400), file(5), ("content",)), b"\0bin", b"text")
    assert found["dst_binary"] == 1 and found["src_larger"] == 100 and "after" not in found


def test_the_diff_of_what_stays() -> None:
    found = report.unchanged("f", file(4, 0o600), sides(b"same", b"same"))
    assert found == {"before": "same", "after": "same", "before_header": "/there/f", "after_header": "here/f"}


def test_many_differences_are_a_list() -> None:
    changes = [changed(f"f{number}", file(1)) for number in range(150)]
    found = report.diff(changes, sides(b"", b"x"))
    assert isinstance(found, list) and len(found) == report.MOST_DIFFS
    assert found[0]["after_header"] == "here/f0" and report.diff([], sides()) == []


def test_names_that_are_no_text() -> None:
    assert report.actions([changed("a\udcff", Entry(OTHER))], "copy") == [
        {"action": "copy", "path": "a\ufffd", "reason": "missing"}
    ]
