# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases as data: Ansible's ssh arguments in, what our master is started with out."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import options

# given, what is left of it
SANITISED = {
    "nothing": ([], []),
    "ansible's own default": (["-C", "-o", "ControlMaster=auto", "-o", "ControlPersist=60s"], []),
    "-C alone": (["-C"], []),
    "-C among flags": (["-vC4"], ["-4"]),
    "-C before an option in one word": (["-CoUser=x"], ["-o", "User=x"]),
    "-C after its like": (["-CC"], []),
    "Compression": (["-o", "Compression=yes"], []),
    "Compression in one word": (["-oCompression=yes"], []),
    "Compression with a space": (["-o", "Compression yes"], []),
    "Compression with spaces": (["-o", " compression = yes "], []),
    "Compression with a tab": (["-o", "COMPRESSION\tyes"], []),
    "a quoted keyword": (["-o", '"Compression" yes'], []),
    "ControlPath in one word": (["-oControlPath=/tmp/x"], []),
    "ControlPath with a space": (["-o", "ControlPath /tmp/x y"], []),
    "ControlPersist": (["-oControlPersist yes"], []),
    "ControlMaster in a cluster": (["-4vo", "ControlMaster=yes", "-6"], ["-4", "-6"]),
    "-M -S -O": (["-M", "-S", "/tmp/x", "-O", "exit"], []),
    "-S in one word": (["-MS/tmp/x"], []),
    "-M in a cluster with -S and its value": (["-4MS", "/tmp/x", "-p", "22"], ["-4", "-p", "22"]),
    "a value that looks like a flag": (["-o", "User=-C", "-l", "-C"], ["-o", "User=-C", "-l", "-C"]),
    "what hides messages": (["-q", "-v", "-y", "-E", "/tmp/log"], []),
    "forwards, terminal, subsystem": (
        ["-L", "1:h:2", "-R1:h:2", "-D", "9", "-tt", "-s", "-W", "h:1", "-w", "0", "-e", "none", "-N", "-f", "-n"],
        [],
    ),
    "print and exit": (["-V", "-G", "-Q", "cipher"], []),
    "what makes the connection": (
        ["-J", "a,b", "-F", "/c", "-i", "/k", "-b", "::1", "-c", "aes", "-o", "ProxyCommand=nc %h %p", "-A", "-4"],
        ["-J", "a,b", "-F", "/c", "-i", "/k", "-b", "::1", "-c", "aes", "-o", "ProxyCommand=nc %h %p", "-A", "-4"],
    ),
    "a path with our words in it": (["-i", "/Compression"], ["-i", "/Compression"]),
}


@pytest.mark.parametrize(("given", "left"), SANITISED.values(), ids=SANITISED)
def test_sanitised(given: list[str], left: list[str]) -> None:
    assert [word for argument in options.sanitised(given) for word in argument.rendered()] == left


REFUSED = {
    "a host": ["root@other"],
    "a command after an option": ["-4", "rm"],
    "the end of options": ["--"],
    "a lone dash": ["-"],
    "a value that is missing": ["-o"],
    "a flag's value that is missing": ["-4p"],
    "an option without a value": ["-o", "Compression"],
    "an option split by the shell": ["-o", "User", "x"],
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_refused_by_name(given: list[str]) -> None:
    with pytest.raises(InvalidOption, match="ansible_ssh_common_args"):
        options.sanitised(given)


def test_sets() -> None:
    arguments = options.parse(["-o", "stricthostkeychecking no", "-i", "/BatchMode"])
    assert options.sets(arguments, "StrictHostKeyChecking")
    assert not options.sets(arguments, "BatchMode")


RELATIVE = {
    "no path": (["-o", "User=x"], False),
    "-F": (["-F", "ssh.cfg"], True),
    "-F in one word": (["-Fssh.cfg"], True),
    "-F absolute": (["-F", "/ssh.cfg"], False),
    "-F none": (["-F", "none"], False),
    "home": (["-i", "~/k"], False),
    "known hosts": (["-o", "UserKnownHostsFile=kh"], True),
    "second of two": (["-o", "UserKnownHostsFile=/kh ./kh"], True),
    "absolute and quoted": (["-o", 'UserKnownHostsFile="/kh"'], False),
}


@pytest.mark.parametrize(("given", "relative"), RELATIVE.values(), ids=RELATIVE)
def test_uses_relative_path(given: list[str], relative: bool) -> None:
    assert options.uses_relative_path(options.parse(given)) is relative
