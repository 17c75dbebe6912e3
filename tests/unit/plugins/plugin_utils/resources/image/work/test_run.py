# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The executor of remote_image against an engine made of dicts: which requests go out, and what failures say."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import build, options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import Archived
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work import archive as image_archive
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.run import run_image
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

A, B = "a" * 64, "b" * 64
NAME = "r.example.com/app:1"
DIGEST = "sha256:" + "d" * 64
SECRET = {"registry_username": "me", "registry_password": "hunter2-registry"}


class Engine(FakeClient):
    """``tags`` maps names to IDs; ``brings`` is the ID that pulling, building and loading give ``NAME``."""

    def __init__(self, podman: bool = False, **images: str) -> None:
        super().__init__(*(("podman", "4.3.1") if podman else ("docker",)))
        self.tags = dict(images)
        self.brings = B
        self.digest: str | None = None
        self.fails: EngineError | None = None
        self.entries: list[dict[str, Any]] = []
        self.sent = b""

    def images_inspect(self, ref: str) -> dict[str, Any] | None:
        found = self.tags.get(ref) or (ref if ref in self.tags.values() else None)
        tags = [name for name, identity in self.tags.items() if identity == found]
        return (
            {"Id": f"sha256:{found}", "RepoTags": tags, "RepoDigests": [f"r.example.com/app@{DIGEST}"]}
            if found
            else None
        )

    def images_registry_digest(self, ref: str, auth: Any = None) -> str | None:
        return self.digest

    def _come(self, progress: Callable[[dict[str, Any]], None]) -> None:
        for entry in self.entries:
            progress(entry)
        if self.fails:
            raise self.fails
        self.tags[NAME] = self.brings

    def images_pull(self, ref: str, progress: Any = None, platform: str | None = None, auth: Any = None) -> None:
        self._come(progress)

    def images_build(
        self, query: Any, context: Iterable[bytes], progress: Any, *, auths: Any = None, silence: float | None = None
    ) -> None:
        self.sent = b"".join(context)
        self._come(progress)

    def images_load(self, archive: Iterable[bytes], progress: Any = None) -> None:
        self.sent = b"".join(archive)
        self._come(progress)

    def images_push(self, ref: str, progress: Any = None, auth: Any = None) -> None:
        for entry in self.entries:
            progress(entry)

    def images_tag(self, ref: str, new: str) -> None:
        self.tags[new] = ref.removeprefix("sha256:") if ref.startswith("sha256:") else self.tags[ref]

    def images_remove(self, ref: str, *, force: bool = False, prune: bool = True) -> None:
        del self.tags[ref]

    @contextmanager
    def images_save(self, refs: Sequence[str]) -> Iterator[Iterator[bytes]]:
        yield iter([b"an ", b"archive"])


def run(engine: Engine, check: bool = False, log: Callable[[str], None] = str, **given: Any) -> dict[str, Any]:
    defaults = {name: spec.get("default") for name, spec in options.ARGUMENT_SPEC.items()}
    if "build" in given:
        usual = {name: spec.get("default") for name, spec in build.SPEC.items()}
        given["build"] = {**usual, **given["build"]}
    parsed = options.parse({**defaults, "name": NAME, "source": "pull", **given})
    return run_image(Runner(engine, log), parsed, check_mode=check)


@pytest.fixture
def context(tmp_path: Path) -> str:
    (tmp_path / "Dockerfile").write_text("FROM base.example.com/base:1\nFROM r.example.com/x\n")
    return str(tmp_path)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """An archive file with these images, as far as its index tells."""

    def make(*images: Archived) -> str:
        monkeypatch.setattr(image_archive, "read_archive", lambda _path: images or None)
        monkeypatch.setattr(image_archive, "is_layout", lambda _path: False)
        (tmp_path / "a.tar").write_bytes(b"the archive")
        return str(tmp_path / "a.tar")

    return make


def test_check_mode_changes_nothing_and_says_it_all(context: str, archive: Callable[..., str], tmp_path: Path) -> None:
    path = archive(Archived(B, (NAME,), frozenset({B})))
    more = {"repository": "other/app", "push": True, "archive_path": str(tmp_path / "new.tar")}
    for source in ({}, {"source": "build", "build": {"path": context}}, {"source": "load", "load_path": path}):
        said, done = Engine(), Engine()
        first = run(said, check=True, **source, **more)
        assert said.changes() == [] and not (tmp_path / "new.tar").exists()
        second = run(done, **source, **more)
        assert first["actions"] == second["actions"] and first["changed"] and second["changed"]
        assert [step["action"] for step in first["actions"]][1:] == ["archive", "tag", "push"]
        (tmp_path / "new.tar").unlink()
    engine = Engine(**{NAME: A})
    assert run(engine, check=True, state="absent", source=None)["changed"] and engine.changes() == []


