#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# containers.podman 1.21.0: with state=quadlet, values that hold a blank come apart
#
# Expected:
#   podman_container takes command as a list, whose items are the arguments, and sysctl, annotation and log_opt as
#   dictionaries, whose values are texts. With state=quadlet it writes the same container as a .container file.
# Happens:
#   The items of command are joined with blanks and without quotes; sysctl, annotation and log_opt are written as
#   KEY=VALUE as they are. Quadlet splits these lines at blanks: sh -c gets the first word of its script,
#   ping_group_range loses its upper bound and "2147483647" becomes a sysctl of its own, the second word of an
#   annotation is lost. (env and label are quoted.)
# Why it matters:
#   The same task means one thing with state=started and another with state=quadlet. The file is written and the
#   task reports changed; the service then fails at start, or runs something else.
# To live with it:
#   Give command as a text with its quotes (command: sh -c "sleep 5"); write Sysctl="KEY=VALUE" through
#   quadlet_options.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install ansible-core==2.19.14

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

# The collection comes in the package "ansible"; only it is unpacked from there.
"$work/venv/bin/pip" --disable-pip-version-check -qq download --no-deps --only-binary=:all: --python-version 3.13 \
    --dest "$work/wheel" ansible==14.5.0
"$work/venv/bin/python" - "$work" <<'PYTHON'
import pathlib
import sys
import zipfile

work = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(next((work / "wheel").glob("*.whl"))) as wheel:
    names = [name for name in wheel.namelist() if name.startswith("ansible_collections/containers/podman/")]
    wheel.extractall(work / "collections", names)
PYTHON

# The module asks podman for its version and for what exists.
mkdir -p "$work/bin" "$work/units"
cat >"$work/bin/podman" <<'SH'
#!/bin/sh
case "$*" in
*version*) echo "podman version 5.4.2" ;;
*"container inspect"*) exit 125 ;;
*) echo '[{"Id": "1", "Config": {}, "Labels": {}}]' ;;
esac
SH
chmod +x "$work/bin/podman"

cat >"$work/play.yml" <<'YAML'
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - containers.podman.podman_container:
        state: quadlet
        name: web
        image: docker.io/library/alpine:3.20
        executable: "{{ work }}/bin/podman"
        quadlet_dir: "{{ work }}/units"
        command: [sh, -c, "sleep 5; echo done"]
        sysctl: {net.ipv4.ping_group_range: "0 2147483647"}
        annotation: {note: "two words"}
        env: {NOTE: "two words"}
YAML

try_all() {
    awk '/"version"/ {gsub(/[",]/, ""); print "containers.podman " $2}' \
        "$work/collections/ansible_collections/containers/podman/MANIFEST.json" | head -n 1
    ANSIBLE_COLLECTIONS_PATH=$work/collections ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_HOME=$work/ansible \
        "$work/venv/bin/ansible-playbook" -i localhost, -e "work=$work" \
        -e "ansible_python_interpreter=$work/venv/bin/python" "$work/play.yml" >"$work/play.log" || cat "$work/play.log"
    grep -E '^(Exec|Sysctl|Annotation|Environment)=' "$work/units/web.container"
    QUADLET_UNIT_DIRS=$work/units "$work/root/usr/libexec/podman/quadlet" -dryrun 2>/dev/null |
        grep '^ExecStart=' | grep -oE '(--sysctl [^ ]+|--env .*docker.io.*)'
}

cat >"$work/expected" <<'EXPECTED'
containers.podman 1.21.0
Annotation=note=two words
Environment='NOTE=two words'
Exec=sh -c sleep 5; echo done
Sysctl=net.ipv4.ping_group_range=0 2147483647
--sysctl net.ipv4.ping_group_range=0
--sysctl 2147483647
--env "NOTE=two words" --annotation note=two docker.io/library/alpine:3.20 sh -c sleep 5; echo done
EXPECTED

try_all | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: values with blanks are written in another way" >&2
    exit 1
fi
echo "as it was seen before"
