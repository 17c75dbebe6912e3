#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docker (CLI) 26.1.5: whether !keep takes files back depends on whether keep itself was left out before
#
# Expected:
#   Docker's documentation of .dockerignore: the last line that matches a file decides, and a line names a directory
#   with all that is below (so that "keep" leaves out keep/a.log, and after "*" the line "!keep" brings it back).
# Happens:
#   After "**/*.log" the line "!keep" does nothing: keep/a.log stays out. A line that begins with "!" is only tried
#   on a path that is left out at that point; the directory keep is not, so the line is not remembered as matching
#   for what is inside. With "keep" or "*" before it, or written "!keep/**", it works. Podman's remote client reads
#   the same file the other way and sends keep/a.log.
# Why it matters:
#   A build that works with one engine misses files with the other, and the usual idea "all logs but those in one
#   folder" silently fails with Docker. Seen with the classic builder, whose client packs the context.
# To live with it:
#   Name the files: "!keep/**" or "!keep/*.log", which everyone reads alike.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Packages of Debian 13 (trixie), fetched through this machine's own mirror and unpacked; nothing is installed.
debian() {
    local mirror
    # shellcheck disable=SC2016 # apt-get fills it in
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | sort -u | head -n 1)
    [[ -n $mirror ]] || { echo "needs Debian and its package lists (apt-get update)" >&2; exit 2; }
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/root"
    touch "$work/apt/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/apt/sources.list"
    cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::SourceList "$work/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$work/apt/lists";
Dir::State::Status "$work/apt/status";
Dir::Cache "$work/apt";
APT::Sandbox::User "";
CONF
    (
        cd "$work/apt"
        export APT_CONFIG=$work/apt/apt.conf
        apt-get -qq update
        apt-get -qq download "$@"
    )
    for package in "$work"/apt/*.deb; do dpkg -x "$package" "$work/root"; done
}

debian docker-cli
version=$(dpkg-deb --field "$work"/apt/docker-cli_*.deb Version)
echo "docker-cli $version"
[[ $version == 26.1.5* ]] || { echo "changed: docker-cli is no longer 26.1.5" >&2; exit 1; }

cat >"$work/try.py" <<'PYTHON'
import http.server
import io
import pathlib
import subprocess
import sys
import tarfile
import threading


class Engine(http.server.BaseHTTPRequestHandler):
    """Answers what `build` asks before it sends the context, and notes the names in it."""

    protocol_version = "HTTP/1.1"
    received: list[str] = []

    def reply(self, body):
        self.send_response(200)
        self.send_header("Api-Version", "1.45")
        self.send_header("Libpod-Api-Version", "5.4.2")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def do_GET(self):
        self.reply(b"OK" if self.path.endswith("_ping") else b'{"OSType": "linux"}')

    do_HEAD = do_GET

    def do_POST(self):
        context = b""
        while length := int(self.rfile.readline(), 16):
            context += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        with tarfile.open(fileobj=io.BytesIO(context)) as archive:
            Engine.received = sorted(member.name for member in archive if member.isfile())
        self.reply(b'{"stream": "0123456789ab\\n"}\n')

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Engine)
threading.Thread(target=server.serve_forever, daemon=True).start()


def sent(directory, lines, files, command):
    """Which of the files reach the engine with these lines in .dockerignore."""
    directory = pathlib.Path(directory)
    for name in [*files, "Dockerfile"]:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("FROM scratch\n")
    (directory / ".dockerignore").write_text("".join(line + "\n" for line in lines))
    url = f"tcp://127.0.0.1:{server.server_port}"
    subprocess.run([one.replace("URL", url) for one in [*command, str(directory)]], check=True, capture_output=True)
    return [name.removeprefix("./") for name in Engine.received if name.removeprefix("./") in files]


docker = ["env", "DOCKER_BUILDKIT=0", f"DOCKER_CONFIG={sys.argv[2]}/none", sys.argv[1], "-H", "URL", "build", "-q"]
files = ["a.log", "keep/a.log", "keep/deep/b.log"]
cases = (["**/*.log"], ["**/*.log", "!keep"], ["*", "!keep"], ["keep", "**/*.log", "!keep"], ["**/*.log", "!keep/**"])
for number, lines in enumerate(cases):
    print(" ".join(lines), "->", sent(f"{sys.argv[2]}/context{number}", lines, files, docker))
PYTHON

cat >"$work/expected" <<'EXPECTED'
**/*.log -> []
**/*.log !keep -> []
* !keep -> ['keep/a.log', 'keep/deep/b.log']
keep **/*.log !keep -> ['keep/a.log', 'keep/deep/b.log']
**/*.log !keep/** -> ['keep/a.log', 'keep/deep/b.log']
EXPECTED

"${PYTHON:-python3}" "$work/try.py" "$work/root/usr/bin/docker" "$work" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: files are taken back in another way" >&2
    exit 1
fi
echo "as it was seen before"
