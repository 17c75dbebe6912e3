# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small stand-ins for every image that the peer's tests name, as the blobs of a registry.

They are busybox and little else, and the same bytes each time. What the tests look at (labels, environment, ports,
health checks, platforms) is as in the images that they stand for.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
PATHS = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MADE = "2020-01-01T00:00:00Z"
FOLDERS = (
    *("bin", "dev", "etc", "home", "lib", "media", "mnt", "opt", "proc", "run", "sbin", "srv", "sys", "var", "usr"),
    *("usr/bin", "usr/sbin", "usr/lib", "usr/local", "usr/local/bin", "var/log", "var/run"),
)
FEW = ("bin/sh", "bin/sleep", "bin/echo", "bin/cat", "bin/grep")
USERS = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/sbin/nologin\n"
    "daemon:x:2:2:daemon:/sbin:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
    "etc/group": "root:x:0:root\nbin:x:1:root,bin,daemon\ndaemon:x:2:root,bin,daemon\nnobody:x:65534:\n",
    "etc/shadow": "root:::0:::::\n",
}
HEALTH = {
    "main": "#!/bin/sh\nprintf starting >/health.txt\n"
    'if [ -n "$2" ]; then sleep "$2"; printf healthy >/health.txt; fi\nexec sleep "$1"\n',
    "is-healthy": "#!/bin/sh\ngrep -q '^healthy$' /health.txt\n",
    "make-healthy": "#!/bin/sh\nprintf healthy >/health.txt\n",
}
SECOND = 10**9  # nanoseconds


@dataclass(frozen=True)
class Image:
    """Digests of an image's manifest and config (its ID before Docker 29), and the manifest's size in bytes."""

    digest: str
    config: str
    size: int


@dataclass
class Store:
    """A folder of blobs, and the index by which the registry (on_host/registry.py) finds them."""

    folder: Path
    busybox: Path
    refs: dict[str, dict[str, str]] = field(default_factory=dict)  # {repository: {tag: digest}}
    types: dict[str, str] = field(default_factory=dict)  # {digest: media type}

    def put(self, data: bytes, kind: str = "") -> str:
        """Keep a blob; its digest."""
        digest = hashlib.sha256(data).hexdigest()
        (self.folder / "blobs").mkdir(parents=True, exist_ok=True)
        (self.folder / "blobs" / digest).write_bytes(data)
        if kind:
            self.types[f"sha256:{digest}"] = kind
        return f"sha256:{digest}"

    def image(
        self, files: Mapping[str, str], config: Mapping[str, Any], platform: str = "amd64", few: bool = False
    ) -> Image:
        """Keep an image.

        :param files: by path without the first slash; a text that starts with #! is a program.
        :param config: the image's ``config``, as ``docker inspect`` shows it.
        :param few: only the applets that its programs need.
        """
        layer = self._root(files, FEW if few else self._applets())
        packed = gzip.compress(layer, 6, mtime=0)
        described = _json(
            {
                "architecture": platform,
                "os": "linux",
                "created": MADE,
                "config": {"Env": [PATHS], **config},
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
                "history": [{"created": MADE, "created_by": "a stand-in"}],
            }
        )
        told = {"mediaType": CONFIG, "size": len(described), "digest": self.put(described)}
        layers = [{"mediaType": LAYER, "size": len(packed), "digest": self.put(packed)}]
        manifest = _json({"schemaVersion": 2, "mediaType": MANIFEST, "config": told, "layers": layers})
        return Image(self.put(manifest, MANIFEST), str(told["digest"]), len(manifest))

    def platforms(self, images: Mapping[str, Image]) -> str:
        """Keep a list of one image for each architecture; its digest."""
        entries = [
            {"mediaType": MANIFEST, "size": one.size, "digest": one.digest,
             "platform": {"architecture": name, "os": "linux"}}
            for name, one in images.items()
        ]  # fmt: skip
        return self.put(_json({"schemaVersion": 2, "mediaType": LIST, "manifests": entries}), LIST)

    def tag(self, name: str, digest: str) -> None:
        repository, tag = name.rsplit(":", 1)
        self.refs.setdefault(repository, {})[tag] = digest

    def index(self) -> None:
        """Write what the registry reads."""
        index = {"refs": self.refs, "types": self.types, "hosts": sorted(self.hosts())}
        (self.folder / "index.json").write_text(json.dumps(index))

    def hosts(self) -> set[str]:
        """The registries that it stands for."""
        return {repository.split("/")[0] for repository in self.refs}

    def _applets(self) -> list[str]:
        listed = subprocess.run([self.busybox, "--list-full"], check=True, capture_output=True, text=True)
        return sorted(set(listed.stdout.split()) - {"bin/busybox"})

    def _root(self, files: Mapping[str, str], applets: Sequence[str]) -> bytes:
        written = io.BytesIO()
        with tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name, mode in [*((name, 0o755) for name in FOLDERS), ("root", 0o700), ("tmp", 0o1777)]:
                _member(tar, name, mode, tarfile.DIRTYPE)
            _member(tar, "var/tmp", 0o1777, tarfile.DIRTYPE)
            _member(tar, "bin/busybox", 0o755, data=self.busybox.read_bytes())
            for name in applets:
                _member(tar, name, 0o777, tarfile.SYMTYPE, link="/bin/busybox")
            for name, text in sorted({**USERS, **files}.items()):
                _member(tar, name, 0o755 if text.startswith("#!") else 0o644, data=text.encode())
        return written.getvalue()


