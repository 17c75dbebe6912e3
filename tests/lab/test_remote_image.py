# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images on every engine: built, tagged, saved, loaded, removed and read. Registries are in test_registry."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE, fails
from image_world import HOSTS, PREFIX, Images, all_images, each, images
from lab_hosts import Lab
from tasks import run_tasks

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption

__all__ = ["all_images", "each", "images"]  # fixtures

Each = Callable[[Callable[[Images], None]], None]

APP, OTHER = f"{PREFIX}app:1", f"{PREFIX}other:1"
SECRET = "hunter2-build-token"
DOCKERFILE = f"""
FROM {IMAGE} AS base
ARG VERSION=0
ARG API_TOKEN
COPY . /app
RUN echo "token: $API_TOKEN"; cd /app; find . | sort; stat -c 'mode %a %u %n' bin/run; echo "version $VERSION"
FROM base AS last
LABEL stage=last
"""
# Where engines unpack what they are sent.
LEFTOVERS = (
    "find /var/tmp /tmp /var/lib/docker/tmp -mindepth 1 -newer /run/iw-marker -not -name 'systemd*'; rm /run/iw-marker"
)


@pytest.fixture
def context(tmp_path: Path) -> Path:
    return make_context(tmp_path / "context")


def make_context(root: Path) -> Path:
    (root / "bin").mkdir(parents=True)
    (root / "notes" / "deep").mkdir(parents=True)
    (root / "bin" / "run").write_text("#!/bin/sh\n")
    (root / "bin" / "run").chmod(0o750)
    (root / "bin" / "link").symlink_to("run")
    for left_out in ("bin/].tmp", "bin/n", "bin/a.bak", "notes/a.log"):
        (root / left_out).write_text("a")
    (root / "notes" / "deep" / "kept").write_text("kept")
    (root / "Dockerfile").write_text(DOCKERFILE)
    (root / ".dockerignore").write_text(
        f"# {root.name} {uuid.uuid4()}: nothing is in any cache\nnotes\n!notes/deep/kept\nDockerfile\n"
        "bin/[\\]].tmp\nbin/**n\n**/*.bak\n!bin\n"
    )
    return root


def test_build(lab: Lab, each: Each, tmp_path: Path) -> None:
    for host in HOSTS:
        lab.ssh(host, "touch", "/run/iw-marker")
    each(lambda images: build_and_again(images, make_context(tmp_path / images.key)))
    assert {host: lab.ssh(host, LEFTOVERS).split() for host in HOSTS} == {host: [] for host in HOSTS}


def build_and_again(images: Images, context: Path) -> None:
    before = images.cli("ps", "-aq")
    build = {"path": str(context), "args": {"VERSION": 7, "API_TOKEN": SECRET}, "labels": {"kind": "a test"}}
    done = images.both(name=APP, source="build", build=build)
    lines = done["stdout_lines"]
    assert [line for line in lines if line.startswith("./")] == [
        "./.dockerignore", "./bin", "./bin/link", "./bin/run", "./notes", "./notes/deep", "./notes/deep/kept",
    ]  # fmt: skip
    assert "mode 750 0 bin/run" in lines and "version 7" in lines and "token: ********" in lines
    assert SECRET not in json.dumps(done) + "".join(images.logged)
    assert (
        done["image"]["tags"] == [APP]
        and done["image"]["labels"].items() >= {"kind": "a test", "stage": "last"}.items()
    )
    forced = images.run(name=APP, source="build", build=build, force_source=True)
    assert forced["actions"] and not forced["changed"], "the cache gives the same image"
    (context / "bin" / "run").write_text("#!/bin/sh\nexit 1\n")
    assert images.run(name=APP, source="build", build=build, force_source=True)["changed"]
    assert images.cli("ps", "-aq") == before


def test_build_options(each: Each, tmp_path: Path) -> None:
    each(lambda images: build_with_options(images, make_context(tmp_path / images.key)))


def build_with_options(images: Images, context: Path) -> None:
    script = "cat /etc/hosts; df -k /dev/shm | tail -1; ip -o link | wc -l"
    (context / "Other").write_text(
        f"FROM {IMAGE} AS one\nRUN {script}\nFROM scratch\nCOPY --from=one /bin/sh /bin/sh\n"
    )
    build: dict[str, Any] = {
        "path": str(context), "dockerfile": "Other", "target": "one", "etc_hosts": {"db": "10.1.2.3"},
        "shm_size": "8M", "nocache": True, "platform": "linux/amd64",
    }  # fmt: skip
    lines = images.run(name=APP, source="build", build=build)["stdout_lines"]
    assert any(line.split() == ["10.1.2.3", "db"] for line in lines)
    assert any("8192" in line and line.endswith("/dev/shm") for line in lines)
    assert len(images.client.images.inspect(APP)["RootFS"]["Layers"]) >= 1
    alone = images.run(name=OTHER, source="build", build={**build, "network": "none", "etc_hosts": None})
    assert any(line.strip() == "1" for line in alone["stdout_lines"]), "but for the loopback there is no interface"
    gateway = {**build, "etc_hosts": {"up": "host-gateway"}}
    if images.client.engine.build_resolves_host_gateway:
        lines = images.run(name=OTHER, source="build", force_source=True, build=gateway)["stdout_lines"]
        assert any(line.endswith("\tup") for line in lines)
    else:
        with pytest.raises(InvalidOption, match=r"podman 4\.3\.1 does not know it"):
            images.run(name=OTHER, source="build", force_source=True, build=gateway)


