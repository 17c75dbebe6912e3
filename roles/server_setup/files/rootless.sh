#!/bin/sh
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Podman of a user: ranges of subordinate IDs, a systemd that runs without a login, and units of that systemd.
#   look UNITS USER...   prints user=JSON (name, socket, lacks) for each of them, whose names have nothing that JSON
#                        would escape, or missing=NAME for one that is not there
#   make UNITS USER      sets up what it lacks
# UNITS are in one word, with commas; the first one is the socket, and is started as well.

verb=$1 units=$2
shift 2

# $1: user, $2: subuid or subgid, $3: what getsubids is told. A directory service may have ranges, which only that knows.
has_range() {
    awk -F: -v name="$1" -v id="$(id -u "$1")" '$1 == name || $1 == id { found = 1 } END { exit !found }' "/etc/$2" &&
        return
    # shellcheck disable=SC2086
    getsubids $3 "$1"
} >/dev/null 2>&1

has_uids() { has_range "$1" subuid ''; }
has_gids() { has_range "$1" subgid -g; }

as_user() {
    name=$1
    shift
    run=/run/user/$(id -u "$name")
    (cd / && runuser -u "$name" -- env XDG_RUNTIME_DIR="$run" DBUS_SESSION_BUS_ADDRESS="unix:path=$run/bus" "$@")
}

has_units() {
    socket=${units%%,*}
    for unit in $(echo "$units" | tr ',' ' '); do
        as_user "$1" systemctl --user --quiet is-enabled "$unit" || return
    done
    as_user "$1" systemctl --user --quiet is-active "$socket"
}

# As JSON.
lacks() {
    has_uids "$1" && has_gids "$1" || printf '"ranges", '
    [ -e "/var/lib/systemd/linger/$1" ] || printf '"linger", '
    has_units "$1" >/dev/null 2>&1 || printf '"units", '
}

# $1: user. The first range of 65536 IDs behind all that are there, for both.
add_ranges() {
    first=$(cat /etc/subuid /etc/subgid 2>/dev/null | awk -F: -v least=100000 '
        $2 + $3 > least { least = $2 + $3 } END { printf "%d", least }')
    last=$((first + 65535))
    has_uids "$1" || usermod --add-subuids "$first-$last" "$1"
    has_gids "$1" || usermod --add-subgids "$first-$last" "$1"
}

case $verb in
    look)
        for user in "$@"; do
            if uid=$(id -u "$user" 2>/dev/null); then
                found=$(lacks "$user")
                printf 'user={"name": "%s", "socket": "/run/user/%s/podman/podman.sock", "lacks": [%s]}\n' \
                    "$user" "$uid" "${found%, }"
            else
                printf 'missing=%s\n' "$user"
            fi
        done ;;
    make)
        set -e
        add_ranges "$1"
        loginctl enable-linger "$1"
        systemctl start "user@$(id -u "$1").service"
        # One that ran before the packages came doesn't know their units.
        as_user "$1" systemctl --user daemon-reload
        for unit in $(echo "$units" | tr ',' ' '); do
            as_user "$1" systemctl --user enable "$unit"
        done
        as_user "$1" systemctl --user start "${units%%,*}" ;;
esac
