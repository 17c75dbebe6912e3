#!/bin/sh
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Written by the role sshfleet.containers.server_setup (server_setup_restart_at_boot); its next run writes it anew.
#
# Containers of the restart policy unless-stopped come back at boot, those that were stopped by hand do not. Podman
# before 5.8 starts those of the policy always only, and each boot makes it forget who stopped what. So this writes down
# at shutdown which of them run, and stops them as podman-restart.service does it with the others.

kept=${STATE_DIRECTORY:-/var/lib/sshfleet}/running

# One line for each container of the policy: its ID, whether it runs, whether it is paused, and when it was last started
# and ended (nanoseconds, negative for never).
look() {
    ids=$(podman ps --all --quiet --no-trunc --filter restart-policy=unless-stopped)
    # shellcheck disable=SC2086
    [ -z "$ids" ] || podman container inspect --format \
        '{{.Id}} {{.State.Running}} {{.State.Paused}} {{.State.StartedAt.UnixNano}} {{.State.FinishedAt.UnixNano}}' $ids
}

running() {
    look | while read -r id runs paused _; do
        case $runs$paused in *true*) echo "$id" ;; esac
    done
}

# Without a list from the shutdown the power was cut: what ran then has a start and no end after it.
to_start() {
    look | while read -r id _ _ started ended; do
        if [ -f "$kept" ]; then
            grep -qx "$id" "$kept" && echo "$id"
        elif [ "$started" -gt 0 ] && [ "$ended" -lt "$started" ]; then
            echo "$id"
        fi
    done
}

# What ends again and again is between two lives at one of the looks at most.
shut_down() {
    { running; sleep 1; running; } | sort -u >"$kept.new"
    mv "$kept.new" "$kept"
    # shellcheck disable=SC2046
    [ ! -s "$kept" ] || podman stop $(cat "$kept")
}

boot() {
    ids=$(to_start)
    # shellcheck disable=SC2086
    [ -z "$ids" ] || podman start $ids
    rm -f "$kept"
}

# One that does both policies itself needs no help, as after an upgrade.
if podman ps --quiet --filter should-start-on-boot=true >/dev/null 2>&1; then exit 0; fi

# Whoever starts or stops the unit by hand means no container.
case $1:$(systemctl is-system-running) in
    start:initializing | start:starting) boot ;;
    stop:stopping) shut_down ;;
esac
