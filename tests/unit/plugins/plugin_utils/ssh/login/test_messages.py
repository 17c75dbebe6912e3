# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is quoted of ssh's words; the words are OpenSSH's own (9.2 to 10.6)."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.messages import joined, quotation

QUANTUM = (
    "** WARNING: connection is not using a post-quantum key exchange algorithm.\n"
    '** This session may be vulnerable to "store now, decrypt later" attacks.\n'
    "** The server may need to be upgraded. See https://openssh.com/pq.html\n"
)
IDENTITY = "Warning: Identity file /no/key not accessible: No such file or directory.\n"
DENIED = "u@h: Permission denied (publickey,password)."
CHANGED = """@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
SHA256:e0dDPSLFXr1KZdZNbHrqOrsAbhp0Yf7VWDq0WrrsSxc.
Please contact your system administrator.
Add correct host key in /home/somebody/.ssh/known_hosts to get rid of this message.
Offending ED25519 key in /home/somebody/.ssh/known_hosts:217
  remove with:
  ssh-keygen -f "/home/somebody/.ssh/known_hosts" -R "[192.0.2.10]:2222"
Host key for [192.0.2.10]:2222 has changed and you have requested strict checking.
Host key verification failed.
"""
QUOTED = [
    ("", ""),
    (QUANTUM + DENIED, DENIED),
    (f'WARNING: connection to h is not using a post-quantum key exchange algorithm: "x"\n{DENIED}', DENIED),
    (IDENTITY + DENIED + "\n" + DENIED, DENIED),
    (IDENTITY + QUANTUM, " / ".join((IDENTITY + QUANTUM).splitlines())),
    ("debug1: Reading configuration\nWarning: Permanently added 'h' (ED25519) to the list of known hosts.\n", ""),
    (f"debug1: kex_exchange_identification: banner line 0: Not allowed at this time\n{DENIED}",
     f"debug1: kex_exchange_identification: banner line 0: Not allowed at this time / {DENIED}"),
]  # fmt: skip


@pytest.mark.parametrize(("stderr", "said"), QUOTED)
def test_warnings_are_quoted_only_where_there_is_nothing_else(stderr: str, said: str) -> None:
    assert quotation(stderr) == said


def test_a_changed_key_is_told_from_its_beginning() -> None:
    said = quotation(QUANTUM + CHANGED)
    assert said.startswith("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! / The fingerprint for the ED25519 key")
    assert said.endswith("strict checking. / Host key verification failed.") and "…" not in said


def test_whole_lines_are_left_out_where_there_are_too_many() -> None:
    assert joined(["first line", "second", "third"], 15) == "… / second / third"
    assert joined(["x" * 30], 20) == "x" * 20 + "…"
    assert joined(["same", "same", " "]) == "same"
