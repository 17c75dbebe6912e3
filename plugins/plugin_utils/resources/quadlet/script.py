# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs on the host: a script for its POSIX shell. How what it prints is read: ``told.py``.

It takes the texts of files from its standard input and nothing else of weight in its arguments. A file is complete
before it gets its name. What the generator is to judge lies in a directory of its own, which is gone afterwards.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

FAILED = 4  # exit code of a script that said what is wrong
# The last words of a unit that did not start.
LINES = 20

_SCRIPT = r"""
LC_ALL=C; export LC_ALL
umask 022
scope=$1 verb=$2 name=$3 unit=$4
if [ "$scope" = user ]; then
  XDG_RUNTIME_DIR=/run/user/$(id -u); export XDG_RUNTIME_DIR
  folder=${HOME:?}/.config/containers/systemd manager=$XDG_RUNTIME_DIR/systemd/private
  others=$XDG_RUNTIME_DIR/containers/systemd:/etc/containers/systemd/users/$(id -u) kind=user
  ctl() { systemctl --user "$@"; }
  log() { journalctl --user "$@"; }
else
  folder=/etc/containers/systemd manager=/run/systemd/system
  others=/run/containers/systemd:/usr/share/containers/systemd kind=system
  ctl() { systemctl "$@"; }
  log() { journalctl "$@"; }
fi
generator=''
for place in /usr/lib/systemd /lib/systemd /usr/local/lib/systemd; do
  [ -z "$generator" ] && [ -x "$place/$kind-generators/podman-$kind-generator" ] || continue
  generator=$place/$kind-generators/podman-$kind-generator
done
work='' made=''
clean() { [ -z "$work" ] || rm -rf "$work"; [ -z "$made" ] || rm -f "$made"; }
trap clean EXIT
trap 'exit 130' HUP INT TERM
packed() { base64 | tr -d '\n'; }
# What images are built of may lie beside quadlets: only what the generator reads is copied.
gather() {
  [ -d "$1" ] || return 0
  (cd "$1" && find -L . -type f \( -name '*.container' -o -name '*.volume' -o -name '*.network' -o -name '*.pod' \
    -o -name '*.kube' -o -name '*.image' -o -name '*.build' -o -path '*.d/*.conf' \) -print 2>/dev/null) |
  while IFS= read -r one; do
    case $one in
      ./users/*) [ "$3" ] || continue; case $one in ./users/[0-9]*/*) continue ;; esac ;;
      *) [ ! "$3" ] || continue ;;
    esac
    mkdir -p "$2/${one%/*}" && cp "$1/$one" "$2/$one"
  done
}
generated() {
  QUADLET_UNIT_DIRS=$work/units:$work/shared:$others "$generator" --dryrun >"$work/out" 2>"$work/err"
  printf '%s %s %s\n' "$1" "$(packed <"$work/out")" "$(packed <"$work/err")"
}
tell() {
  [ -f "$folder/$1" ] || return 0
  printf 'file %s %s %s\n' "$1" "$(stat -L -c '%a %Y' "$folder/$1")" "$(packed <"$folder/$1")"
}
state() {
  case $unit in
    *@.service) # systemd has no state of a template, but tells its file
      ctl cat -- "$unit" 2>/dev/null | sed -n '1s/^# /LoadState=loaded\nFragmentPath=/p'
      return ;;
  esac
  ctl show --timestamp=unix -p "$1" -- "$unit" 2>/dev/null || ctl show -p "$1" -- "$unit" 2>/dev/null
}
# The units that a stop or restart takes along, and that run: what needs those as well.
along() {
  found=" $unit " new=$unit
  while [ "$new" ]; do
    next=''
    for one in $(for of in $new; do ctl show -p RequiredBy -p BoundBy -p ConsistsOf --value -- "$of"; done 2>/dev/null)
    do
      case $found in *" $one "*) continue ;; esac
      ctl -q is-active -- "$one" || continue
      found="$found$one " next="$next $one"
      printf 'along %s\n' "$one"
    done
    new=$next
  done
}
case $verb in
  look)
    echo "uid $(id -u)"
    echo "folder $folder"
    [ -n "$generator" ] && echo "generator $generator"
    [ -e "$manager" ] && echo "systemd yes"
    [ -n "$generator" ] && [ -e "$manager" ] || { echo end; exit 0; }
    work=$(mktemp -d) || exit 4
    mkdir "$work/units" "$work/shared"
    gather "$folder" "$work/units"
    [ "$scope" = system ] || gather /etc/containers/systemd "$work/shared" users
    echo "work $work/units"
    generated now
    told=" $name "
    tell "$name"
    for one in "$folder/$name.d"/*.conf; do
      [ -f "$one" ] && told="$told$name.d/${one##*/} " && tell "$name.d/${one##*/}"
    done
    while read -r what file data; do
      case $told in *" $file "*) ;; *) tell "$file" ;; esac
      if [ "$what" = gone ]; then
        rm -f "$work/units/$file"
      else
        case $file in */*) mkdir -p "$work/units/${file%/*}" ;; esac
        printf %s "$data" | base64 -d >"$work/units/$file" || exit 4
      fi
    done
    generated 'then'
    echo end ;;
  state)
    state LoadState,ActiveState,SubState,Result,NeedDaemonReload,ActiveEnterTimestamp,FragmentPath,NRestarts
    along
    echo end ;;
  write)
    read -r file mode data || exit 4
    place=$folder/$file
    mkdir -p "${place%/*}" || exit 4
    find "${place%/*}" -maxdepth 1 -name '.sshfleet.*' -mmin +60 -exec rm -f {} + # what a killed run has left
    made=$(mktemp "${place%/*}/.sshfleet.XXXXXX") || exit 4
    printf %s "$data" | base64 -d >"$made" && chmod "$mode" "$made" && mv -f "$made" "$place" || exit 4
    made='' ;;
  remove)
    read -r file || exit 4
    rm -f "$folder/$file" || exit 4
    case $file in */*) rmdir "$folder/${file%/*}" 2>/dev/null ;; esac ;;
  reload)
    ctl daemon-reload || exit 4 ;;
  start|restart)
    ctl reset-failed -- "$unit" 2>/dev/null
    ctl "$verb" -- "$unit" 2>&1 || exit 4 ;;
  stop) # what ends with a code of its own, as most programs do, would count as failed
    ctl stop -- "$unit" 2>&1 || exit 4
    ctl reset-failed -- "$unit" 2>/dev/null ;;
  settle) # for as long as it stays up, or is about to end: what becomes of it then is known at its end only
    read -r left || exit 4
    while [ "$left" -gt 0 ]; do
      case $(ctl is-active -- "$unit") in active|reloading|deactivating) ;; *) break ;; esac
      sleep 0.2
      left=$((left - 2))
    done ;;
  verify) # what systemd would not read of a unit's text
    read -r data || exit 4
    command -v systemd-analyze >/dev/null || exit 0
    work=$(mktemp -d) || exit 4
    printf %s "$data" | base64 -d >"$work/$unit" || exit 4
    systemd-analyze ${kind:+--$kind} verify --man=no "$work/$unit" 2>&1 | sed -n "s|^$work/$unit:[0-9]*: ||p" ;;
  forget)
    ctl reset-failed -- "$unit" 2>/dev/null ;;
  words)
    log -q --no-pager -o cat -n LINES -u "$unit" 2>/dev/null ;;
esac
exit 0
""".replace("LINES", str(LINES))


def argv(scope: str, verb: str, name: str, unit: str = "") -> list[str]:
    """The command for one verb of the script.

    :param name: of the quadlet's file; names of files have no blanks.
    """
    return ["/bin/sh", "-c", _SCRIPT, "quadlet", scope, verb, name, unit]


def to_look(texts: Mapping[str, str], gone: Iterable[str]) -> str:
    """What ``look`` reads: the files as they are to be."""
    files = [f"put {file} {_packed(text)}" for file, text in texts.items()]
    return "".join(f"{line}\n" for line in [*files, *(f"gone {file}" for file in gone)])


def to_write(file: str, mode: str, text: str) -> str:
    """What ``write`` reads."""
    return f"{file} {mode} {_packed(text)}\n"


def to_remove(file: str) -> str:
    """What ``remove`` reads."""
    return f"{file}\n"


def to_settle(seconds: float) -> str:
    """What ``settle`` reads."""
    return f"{round(seconds * 10)}\n"


def to_verify(text: str) -> str:
    """What ``verify`` reads: the text of a unit."""
    return f"{_packed(text)}\n"


def _packed(text: str) -> str:
    return base64.b64encode(text.encode(errors="surrogateescape")).decode()
