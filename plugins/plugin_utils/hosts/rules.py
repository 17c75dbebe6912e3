# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for single values: each takes a value of the right type and returns a Complaint, or None."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

MAX_NAME = 253
MAX_HOSTNAME = 253
MAX_USER = 32
MAX_PATH = 4096
MAX_DESCRIPTION = 4096
MAX_HOPS = 10

# Each means something else to Ansible, or 'no host' to people and other tools.
RESERVED_HOSTS = {
    "local": "means the controller",
    "localhost": "means the controller to Ansible",
    "127.0.0.1": "means the controller to Ansible",
    "::1": "means the controller to Ansible",
    "none": "means no host",
    "all": "means every host to Ansible",
    "ungrouped": "means the hosts without a group to Ansible",
    "default_host": "is the group that holds the default host",
}
RESERVED_GROUPS = {
    "all": "is Ansible's group of every host",
    "ungrouped": "is Ansible's group of the hosts without a group",
    "default_host": "is the group that holds the default host",
    "localhost": "means the controller to Ansible",
}

_PLAIN = re.compile(r"[!-~]+")
_NAME = re.compile(r"\w[\w.-]*")
_GROUP = re.compile(r"[^\W\d]\w*")  # the reverse of Ansible's own INVALID_VARIABLE_NAMES
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+(%[\w.-]+)?")
HOP = re.compile(r"(?:(?P<user>.*)@)?(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[^:]*))?")
_SHELL = "'`\";&<>|(){}$"  # OpenSSH refuses these in a user name


class Complaint(NamedTuple):
    """What is wrong with a value (follows the value in a sentence), and what to do."""

    problem: str
    remedy: str


def host_name(value: str) -> Complaint | None:
    """The name of an entry: an Ansible host that every pattern, --limit and file name can hold."""
    if value.casefold() in RESERVED_HOSTS:
        return Complaint(f"is reserved: it {RESERVED_HOSTS[value.casefold()]}", "Give the host another name.")
    if complaint := unfit(value, MAX_NAME):
        return complaint
    if not _NAME.fullmatch(value):
        remedy = 'Use letters, digits, "_", "-" and "."; the address itself belongs in "hostname".'
        return Complaint("cannot be used as a host name in Ansible's patterns", remedy)
    return None


def hostname(value: str) -> Complaint | None:
    """A DNS name, an alias of ssh_config, an IPv4 or an IPv6 address (without brackets, with or without a zone)."""
    if complaint := unfit(value, MAX_HOSTNAME):
        return complaint
    if "@" in value:
        return Complaint("holds a user", 'Put the part before the "@" into "user".')
    if "/" in value:
        return Complaint("is a URL or a path", "Give a host name or an IP address only.")
    if re.fullmatch(r"[^:]*:\d*|\[.*\](:\d*)?", value):
        return Complaint("holds brackets or a port", 'Give the address alone, and the port as "port".')
    if not _is_address(value):
        return Complaint("is neither a host name nor an IP address", "Correct it.")
    return None


def user(value: str) -> Complaint | None:
    if complaint := unfit(value, MAX_USER):
        return complaint
    if bad := next((character for character in value if character in _SHELL), None):
        return Complaint(f"holds {bad!r}, which ssh refuses in a user name", "Give the login name only.")
    return Complaint("ends with a backslash", "Remove it.") if value.endswith("\\") else None


def port(value: int) -> Complaint | None:
    fits = isinstance(value, int) and 1 <= value <= 65535
    return None if fits else Complaint("is no port", "Give a whole number from 1 to 65535, or null for ssh's own (22).")


def identity_file(value: str) -> Complaint | None:
    """A path; spaces within it are common on desktops, at its ends they are slips."""
    if not value:
        return Complaint("is empty", "Leave the key out, or give null, for ssh's own keys.")
    if value != value.strip():
        return Complaint("begins or ends with whitespace", "Remove it.")
    if '"' in value:
        return Complaint("holds a double quote", "Rename the file: neither Ansible nor ssh can be given such a path.")
    return unfit(value.replace(" ", ""), MAX_PATH)


def jump_host(value: str) -> Complaint | None:
    """``[user@]host[:port]``, several separated by commas, as ssh's ProxyJump takes them; '' for none."""
    if not value:
        return None
    hops = value.split(",")
    if len(hops) > MAX_HOPS:
        return Complaint(f"is a chain of {len(hops)} jump hosts", f"ssh is given {MAX_HOPS} at most.")
    if complaint := unfit(value, MAX_HOPS * (MAX_USER + MAX_HOSTNAME + 10)):
        return complaint
    for hop in hops:
        if complaint := _hop(hop):
            return Complaint(f"has the hop {hop!a}, which {complaint.problem}", complaint.remedy)
    return None


def description(value: str) -> Complaint | None:
    if len(value) > MAX_DESCRIPTION:
        return Complaint(f"is longer than {MAX_DESCRIPTION} characters", "Shorten it.")
    return _control(value)


def group(value: str) -> Complaint | None:
    """Group names that Ansible holds without a warning or a rewrite."""
    if value.casefold() in RESERVED_GROUPS:
        return Complaint(f"is reserved: it {RESERVED_GROUPS[value.casefold()]}", "Give the group another name.")
    if len(value) > MAX_NAME:
        return Complaint(f"is longer than {MAX_NAME} characters", "Shorten it.")
    if not _GROUP.fullmatch(value):
        example = re.sub(r"\W", "_", value)
        example = f', such as "{example}"' if _GROUP.fullmatch(example) else ""
        remedy = f'Use letters, digits and "_", not beginning with a digit{example}.'
        return Complaint("is no group name that Ansible can hold", remedy)
    return None


def unfit(value: str, longest: int) -> Complaint | None:
    """What is wrong with any text that ends up on a command line. ``longest`` counts characters."""
    if not value:
        return Complaint("is empty", "Give a value.")
    if len(value) > longest:
        return Complaint(f"has {len(value)} characters", f"Give {longest} at most.")
    if value.startswith("-"):
        return Complaint('begins with "-"', "ssh would take it for an option; remove the dash.")
    if _PLAIN.fullmatch(value):
        return None
    if any(character.isspace() for character in value):
        return Complaint("holds whitespace", "Remove it.")
    return _control(value)


def _control(value: str) -> Complaint | None:
    bad = next((character for character in value if unicodedata.category(character) in ("Cc", "Cs")), None)
    return Complaint(f"holds the control character {bad!a}", "Remove it.") if bad else None


def _is_address(value: str) -> bool:
    if ":" in value:
        return bool(_IPV6.fullmatch(value)) and _parses(IPv6Address, value)
    if re.fullmatch(r"[\d.]+", value):
        return _parses(IPv4Address, value)
    return bool(_NAME.fullmatch(value)) and ".." not in value


def _parses(kind: Callable[[str], object], value: str) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


def _hop(hop: str) -> Complaint | None:
    parts = HOP.fullmatch(hop)
    if not parts:
        return Complaint("is not [user@]host[:port]", 'Write an IPv6 address in brackets, and "" for no jump host.')
    if parts["user"] is not None and (complaint := user(parts["user"])):
        return complaint
    host = parts["host"]
    if complaint := hostname(host[1:-1] if host.startswith("[") else host):
        return complaint
    if host.casefold() == "none":
        return Complaint("means no jump host to ssh", 'Write "" to switch jump hosts off.')
    digits = parts["port"]
    if digits is not None and not (re.fullmatch(r"[0-9]{1,5}", digits) and 1 <= int(digits) <= 65535):
        return Complaint("has no port from 1 to 65535", "Correct the port or leave it out.")
    return None
