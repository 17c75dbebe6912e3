# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a command with all that it has started: a script for the host's shell, or for one in the container.

No engine has a request for that. The script needs nothing but a POSIX shell, ``kill`` and ``sleep``.
"""

from __future__ import annotations

import re

from ...dataclass import dataclass

GRACE = 5  # seconds between the polite signal and the other one
NOT_PERMITTED = 3  # the script's exit code
SIGNALS = ("SIGTERM", "SIGKILL")  # nothing else is quoted: it may be a container's own shell that says it
_PID = re.compile(r"[0-9]{1,9}")

# What the command has started is in its session, or has it among its ancestors. Whoever is found stays found, because
# children of the dead are adopted by others. A session counts only if it is the command's own: led by it, or by a
# process that is gone (crun 1.8's). Each line of stat is "pid (name) state parent group session …".
_SCRIPT = r"""
leader=$1 left=$2 pause=1 found=" $1 " own= common=$1
facts() {
  rest=${1##*) }
  state=${rest%% *} rest=${rest#* }
  parent=${rest%% *} rest=${rest#* }
  rest=${rest#* }
  session=${rest%% *}
}
if [ -d "/proc/$leader" ]; then
  while read -r key value; do
    [ "$key" != NSpid: ] || own=${value##*[!0-9]}
  done < "/proc/$leader/status"
  echo "own $own"
  kill -0 "$leader" 2>/dev/null || exit 3
  read -r line < "/proc/$leader/stat"
  facts "$line"
  [ "$session" = 0 ] || [ -d "/proc/$session" ] || common=$session
fi
look() {
  grown=1
  while [ "$grown" ]; do
    grown= alive=
    for stat in /proc/[0-9]*/stat; do
      line=
      { read -r line < "$stat"; } 2>/dev/null
      [ "$line" ] || continue
      pid=${stat#/proc/} pid=${pid%/stat}
      facts "$line"
      case $found in
        *" $pid "*) ;;
        *)
          case $found in
            *" $parent "*) ;;
            *) [ "$session" = "$common" ] || continue ;;
          esac
          found="$found$pid " grown=1 ;;
      esac
      case $state in Z|X) ;; *) alive="$alive $pid" ;; esac
    done
  done
}
look
[ "$alive" ] || { echo ended none; exit 0; }
kill -s TERM $alive 2>/dev/null
while [ "$left" -gt 0 ]; do
  look
  [ "$alive" ] || { echo ended SIGTERM; exit 0; }
  [ "$pause" -le "$left" ] || pause=$left
  left=$((left - pause))
  sleep "$((pause / 10)).$((pause % 10))" 2>/dev/null || { sleep 1; left=$((left - 10)); }
  pause=$((pause * 2))
done
look
[ "$alive" ] || { echo ended SIGTERM; exit 0; }
kill -s KILL $alive 2>/dev/null
echo ended SIGKILL
"""


@dataclass(frozen=True)
class Ended:
    """What a run of the script came to. ``signal`` is the one that did it, '' where none was sent; ``own`` is the
    process's ID in its container, 0 where that is not known.
    """

    signal: str
    own: int = 0


def script_argv(pid: int) -> list[str]:
    """The script for the command that this process leads."""
    return ["/bin/sh", "-c", _SCRIPT, "sh", str(pid), str(GRACE * 10)]


def read(said: str) -> Ended:
    """What the script has printed."""
    words = dict(line.split(" ", 1) for line in said.splitlines() if line.startswith(("own ", "ended ")))
    own, signal = words.get("own", "").strip(), words.get("ended", "none").strip()
    return Ended(signal if signal in SIGNALS else "", int(own) if _PID.fullmatch(own) else 0)
