#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Quadlet of podman 5.4.2: an unknown escape in Exec= drops the whole command, without a word
#
# Expected:
#   podman-systemd.unit(5): Exec= has the format of systemd's command lines, Environment= that of systemd's
#   services. systemd warns about an escape it does not know ("Ignoring unknown escape sequences") and keeps it as
#   it is written.
# Happens:
#   One backslash before a letter that is no escape, such as the \d of a regular expression, makes the generator
#   leave out Exec= altogether: the container runs with the image's own command. In Environment= the variable is
#   left out. The exit code is 0 and nothing is printed.
# Why it matters:
#   The unit is generated and starts, so that a task that installs it succeeds; the service does something else than
#   what it was told. Regular expressions and Windows paths in arguments are enough.
# To live with it:
#   Double each backslash (\\d) in Exec=, Environment= and Label=, and compare the generated ExecStart= with what
#   was meant.
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
        grep '^ExecStart=' | grep -oE '(--env.*|docker.io.*)'
    grep -v 'Loading source unit file' "$work/errors" || true
}

try_all() {
    echo "quadlet $("$quadlet" --version)"
    generated 'Exec=watch --only \w+'
    generated 'Exec=grep -E \d+ /data'
    generated 'Exec=grep -E \\d+ /data'
    generated 'Environment=MODE=fast PATTERN=\d+'
    generated 'Environment=MODE=fast PATTERN=\\d+'
}

cat >"$work/expected" <<'EXPECTED'
quadlet 5.4.2
Exec=watch --only \w+ -> docker.io/library/alpine:3.20
Exec=grep -E \d+ /data -> docker.io/library/alpine:3.20
Exec=grep -E \\d+ /data -> docker.io/library/alpine:3.20 grep -E "\\d+" /data
Environment=MODE=fast PATTERN=\d+ -> docker.io/library/alpine:3.20
Environment=MODE=fast PATTERN=\\d+ -> --env MODE=fast --env "PATTERN=\\d+" docker.io/library/alpine:3.20
EXPECTED

try_all | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: unknown escapes are treated in another way" >&2
    exit 1
fi
echo "as it was seen before"
