# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry small enough to read, run on the host under test by the host's own Python: registry.py FOLDER.

On 443, with TLS, it answers for the stand-ins of FOLDER and takes no pushes. 5500 (plain), 5501 and 5502 (TLS, user
testuser with password hunter2) take pushes and keep them in memory.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import ssl
import sys
import threading
import uuid
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

FOLDER = Path(sys.argv[1])
INDEX = json.loads((FOLDER / "index.json").read_text())
LOGIN = "Basic " + base64.b64encode(b"testuser:hunter2").decode()
TLS_HANDSHAKE = b"\x16"


class Pushed:
    """What was pushed, by repository."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.blobs: dict[str, bytes] = {}
        self.owned: dict[str, set[str]] = {}
        self.manifests: dict[str, dict[str, tuple[str, bytes]]] = {}
        self.uploads: dict[str, bytes] = {}


PUSHED = Pushed()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, _format: str, *args: Any) -> None:
        print(self.server.server_port, self.command, self.path, *args, flush=True)

    def say(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if code != 401:  # the frontend of the peer's own registry does not send it there
            self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, code: int, what: str, **headers: str) -> None:
        error = {"code": what, "message": what.lower().replace("_", " "), "detail": None}
        self.say(code, json.dumps({"errors": [error]}).encode(), Content_Type="application/json", **headers)

    def body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self) -> None:
        data = self.body() if self.command in ("POST", "PUT", "PATCH") else b""
        url = urlsplit(self.path)
        if self.server.login and self.headers.get("Authorization") != LOGIN:
            return self.refuse(401, "UNAUTHORIZED", WWW_Authenticate='Basic realm="peer-suite"')
        if url.path.rstrip("/") == "/v2":
            return self.say(200, b"{}", Content_Type="application/json")
        found = re.fullmatch(r"/v2/(.+)/(manifests|blobs)/(.*)", url.path)
        if not found:
            return self.refuse(404, "NOT_FOUND")
        repository, kind, reference = found.groups()
        if self.server.server_port == 443:
            host = self.headers.get("Host", "").split(":")[0]
            return self.stand_in(f"{host}/{repository}", kind, reference)
        with PUSHED.lock:
            if kind == "manifests":
                return self.manifest(repository, reference, data)
            return self.blob(repository, reference, {k: v[0] for k, v in parse_qs(url.query).items()}, data)

    def stand_in(self, repository: str, kind: str, reference: str) -> None:
        tags, digest = INDEX["refs"].get(repository, {}), reference
        if self.command not in ("GET", "HEAD"):
            return self.refuse(405, "UNSUPPORTED")
        if kind == "manifests":
            digest = tags.get(reference) or (reference if tags and reference in INDEX["types"] else "")
        blob = FOLDER / "blobs" / re.sub(r"[^0-9a-f]", "", digest.partition(":")[2])
        if not digest or not blob.is_file():
            return self.refuse(404, "MANIFEST_UNKNOWN" if kind == "manifests" else "BLOB_UNKNOWN")
        kind = INDEX["types"].get(digest, "application/octet-stream")
        return self.say(200, blob.read_bytes(), Content_Type=kind, Docker_Content_Digest=digest)

    def manifest(self, repository: str, reference: str, data: bytes) -> None:
        known = PUSHED.manifests.setdefault(repository, {})
        if self.command in ("GET", "HEAD"):
            if reference not in known:
                return self.refuse(404, "MANIFEST_UNKNOWN")
            kind, data = known[reference]
            return self.say(200, data, Content_Type=kind, Docker_Content_Digest=digest_of(data))
        digest = digest_of(data)
        known[reference] = known[digest] = (self.headers.get("Content-Type", ""), data)
        return self.say(201, Location=f"/v2/{repository}/manifests/{digest}", Docker_Content_Digest=digest)

    def blob(self, repository: str, reference: str, query: dict[str, str], data: bytes) -> None:
        owned = PUSHED.owned.setdefault(repository, set())
        if self.command in ("GET", "HEAD"):
            if reference not in owned:
                return self.refuse(404, "BLOB_UNKNOWN")
            kind = "application/octet-stream"
            return self.say(200, PUSHED.blobs[reference], Content_Type=kind, Docker_Content_Digest=reference)
        if query.get("mount") in PUSHED.owned.get(query.get("from", ""), ()):
            return self.keep(repository, query["mount"])
        upload = uuid.uuid4().hex if self.command == "POST" else reference.split("/")[-1]
        if self.command != "POST" and upload not in PUSHED.uploads:
            return self.refuse(404, "BLOB_UPLOAD_UNKNOWN")
        PUSHED.uploads[upload] = PUSHED.uploads.get(upload, b"") + data
        if "digest" not in query:
            last = max(len(PUSHED.uploads[upload]) - 1, 0)
            place = f"/v2/{repository}/blobs/uploads/{upload}"
            return self.say(202, Location=place, Range=f"0-{last}", Docker_Upload_UUID=upload)
        blob = PUSHED.uploads.pop(upload)
        if digest_of(blob) != query["digest"]:
            return self.refuse(400, "DIGEST_INVALID")
        PUSHED.blobs[query["digest"]] = blob
        return self.keep(repository, query["digest"])

    def keep(self, repository: str, digest: str) -> None:
        PUSHED.owned.setdefault(repository, set()).add(digest)
        self.say(201, Location=f"/v2/{repository}/blobs/{digest}", Docker_Content_Digest=digest)


class Server(ThreadingHTTPServer):
    """One port."""

    daemon_threads = True

    def __init__(self, port: int, tls: ssl.SSLContext | None, login: bool) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.tls, self.login = tls, login

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls:
            request.settimeout(60)
            if request.recv(1, socket.MSG_PEEK) != TLS_HANDSHAKE:  # plain HTTP: what nginx says then
                request.recv(65536)
                request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            request = self.tls.wrap_socket(request, server_side=True)
        try:
            super().finish_request(request, client_address)
        finally:
            with suppress(OSError):
                request.close()

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that went away is no news."""


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH"):
    setattr(Handler, f"do_{_method}", Handler.answer)


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def main() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(FOLDER / "cert.pem", FOLDER / "key.pem")
    for port, context, login in ((443, tls, False), (5500, None, False), (5501, tls, True), (5502, tls, True)):
        threading.Thread(target=Server(port, context, login).serve_forever, daemon=True).start()
    threading.Event().wait()


main()
