#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Quadlet of podman 5.4.2: an empty argument ("") ends the command, what follows is lost
#
# Expected:
#   podman-systemd.unit(5): Exec= has the format of systemd's command lines, PodmanArgs= is a list whose items may
#   be quoted. In systemd, as in a shell, "" is an argument, an empty one.
# Happens:
#   The generator takes the empty word, in single or in double quotes, for the end of the line: it is dropped with
#   all words after it, in Exec= as in PodmanArgs=. The exit code is 0 and nothing is printed.
# Why it matters:
#   Empty values are how prefixes, passwords and base paths are switched off. The unit is generated and installed
#   without a complaint, and the program gets half of its options: here neither the prefix nor the port.
# To live with it:
#   Write the value into the option's own word (--prefix=), or hand the empty value over as an environment variable
#   (NAME= is kept).
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

debian podman
version=$(dpkg-deb --field "$work"/apt/podman_*.deb Version)
echo "podman $version"
[[ $version == 5.4.2* ]] || { echo "changed: podman is no longer 5.4.2" >&2; exit 1; }

quadlet=$work/root/usr/libexec/podman/quadlet

# The end of the command line that quadlet makes of a line of a [Container] section, and what it says beside.
generated() {
    mkdir -p "$work/units"
    printf '[Container]\nImage=docker.io/library/alpine:3.20\n%s\n' "$1" >"$work/units/web.container"
    printf '%s -> ' "$1"
    QUADLET_UNIT_DIRS=$work/units "$quadlet" -dryrun 2>"$work/errors" |
        grep '^ExecStart=' | grep -oE '(--log-opt.*|--env.*|docker.io.*)'
    grep -v 'Loading source unit file' "$work/errors" || true
}

try_all() {
    echo "quadlet $("$quadlet" --version)"
    generated 'Exec=serve --prefix "" --port 80'
    generated "Exec=serve --prefix '' --port 80"
    generated 'Exec=serve --prefix= --port 80'
    generated 'PodmanArgs=--log-opt "" --init'
    generated 'Environment=PREFIX='
}

cat >"$work/expected" <<'EXPECTED'
quadlet 5.4.2
Exec=serve --prefix "" --port 80 -> docker.io/library/alpine:3.20 serve --prefix
Exec=serve --prefix '' --port 80 -> docker.io/library/alpine:3.20 serve --prefix
Exec=serve --prefix= --port 80 -> docker.io/library/alpine:3.20 serve --prefix= --port 80
PodmanArgs=--log-opt "" --init -> --log-opt docker.io/library/alpine:3.20
Environment=PREFIX= -> --env PREFIX= docker.io/library/alpine:3.20
EXPECTED

try_all | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: empty arguments are treated in another way" >&2
    exit 1
fi
echo "as it was seen before"
