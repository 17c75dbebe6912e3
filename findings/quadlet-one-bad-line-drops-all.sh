#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Quadlet of podman 5.4.2: one line that is no key in one file, and no file of any folder becomes a unit
#
# Expected:
#   systemd.syntax(7): a line that is neither a section, an assignment nor a comment is told of and ignored ("Missing
#   '=', ignoring line."), and other units are not touched by it. podman-systemd.unit(5) says that quadlets have the
#   syntax of systemd's units.
# Happens:
#   Such a line in db.container ends the generator before it writes anything: web.container and data.volume, which are
#   as they were, have no units either. The exit code is 1, and systemd shows a generator's words in the journal only.
# Why it matters:
#   The next daemon-reload or boot takes away the units of all containers of the host that are quadlets, for a slip in
#   a file of somebody else.
# To live with it:
#   Let the generator try a copy of the folder with the new file in it (QUADLET_UNIT_DIRS and -dryrun) before the file
#   is put in its place, and look for what is no longer generated.
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

units() {
    local code=0
    rm -rf "$work/made"
    mkdir "$work/made"
    QUADLET_UNIT_DIRS=$work/units "$quadlet" "$work/made" || code=$?
    # Its words go to the kernel's log; with -dryrun they can be seen.
    QUADLET_UNIT_DIRS=$work/units "$quadlet" -dryrun >/dev/null 2>"$work/errors" || true
    echo "exit code $code, units: $(cd "$work/made" && echo *.service)"
    sed -n "s|$work/units|FOLDER|g; s/.*quadlet-generator\\[[0-9]*\\]: \\(error.*\\|No files.*\\)/\\1/p" "$work/errors"
}

try_all() {
    mkdir "$work/units"
    printf '[Container]\nImage=docker.io/library/alpine:3.20\n' >"$work/units/web.container"
    printf '[Volume]\n' >"$work/units/data.volume"
    units
    printf '[Container]\nImage=docker.io/library/alpine:3.20\nNotes\n' >"$work/units/db.container"
    units
    sed -i '/Notes/d' "$work/units/db.container"
    units
}

cat >"$work/expected" <<'EXPECTED'
exit code 0, units: data-volume.service web.service
exit code 1, units: *.service
No files parsed from [FOLDER]
error loading "FOLDER/db.container", file contains line 3: “Notes” which is not a key-value pair, group, or comment
exit code 0, units: data-volume.service db.service web.service
EXPECTED

try_all | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: one bad line is treated in another way" >&2
    exit 1
fi
echo "as it was seen before"