def test_a_build_that_fails(images: Images, context: Path) -> None:
    (context.parent / "Bad").write_text(f"FROM {IMAGE}\nARG API_TOKEN\nRUN echo last words of $API_TOKEN; exit 3\n")
    build = {"path": str(context), "dockerfile": "../Bad", "args": {"API_TOKEN": SECRET}}
    message = fails("engine_error", None, lambda: images.run(name=APP, source="build", build=build))
    assert "3" in message and "last words of ********" in message and SECRET not in message
    assert images.id(APP) is None


def test_tag_save_load_and_remove(each: Each, tmp_path: Path) -> None:
    each(lambda images: tag_save_load_and_remove(images, tmp_path / images.key))


def tag_save_load_and_remove(images: Images, tmp_path: Path) -> None:
    tmp_path.mkdir()
    first, second = images.small(APP, "first"), images.small(OTHER, "second")
    assert images.run(name=APP, source="local", repository=OTHER)["changed"] is False, "the name is taken"
    images.both(name=APP, source="local", repository=OTHER, force_tag=True)
    assert images.id(OTHER) == first != second
    path = tmp_path / "app.tar"
    saved = images.both(name=APP, source="local", archive_path=str(path))
    assert [step["action"] for step in saved["actions"]] == ["archive"] and path.stat().st_size > 10**6
    images.run(name=OTHER, state="absent")
    assert images.id(APP) == first, "only a name was taken"
    images.both(name=APP, state="absent")
    assert images.id(APP) is None
    loaded = images.both(name=APP, source="load", load_path=str(path))
    assert images.id(APP) == first and loaded["image"]["id"] == f"sha256:{first}"
    assert loaded["diff"] == {"before": {"id": None}, "after": {"id": f"sha256:{first}"}}
    images.small(APP, "third")
    assert images.both(name=APP, source="load", load_path=str(path))["changed"], "the archive has another image"
    assert images.id(APP) == first
    with pytest.raises(InvalidOption, match=f"has no image {OTHER}, but {APP}"):
        images.run(name=OTHER, source="load", load_path=str(path))
    with pytest.raises(InvalidOption, match="no such file"):
        images.run(name=OTHER, source="load", load_path=str(tmp_path / "none"))
    fails("image_missing", 404, lambda: images.run(name=OTHER, source="local"))