@pytest.mark.parametrize(("brings", "changed"), [(A, False), (B, True)])
def test_what_comes_decides_whether_something_changed(brings: str, changed: bool) -> None:
    engine = Engine(**{NAME: A})
    engine.brings = brings
    done = run(engine, force_source=True)
    assert done["changed"] is changed and [step["action"] for step in done["actions"]] == ["pull"]
    assert done["diff"]["after"] == ({"id": f"sha256:{B}"} if changed else {})


def test_what_podman_finds_by_the_end_of_its_name_is_another_image() -> None:
    for there, exact in (("r.example.com/x/app:1", "docker.io/x/app:1"), ("localhost/x/app:1", "localhost/x/app:1")):
        engine = Engine(podman=True, **{there: A, "x/app:1": A})
        asked: list[Any] = []
        engine.images_pull = lambda ref, *_args, asked=asked, **_more: asked.append(ref)  # type: ignore[method-assign]
        engine.images_remove = lambda ref, asked=asked, **_more: asked.append(ref)  # type: ignore[method-assign]
        engine.images_push = engine.images_pull  # type: ignore[method-assign]
        engine.images_tag = lambda _ref, new, asked=asked: asked.append(new)  # type: ignore[method-assign]
        if there != exact:
            assert not run(engine, name="x/app:1", state="absent", source=None)["changed"] and engine.changes() == []
            with pytest.raises(EngineError, match="There is no image x/app:1"):
                run(engine, name="x/app:1", source="local")
            with pytest.raises(EngineError, match="reports success"):
                run(engine, name="x/app:1")
            engine.tags[NAME] = A
            run(engine, source="local", repository="x/app:1", push=True)
            assert asked == [exact] * 3
        else:
            run(engine, name="x/app:1", source="local", push=True)
            run(engine, name="x/app:1", state="absent", source=None)
            assert asked == [exact] * 2


def test_an_archive_goes_unpacked_to_an_engine_that_can_not(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(b"an archive of nothing known"))
    for podman in (True, False):
        engine = Engine(podman=podman)
        run(engine, source="load", load_path=str(tmp_path / "a.tar.gz"))
        assert (engine.sent == b"an archive of nothing known") is podman


def test_a_registry_with_the_same_image_is_not_pulled_from() -> None:
    engine = Engine(**{NAME: A})
    engine.digest = DIGEST
    assert not run(engine, force_source=True)["changed"] and engine.changes() == []


def test_an_archive_without_a_name(archive: Callable[..., str]) -> None:
    engine = Engine()
    path = archive(Archived(B, (), frozenset({B})))
    engine.images_load = lambda _archive, _progress: engine.tags.update({"": B})  # type: ignore[method-assign]
    assert run(engine, source="load", load_path=path)["changed"]
    assert engine.tags[NAME] == B and "images.tag" in engine.changes()


def test_an_archive_with_more_images_is_warned_of(archive: Callable[..., str]) -> None:
    path = archive(Archived(B, (NAME, "more:1"), frozenset({B})))
    assert "more:1" in run(Engine(), source="load", load_path=path)["warnings"][0]


def test_an_engine_that_tells_lies() -> None:
    engine = Engine()
    engine.images_pull = lambda *_args, **_more: None  # type: ignore[method-assign]
    with pytest.raises(EngineError, match="reports success, and the image"):
        run(engine)


