#!/bin/sh
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Looks at a host and prints key=value lines; needs nothing but a shell, so it runs before Python is there.
# Its arguments are the group that shall have access ('' for none) and the users who shall be in it.
# Leaves nothing behind: the overlay is tried in a mount namespace of its own, on a directory that is removed again.

say() { printf '%s=%s\n' "$1" "$2"; }
yes_no() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }

# shellcheck source=/dev/null
os() { (. /etc/os-release 2>/dev/null && eval "printf '%s' \"\${$1:-}\""); }

virt() {
    if grep -qaz '^container=' /proc/1/environ 2>/dev/null; then
        tr '\0' '\n' </proc/1/environ | sed -n 's/^container=//p'
    elif [ -r /run/systemd/container ]; then
        cat /run/systemd/container
    else
        echo none
    fi
}

cgroup_version() {
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then echo v2
    elif [ -d /sys/fs/cgroup/devices ]; then echo v1
    else echo none
    fi
}

# On v1 each controller has a tree of its own; the devices one stands for all.
cgroup_tree() {
    case $1 in
        v2) [ -w "/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/cgroup.procs" ] ;;
        v1) [ -w "/sys/fs/cgroup/devices$(sed -n 's/^[0-9]*:devices://p' /proc/self/cgroup)/cgroup.procs" ] ;;
        *) false ;;
    esac
}

# On v1, the controllers of which there is no tree that can be written to: systemd mounts those that it finds missing,
# but only under the names that it would give them. crun wants all of them.
cgroup_controllers() {
    [ "$1" = v1 ] || return 0
    while IFS=: read -r _ names path; do
        case $names in '' | name=*) continue ;; esac
        [ -w "/sys/fs/cgroup/$names$path/cgroup.procs" ] || printf '%s ' "$names"
    done </proc/self/cgroup
}

# Whether a container can have this controller of v2. A virtual machine's root has them all, an LXC host's what it got.
limits() { tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers | grep -qx "$1"; }

# Only on v1 does an engine fail over it; in a user namespace engines don't touch the devices at all.
devices() {
    [ "$1" = v1 ] || return 0
    grep -qE '^ *0 +0 +4294967295$' /proc/self/uid_map || return 0
    grep -q '^a ' "/sys/fs/cgroup/devices$(sed -n 's/^[0-9]*:devices://p' /proc/self/cgroup)/devices.list"
}

nesting() { unshare --mount --pid --fork --mount-proc true; }

# The kernel lets a user namespace mount /proc only where one is to be seen whole: nesting.conf adds such a one.
user_namespaces() { unshare --user --map-root-user --mount --pid --fork --mount-proc true; }

# What is there may still be forbidden by the devices cgroup, so it is opened. Nothing is read from it.
opens() { [ -c "$1" ] && (: <>"$1"); }

# Podman knows commands in containers by a handle of their process since 5.6, Debian's since forky. LXC's usual list of
# forbidden system calls has the one that opens it; without Python that can't be told.
handles() {
    found=$(podman --version 2>/dev/null | sed -n 's/^podman version \([0-9]*\.[0-9]*\).*/\1/p')
    case ${found:-$(os VERSION_CODENAME)} in
        [0-4].* | 5.[0-5] | bookworm | trixie | jammy | noble) return 0 ;;
    esac
    command -v python3 || return 0
    python3 -c 'if True:
        import ctypes, errno
        ctypes.CDLL(None, use_errno=True).open_by_handle_at(-1, None, 0)
        raise SystemExit(ctypes.get_errno() == errno.EPERM)'
}

# Podman uses overlayfs unless it is told otherwise.
storage() {
    [ "$1" = yes ] || grep -Eqs '^[[:space:]]*(mount_program|driver[[:space:]]*=[[:space:]]*"(vfs|btrfs|zfs)")' \
        /etc/containers/storage.conf
}

overlay() {
    dir=$(mktemp -d /var/lib/server-setup.XXXXXX) || return
    mkdir "$dir/l" "$dir/u" "$dir/w" "$dir/m"
    unshare --mount mount -t overlay overlay -o "lowerdir=$dir/l,upperdir=$dir/u,workdir=$dir/w" "$dir/m"
    mounted=$?
    rm -rf "$dir"
    return $mounted
}

# Files of the role's own; one of another author under that name is not touched.
access_files() {
    for file in /etc/systemd/system/*.socket.d/50-sshfleet-access.conf /etc/tmpfiles.d/00-sshfleet-access-*.conf; do
        [ -e "$file" ] || continue
        found=foreign
        if grep -qs '^# Written by the role sshfleet.containers.server_setup' "$file"; then found=ours; fi
        [ "$found" != "$1" ] || printf '%s ' "$file"
    done
}

# $1: missing, member or other; $2: the group; then users. Prints those users of whom it is true.
users_who_are() {
    wanted=$1 group=$2
    shift 2
    for user in "$@"; do
        case " $(id -nG "$user" 2>/dev/null || echo /) " in
            " / ") is=missing ;;
            *" $group "*) is=member ;;
            *) is=other ;;
        esac
        [ "$is" != "$wanted" ] || printf '%s ' "$user"
    done
}

say uid "$(id -u)"
say user "${SUDO_USER:-$(id -un)}"
say os_id "$(os ID)"
say os_id_like "$(os ID_LIKE)"
say os_codename "$(os VERSION_CODENAME)"
say os_name "$(os PRETTY_NAME)"
say python "$(command -v python3 || command -v /usr/libexec/platform-python)"
if [ -d /run/systemd/system ]; then say init systemd; else say init other; fi
if grep -q Y /sys/module/apparmor/parameters/enabled 2>/dev/null; then say apparmor yes; else say apparmor no; fi

say access_ours "$(access_files ours)"
say access_foreign "$(access_files foreign)"
say access_group "$(yes_no getent group "${1:-/}")"
say access_missing "$(users_who_are missing "$@")"
say access_others "$(users_who_are other "$@")"

virt=$(virt)
version=$(cgroup_version)
say virt "$virt"
say cgroup "$version"
if [ "$version" = v2 ]; then say pids "$(yes_no limits pids)"; fi
if [ "$virt" = lxc ]; then
    say cgroup_tree "$(yes_no cgroup_tree "$version")"
    lacking=$(cgroup_controllers "$version")
    say cgroup_lacking "$lacking"
    say cgroup_controllers "$(yes_no test -z "$lacking")"
    say devices "$(yes_no devices "$version")"
    say nesting "$(yes_no nesting)"
    say user_namespaces "$(yes_no user_namespaces)"
    overlay=$(yes_no overlay)
    say overlay "$overlay"
    say storage "$(yes_no storage "$overlay")"
    say fuse "$(yes_no opens /dev/fuse)"
    say handles "$(yes_no handles)"
    say tun "$(yes_no opens /dev/net/tun)"
fi