def layout_of(archive: Path, names: dict[str, str], *, others: bool = False) -> bytes:
    """An OCI layout with the image of a docker-archive, its layers compressed; with ``others``, as docker buildx makes
    them: for another platform too, and with an attestation.
    """
    with tarfile.open(archive) as given:

        def read(name: str) -> bytes:
            return given.extractfile(name).read()  # type: ignore[union-attr]

        manifest = json.loads(read("manifest.json"))[0]
        config, layers = read(manifest["Config"]), [gzip.compress(read(name), 1) for name in manifest["Layers"]]
    described = {"config": descriptor(config, "config.v1+json"), "schemaVersion": 2,
                 "layers": [descriptor(layer, "layer.v1.tar+gzip") for layer in layers]}  # fmt: skip
    document = json.dumps(described).encode()
    blobs = [config, document, *layers]
    top = descriptor(document, "manifest.v1+json")
    if others:
        foreign = json.dumps({**json.loads(config), "architecture": "s390x"}).encode()
        other = json.dumps({**described, "config": descriptor(foreign, "config.v1+json")}).encode()
        platforms = [(other, "linux", "s390x"), (document, "linux", "amd64"), (other, "unknown", "unknown")]
        inner = json.dumps({"schemaVersion": 2, "manifests": [
            {**descriptor(data, "manifest.v1+json"), "platform": {"os": system, "architecture": architecture}}
            for data, system, architecture in platforms
        ]}).encode()  # fmt: skip
        blobs += [foreign, other, inner]
        top = descriptor(inner, "index.v1+json")
    index = {"schemaVersion": 2, "manifests": [{**top, "annotations": names}]}
    entries = {f"blobs/sha256/{hashlib.sha256(data).hexdigest()}": data for data in blobs}
    entries |= {"index.json": json.dumps(index).encode(), "oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def descriptor(data: bytes, kind: str) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}


@pytest.mark.parametrize(
    "kind", ["docker-archive, compressed", "OCI layout", "OCI layout without a name", "OCI layout, two platforms"]
)
def test_other_archives(images: Images, tmp_path: Path, kind: str) -> None:
    identity = images.small(APP)
    plain, path = tmp_path / "plain.tar", tmp_path / "other"
    images.run(name=APP, source="local", archive_path=str(plain))
    if kind.startswith("docker"):
        path.write_bytes(gzip.compress(plain.read_bytes(), 1))
    else:
        names = {} if kind.endswith("name") else {"org.opencontainers.image.ref.name": APP}
        path.write_bytes(layout_of(plain, names, others=kind.endswith("platforms")))
    images.run(name=APP, state="absent")
    images.both(name=APP, source="load", load_path=str(path))
    assert images.keeps_manifests or images.id(APP) == identity


def test_a_short_name_is_one_image(each: Each, tmp_path: Path) -> None:
    each(lambda images: load_and_remove_a_short_name(images, tmp_path / images.key))


def load_and_remove_a_short_name(images: Images, tmp_path: Path) -> None:
    """Podman takes ``iw-short`` for localhost's or for Docker Hub's: a name each for two kinds of archives."""
    tmp_path.mkdir()
    short, hub, own = "iw-short:1", "docker.io/library/iw-short:1", "localhost/iw-short:1"
    plain, path = tmp_path / "plain.tar", tmp_path / "layout.tar"
    identity = images.small(APP, "short")
    images.client.images.tag(APP, hub if images.podman else short)
    images.run(name=short, source="local", archive_path=str(plain))
    path.write_bytes(layout_of(plain, {"org.opencontainers.image.ref.name": short}))
    images.both(name=short, state="absent")
    for archive in (plain, path):
        loaded = images.both(name=short, source="load", load_path=str(archive))
        assert len([tag for tag in images.state() if tag.endswith("iw-short:1")]) == 1
        assert images.keeps_manifests or loaded["image"]["id"] == f"sha256:{identity}"
        images.both(name=short, source="local", archive_path=str(tmp_path / f"saved-{archive.name}"))
        images.both(name=short, state="absent")
        assert not {tag for tag in images.state() if tag.endswith("iw-short:1")}
    for name in (hub, own):
        images.client.images.tag(APP, name)
    gone = images.both(name=short, state="absent")
    assert [step["image"] for step in gone["actions"]] == ([own, hub] if images.podman else [short])
    assert (own in images.state()) is not images.podman
    if not images.podman:
        images.client.images.remove(own)


# What each engine's builder can do, and what becomes of it.
HEREDOCS = f"""FROM {IMAGE}
RUN <<EOF
echo first > /hi
EOF
COPY <<ONE <<TWO /docs/
{{text}}
ONE
two
TWO
RUN cat /hi /docs/ONE /docs/TWO
"""
PLATFORMS = f"""
ARG BUILDPLATFORM
FROM --platform=$BUILDPLATFORM {IMAGE}
ARG TARGETARCH
ARG TARGETPLATFORM
LABEL built=$TARGETARCH/$TARGETPLATFORM
"""


def test_what_builders_can_do(each: Each, tmp_path: Path) -> None:
    each(lambda images: build_with_what_came_later(images, tmp_path / images.key))


def build_with_what_came_later(images: Images, tmp_path: Path) -> None:
    tmp_path.mkdir()
    dockerfile, build = tmp_path / "Dockerfile", {"path": str(tmp_path), "platform": "linux/amd64"}
    dockerfile.write_text(PLATFORMS)
    labels = images.both(name=APP, source="build", build=build)["image"]["labels"]
    assert labels["built"] == "amd64/linux/amd64"
    knows = images.podman and images.client.identity.release >= (5, 0)
    for text in ("one", "another"):  # what changes in a document alone makes another image
        dockerfile.write_text(HEREDOCS.format(text=text))
        if knows:
            done = images.run(name=OTHER, source="build", build=build, force_source=True)
            assert done["changed"] and ["first", text, "two"] == [
                line for line in done["stdout_lines"] if line in ("first", "one", "another", "two")
            ]  # fmt: skip
            continue
        for check in (True, False):
            with pytest.raises(InvalidOption, match=rf"{dockerfile}, line 2: RUN <<.*can't do that"):
                images.run(check, name=OTHER, source="build", build=build)
    if not images.podman:
        dockerfile.write_text(f"FROM {IMAGE}\n# a line\nADD --checksum=sha256:0 Dockerfile /\n")
        with pytest.raises(InvalidOption, match="line 3: ADD --checksum"):
            images.run(name=OTHER, source="build", build=build)
    assert (images.id(OTHER) is None) is not knows


def test_force_never_removes_containers(images: Images) -> None:
    identity = images.small(APP)
    name = "iw-user"
    images.client.containers.create(name, {"Image": APP, "Cmd": ["sleep", "60"], "StopTimeout": 0})
    try:
        images.client.containers.start(name)
        if images.podman:
            fails("engine_error", None, lambda: images.run(name=APP, state="absent", force_absent=True))
            assert images.id(APP) == identity
        else:
            assert images.both(name=APP, state="absent", force_absent=True)["image"] is None
            assert images.id(identity) == identity, "Docker takes the name only"
            fails("engine_error", 409, lambda: images.run(name=identity, state="absent", force_absent=True))
            images.client.images.tag(identity, APP)
        assert images.state_of(name) == "running"
        images.client.containers.kill(name)
        if images.podman:
            fails("engine_error", None, lambda: images.run(name=APP, state="absent", force_absent=True))
        else:
            images.both(name=APP, state="absent", force_absent=True)
        assert images.state_of(name) in ("exited", "stopped")
    finally:
        images.client.containers.remove(name, force=True)


def test_the_end_of_a_name_is_another_name(images: Images, tmp_path: Path) -> None:
    """For Podman itself, ``iw-short`` is any registry's: it would build over that image, and remove it."""
    identity = images.small(APP)
    elsewhere, short, hub = "r.example.com/team/iw-short:1", "iw-short:1", "docker.io/library/iw-short:1"
    images.client.images.tag(APP, elsewhere)
    (tmp_path / "Dockerfile").write_text(f"FROM {IMAGE}\nLABEL iw={uuid.uuid4()}\n")
    build = {"path": str(tmp_path)}
    try:
        assert not images.run(name=short, state="absent")["changed"]
        fails("image_missing", 404, lambda: images.run(name=short, source="local"))
        built = images.both(name=short, source="build", build=build)["image"]
        assert built["tags"] == [short] and images.id(elsewhere) == identity
        assert images.id(hub) == built["id"].removeprefix("sha256:")
        images.both(name=short, state="absent")
        images.both(name=APP, source="local", repository=f"localhost/{short}")
        if images.podman:
            images.both(name=short, state="absent")
            assert images.id(f"localhost/{short}") is None and images.id(elsewhere) == identity
    finally:
        for name in {elsewhere, f"localhost/{short}", hub, short} & set(images.state()):
            images.client.images.remove(name)


def test_an_id_goes_with_all_its_names(images: Images) -> None:
    identity = f"sha256:{images.small(APP)}"
    images.client.images.tag(APP, OTHER)
    fails("engine_error", None, lambda: images.run(name=identity, state="absent"))
    assert images.run(name=identity, state="absent", force_absent=True)["changed"]
    assert images.id(APP) is images.id(OTHER) is None
    assert not images.run(name=identity, state="absent")["changed"]


@pytest.mark.pairs("both")
def test_through_ansible(lab: Lab, context: Path, tmp_path: Path) -> None:
    """Check mode, diff, and no secret anywhere, on one host with both of its engines."""
    build = {"path": str(context), "args": {"API_TOKEN": SECRET}}
    tasks: list[dict[str, Any]] = []
    for engine in ("podman", "docker"):
        base = {"engine": engine, "name": APP}
        made = {**base, "source": "build", "build": build}
        tasks += [
            {"remote_image": made, "check_mode": True},
            {"remote_image": made},
            {"remote_image": made},
            {"remote_image_info": {"engine": engine, "name": [APP, "no/such:1"], "query": "images[].tags[]"}},
            {"remote_image": {**base, "state": "absent"}, "check_mode": True},
            {"remote_image": {**base, "state": "absent"}},
            {"remote_image": {**base, "state": "absent"}},
        ]
    results = run_tasks(lab, "bookworm1", tasks, tmp_path, "-vvv", diff=True)
    assert SECRET not in json.dumps(results)
    half = len(tasks) // 2
    for found in (results[:half], results[half:]):
        assert [result["changed"] for result in found] == [True, True, False, False, True, True, False], found
        said, done, _again, info, gone = found[:5]
        assert said["actions"] == done["actions"] and said["diff"]["before"] == done["diff"]["before"] == {"id": None}
        assert info["result"] == [APP] and info["missing"] == ["no/such:1"] and info["images"] == [done["image"]]
        assert gone["diff"] == {"before": {"id": done["image"]["id"]}, "after": {"id": None}}
    assert set(results[1]["image"]) == set(results[half + 1]["image"]), "one shape for both engines"