def test_the_result_has_the_new_name() -> None:
    assert run(Engine(**{NAME: A}), source="local", repository="other:1")["image"]["tags"] == ["other:1", NAME]


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"source": "load", "load_path": "/no/such.tar"}, "load_path"),
        ({"source": "build", "build": {"path": "/no/such"}}, "build.path"),
    ],
)
def test_what_the_controller_lacks_is_an_error_and_in_check_mode_a_warning(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        run(Engine(), **given)
    assert caught.value.option == option
    told = run(Engine(), check=True, **given)
    assert told["changed"] and "/no/such" in told["warnings"][0]
    assert told["warnings"][0].endswith("on the controller; a run needs it.")


@pytest.mark.parametrize(("name", "images", "warnings"), [
    ("localhost/app:1", {}, 1), ("localhost/app:1", {"localhost/app:1": A}, 0), ("localhost:5000/app:1", {}, 0),
    (NAME, {}, 0),
])  # fmt: skip
def test_a_pull_from_a_registry_at_localhost_is_told_in_check_mode(
    name: str, images: dict[str, str], warnings: int
) -> None:
    told = run(Engine(**images), check=True, name=name, source="pull", force_source=True)["warnings"]
    assert len(told) == warnings and all(f"no image {name} on the host" in one and "pull it" in one for one in told)


def test_an_image_that_is_not_there_yet_can_be_named_saved_and_pushed_in_check_mode(tmp_path: Path) -> None:
    asked = {
        "source": "local",
        "repository": "reg.example.com/app:1",
        "push": True,
        "archive_path": str(tmp_path / "a"),
    }
    with pytest.raises(EngineError, match="There is no image"):
        run(Engine(), **asked)
    told = run(Engine(), check=True, **asked)
    assert [step["action"] for step in told["actions"]] == ["archive", "tag", "push"]
    assert told["warnings"] == [f"There is no image {NAME} on the host; a run needs it."] and told["image"] is None


@pytest.mark.parametrize(
    "given", [{"network": "container:x"}, {"etc_hosts": {"up": "host-gateway"}}], ids=["network", "host-gateway"]
)
def test_what_podman_would_leave_out_is_refused(context: str, given: dict[str, Any]) -> None:
    asked = {"source": "build", "build": {"path": context, **given}}
    with pytest.raises(InvalidOption, match=r"podman 4\.3\.1"):
        run(Engine(podman=True), check=True, **asked)
    assert run(Engine(), check=True, **asked)["changed"]


def test_a_failed_build_shows_its_end_without_secrets(context: str) -> None:
    engine = Engine()
    engine.fails = EngineError("returned 3 for hunter2-token")
    engine.entries = [{"stream": f"line {number} hunter2-token\n"} for number in range(50)]
    told: list[str] = []
    args = {"API_TOKEN": "hunter2-token"}
    with pytest.raises(EngineError) as caught:
        run(engine, log=told.append, source="build", build={"path": context, "args": args})
    message = caught.value.message
    assert "line 49 ********" in message and "line 29 " not in message and "returned 3" in message
    assert told and "hunter2" not in message + "".join(told)


def test_credentials_go_where_they_belong(context: str) -> None:
    login = {"username": "other", "password": "x", "serveraddress": "base.example.com"}
    engine = Engine()
    engine.logins = {"base.example.com": login, "r.example.com": {**login, "serveraddress": "r.example.com"}}
    done = run(engine, source="build", build={"path": context}, **SECRET)
    auths = engine.given("images.build")["auths"]
    assert auths["base.example.com"] == login and auths["r.example.com"]["username"] == "me"
    assert "hunter2" not in json.dumps(done)
    engine = Engine()
    run(engine, repository="elsewhere.example.com/app", push=True, **SECRET)
    assert engine.given("images.pull")["auth"]["password"] == "hunter2-registry"
    assert engine.given("images.push")["auth"] is None


@pytest.mark.parametrize(
    ("digest", "entries", "changed"),
    [
        (None, [], True),
        (DIGEST, [], False),
        ("sha256:" + "e" * 64, [{"status": f"1: digest: {DIGEST} size: 1"}], True),
        ("sha256:" + "e" * 64, [{"status": "1: digest: sha256:" + "e" * 64}], False),
        ("sha256:" + "e" * 64, [{"status": "Pushed", "id": "1"}], True),
    ],
)
def test_pushing(digest: str | None, entries: list[dict[str, Any]], changed: bool) -> None:
    engine = Engine(**{NAME: A})
    engine.digest, engine.entries = digest, entries
    assert run(engine, source="local", push=True)["changed"] is changed
    assert ("images.push" in engine.changes()) == (digest != DIGEST)


def test_removing_what_somebody_else_has_removed_meanwhile() -> None:
    engine = Engine(**{NAME: A})

    def gone(*_args: Any, **_more: Any) -> None:
        raise EngineError("No such image", 404, kind="image_missing")

    engine.images_remove = gone  # type: ignore[method-assign]
    assert run(engine, state="absent", source=None)["image"] is None
