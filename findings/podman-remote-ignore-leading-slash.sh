#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# podman (remote client) 5.4.2: a line of .dockerignore that begins with a slash leaves nothing out
#
# Expected:
#   Podman's own containerignore(5), as Docker's documentation of .dockerignore: the root of the context counts as
#   working directory and as root directory, so that /foo/bar and foo/bar both leave out bar in the directory foo.
# Happens:
#   `podman --remote build` compares the line, with its slash, with names that have none. /secrets and /.env match
#   nothing and the files are packed and sent to the engine. Without the slash they are left out.
# Why it matters:
#   In .gitignore the leading slash is how a name is bound to the top, and such lines are copied. With Docker they
#   do what they say; with Podman over SSH or on another machine, credentials and folders of gigabytes go into the
#   context, and COPY . puts them into the image.
# To live with it:
#   Write names without a leading slash: in this format they are bound to the top of the context anyway.
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

debian podman libc6 libgpgme11t64 libgpg-error0 libassuan9 libsubid5 libseccomp2 libsqlite3-0 libzstd1
version=$(dpkg-deb --field "$work"/apt/podman_*.deb Version)
echo "podman $version"
[[ $version == 5.4.2* ]] || { echo "changed: podman is no longer 5.4.2" >&2; exit 1; }

# The program with the libraries it was built for.
root=$work/root
loader=$(find "$root" -name 'ld-linux*.so.*' | head -n 1)
libraries=$(dirname "$(find "$root" -name 'libc.so.6' | head -n 1)")

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


loader, libraries, program, work = sys.argv[1:]
podman = [loader, "--library-path", libraries, program, "--remote", "--url", "URL", "build"]
files = ["app.py", "secrets/token", "src/secrets/token"]
for number, lines in enumerate((["secrets"], ["/secrets"], ["/secrets/"], ["/secrets/*"])):
    print(" ".join(lines), "->", sent(f"{work}/context{number}", lines, files, podman))
PYTHON

cat >"$work/expected" <<'EXPECTED'
secrets -> ['app.py', 'src/secrets/token']
/secrets -> ['app.py', 'secrets/token', 'src/secrets/token']
/secrets/ -> ['app.py', 'secrets/token', 'src/secrets/token']
/secrets/* -> ['app.py', 'secrets/token', 'src/secrets/token']
EXPECTED

"${PYTHON:-python3}" "$work/try.py" "$loader" "$libraries" "$root/usr/bin/podman" "$work" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: a leading slash is read in another way" >&2
    exit 1
fi
echo "as it was seen before"
