# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images for any platform, made of JSON and pushed to a registry of the lab without an engine."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import ssl
import tarfile
import urllib.request
from typing import Any
from urllib.parse import urlsplit

_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar"


class Registry:
    """A registry at an address, whose certificate nobody here knows."""

    def __init__(self, address: str, user: str, password: str) -> None:
        self._base = f"https://{address}"
        self._login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._tls = ssl._create_unverified_context()  # noqa: S323 - a certificate of the test's own

    def push(self, repository: str, tag: str, platform: str) -> dict[str, Any]:
        """Push an image for a platform (os/architecture[/variant]); what a list says of it."""
        system, architecture, *variant = platform.split("/")
        said = {"os": system, "architecture": architecture, **({"variant": variant[0]} if variant else {})}
        layer = _layer(platform)
        config = json.dumps(
            {**said, "config": {"Cmd": ["/x"]}, "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]}}
        ).encode()
        manifest = {
            "schemaVersion": 2, "mediaType": _TYPE, "config": self._blob(repository, config, _CONFIG),
            "layers": [self._blob(repository, layer, _LAYER)],
        }  # fmt: skip
        return {**self._manifest(repository, tag, manifest), "platform": said}

    def push_list(self, repository: str, tag: str, platforms: list[str]) -> None:
        """Push an image for each of these platforms, under one tag."""
        entries = [self.push(repository, platform.replace("/", "-"), platform) for platform in platforms]
        self._manifest(repository, tag, {"schemaVersion": 2, "mediaType": _LIST, "manifests": entries})

    def _manifest(self, repository: str, tag: str, manifest: dict[str, Any]) -> dict[str, Any]:
        data, kind = json.dumps(manifest).encode(), manifest["mediaType"]
        self._send("PUT", f"/v2/{repository}/manifests/{tag}", data, kind)
        return {"mediaType": kind, "size": len(data), "digest": _digest(data)}

    def _blob(self, repository: str, data: bytes, kind: str) -> dict[str, Any]:
        place = urlsplit(self._send("POST", f"/v2/{repository}/blobs/uploads/", b"", "").headers["Location"])
        self._send(
            "PUT", f"{place.path}?{place.query}&digest={_digest(data)}", data, "application/octet-stream"
        )  # fmt: skip
        return {"mediaType": kind, "size": len(data), "digest": _digest(data)}

    def _send(self, method: str, path: str, data: bytes, kind: str) -> Any:
        headers = {"Authorization": self._login, "Content-Type": kind}
        request = urllib.request.Request(self._base + path, data=data, method=method, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, context=self._tls) as answer:  # noqa: S310 - https only
            return answer


def _layer(text: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo("platform")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text.encode()))
    return file.getvalue()


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