def _member(
    tar: tarfile.TarFile, name: str, mode: int, kind: bytes = tarfile.REGTYPE, data: bytes = b"", link: str = ""
) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.type, entry.linkname, entry.size = mode, kind, link, len(data)
    tar.addfile(entry, io.BytesIO(data))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def stand_ins(store: Store, named: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Make an image for each that the peer's ``setup_docker/vars/main.yml`` names.

    :param named: that file.
    :returns: the names to pull, and variables that replace the peer's: digests and IDs are ours.
    """
    names, replaced = [], {}
    for variable, name in sorted(named.items()):
        if not variable.startswith("docker_test_image_") or variable.endswith("_base") or "/" not in str(name):
            continue
        names.append(name)
        if "hello" in variable:
            image = store.image({"hello": "#!/bin/sh\necho 'Hello from Docker!'\n"}, {"Cmd": ["/hello"]}, few=True)
            replaced[f"{variable}_image_ids"] = [image.config, image.digest]
            store.tag(name, image.digest)
        else:
            store.tag(name, _named(store, variable))
    for variable in ("docker_test_image_digest_v1", "docker_test_image_digest_v2"):
        if variable in named:
            image = store.image({"etc/stand-in": f"{variable}\n"}, {"Cmd": ["/bin/sh"]}, few=True)
            digest, config = (text.removeprefix("sha256:") for text in (image.digest, image.config))
            replaced |= {variable: digest, f"{variable}_image_ids": [config, digest]}
            store.tag(f"{named['docker_test_image_digest_base']}:{variable}", image.digest)
    store.index()
    return names, replaced


def _named(store: Store, variable: str) -> str:
    """Make the image that a variable names by its kind; its digest."""
    own = {"etc/stand-in": f"{variable}\n"}
    if "healthcheck" in variable:
        check = {"Test": ["CMD", "/is-healthy"], "Interval": SECOND, "StartPeriod": 10 * SECOND, "Retries": 1}
        return store.image({**own, **HEALTH}, {"Entrypoint": ["/main"], "Healthcheck": check}).digest
    if "simple" in variable:
        program = {"runme": "#!/bin/sh\necho Hello!\nexec sleep ${1:-0}\n"}
        return store.platforms(
            {
                name: store.image({**own, **program, "etc/arch": name}, {"Entrypoint": ["/runme"]}, name, few=True)
                for name in ("amd64", "arm64", "386")
            }
        )
    if "nginx" in variable:
        config = {
            "Env": [PATHS, "NGINX_VERSION=1.13.8"],
            "Labels": {"maintainer": "NGINX Docker Maintainers <docker-maint@nginx.com>"},
            "ExposedPorts": {"80/tcp": {}},
            "StopSignal": "SIGTERM",
            "Cmd": ["nginx", "-g", "daemon off;"],
        }
        return store.image({**own, "usr/sbin/nginx": "#!/bin/sh\nexec sleep 100000\n"}, config).digest
    return store.image(own, {"Cmd": ["sh" if "busybox" in variable else "/bin/sh"]}).digest
