# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every bad input that a hosts.json can hold, as data: the text, and a fragment of each message it must get.

Each fragment stands for one problem; no other problem may be reported.
"""

from __future__ import annotations

import json


def one(**values: object) -> str:
    """A file with one host 'web1', which has a good hostname unless the values say otherwise."""
    return json.dumps({"version": 1, "hosts": {"web1": {"hostname": "a", **values}}})


def named(name: str) -> str:
    return json.dumps({"hosts": {name: {"hostname": "a"}}})


WEB1 = 'hosts.json:1: host "web1", '

SYNTAX: dict[str, tuple[bytes | str, str]] = {
    "empty": ("", "hosts.json:1: the file is empty. A hosts.json looks like {"),
    "blank": (" \n\n", "hosts.json:1: the file is empty."),
    "bom": (b"\xef\xbb\xbf{}", "hosts.json:1: the file begins with a byte order mark (BOM, UTF-8)"),
    "utf-16": ('{"hosts": {}}'.encode("utf-16"), "BOM, UTF-16"),
    "utf-16 big endian": (b"\xfe\xff\x00{", "BOM, UTF-16"),
    "latin-1": ('{\n"hosts": {"b\xfc": {}}}'.encode("latin-1"), "hosts.json:2: the file is not UTF-8 (byte 0xfc)"),
    "vault": ("$ANSIBLE_VAULT;1.1;AES256\n3132", "hosts.json:1: the file is encrypted with Ansible Vault."),
    "trailing comma in object": ('{"hosts": {},\n}', "hosts.json:1: this is not JSON: the file has a trailing comma."),
    "trailing comma in list": (
        '{"hosts": {"a": {\n"groups": ["b",]}}}',
        "hosts.json:2: this is not JSON: the file has a tr",
    ),
    "// comment": ('{\n// hosts\n"hosts": {}}', "hosts.json:2: this is not JSON: the file has a comment. JSON has no"),
    "/* comment": ('{"hosts": /* all */ {}}', "the file has a comment"),
    "# comment": ('{"hosts": {}}\n# end', "hosts.json:2: this is not JSON: the file has a comment"),
    "truncated in object": (
        '{"hosts": {\n"a": {"hostname": "b"},\n',
        "hosts.json:2: this is not JSON: the file ends where a",
    ),
    "truncated in value": ('{"hosts": {"a": ', "the file ends where a value was expected. The file is cut off"),
    "truncated in text": (
        '{"hosts": {\n"a',
        "hosts.json:2: this is not JSON: the file ends within a text in double quotes",
    ),
    "truncated after key": ('{"hosts"', "the file ends where ':' after the key 'hosts' was expected"),
    "truncated after value": ('{"hosts": {}', "the file ends where ',' or '}' was expected"),
    "missing comma": (
        '{"version": 1\n"hosts": {}}',
        "hosts.json:2: this is not JSON: the file has '\"' where ',' or '}'",
    ),
    "missing colon": ('{"hosts" {}}', "the file has '{' where ':' after the key 'hosts' was expected"),
    "two documents": ('{"hosts": {}} {}', "the file has '{' where the end of the file was expected"),
    "single quotes": ("{'hosts': {}}", "the file has a single quote. JSON wants double quotes"),
    "key without quotes": ("{hosts: {}}", "the file has 'hosts' where a key in double quotes was expected"),
    "NaN": (
        '{"hosts": {"a": {"port": NaN}}}',
        "the file has NaN where a value was expected. That is a number that JSON",
    ),
    "-Infinity": ('{"hosts": -Infinity}', "the file has -Infinity where a value was expected"),
    "True": (
        '{"hosts": True}',
        "the file has True where a value was expected. That is Python's spelling; JSON has true.",
    ),
    "leading zero": ('{"version": 01}', "the file has '01' where a value was expected"),
    "lone dot": ('{"version": 1.}', "the file has '1.' where a value was expected"),
    "digits of another script": ('{"version": \u0661}', "where a value was expected"),
    "line break in text": (
        '{"hosts": {"a\n": {}}}',
        "hosts.json:1: this is not JSON: the file has a line break or control",
    ),
    "bad escape": (
        '{"hosts": {"a": {"user": "CORP\\joe"}}}',
        r"an invalid \ escape within double quotes. Write \\ for a",
    ),
    "bad unicode escape": ('{"hosts": {"\\u12": {}}}', r"an invalid \ escape"),
    "a word": ("hosts", "the file has 'hosts' where a value was expected"),
    "nul": ("\0", "the file has '\\x00' where a value was expected"),
    "deep lists": ("[" * 100_000, "the file is nested more than 50 levels deep"),
    "deep objects": ('{"a":' * 100_000, "the file is nested more than 50 levels deep"),
}

SHAPE: dict[str, tuple[str, list[str]]] = {
    "list at the top": ("[]", ["hosts.json:1: the file is a list, not an object. A hosts.json looks like {"]),
    "null at the top": ("null", ["the file is null, not an object"]),
    "no hosts": ('{"version": 1}', ['hosts.json:1: the key "hosts" is missing. A hosts.json looks like {']),
    "no hosts, but a default": (
        '{"default_host": 1}',
        ['"hosts" is missing', '"default_host", value 1: is a number'],
    ),
    "hosts a list": (
        '{"hosts": [{"hostname": "a"}], "default_host": "b"}',
        ['key "hosts": is a list, not an object.'],
    ),
    "hosts null": ('{"hosts": null}', ['key "hosts", value null: is null, not an object']),
    "an ansible inventory": (
        '{"all": {"hosts": {}}}',
        ["another kind of inventory needs", 'key "all": is no key'],
    ),
    "unknown top key": (
        '{"hosts": {}, "defaulthost": 1}',
        ['is no key that a hosts.json has. Did you mean "default_host"?'],
    ),
    "version 2": ('{"version": 2, "hosts": {}}', ['key "version", value 2: is newer than 1, the newest that this']),
    "version text": (
        '{"version": "1", "hosts": {}}',
        ['value "1": is not a version, but a text. Write "version": 1,'],
    ),
    "version true": ('{"version": true, "hosts": {}}', ["value true: is not a version, but a boolean"]),
    "version null": ('{"version": null, "hosts": {}}', ["value null: is not a version, but null"]),
    "version fraction": ('{"version": 1.0, "hosts": {}}', ["value 1.0: is not a version."]),
    "version negative": ('{"version": -1, "hosts": {}}', ["value -1: is not a version."]),
    "version list": ('{"version": [1], "hosts": {}}', ['key "version": is not a version, but a list']),
    "key twice": (
        '{"version": 1,\n"hosts": {},\n"version": 1}',
        ['json:3: key "version": is there twice (first on line 1)'],
    ),
    "hosts twice": ('{"hosts": {}, "hosts": {}}', ['key "hosts": is there twice']),
    "dangling default": (
        '{"default_host": "web", "hosts": {"web1": {"hostname": "a"}}}',
        ['Did you mean "web1"?'],
    ),
    "dangling default, no hosts": ('{"default_host": "a", "hosts": {}}', ['value "a": is not a host of this file']),
    "empty default": (
        '{"default_host": "", "hosts": {}}',
        ['"default_host", value "": is not a host of this file'],
    ),
    "default a list": ('{"default_host": ["a"], "hosts": {}}', ['key "default_host": is a list. Give the name']),
    "host twice": (
        '{"hosts": {"a": {"hostname": "a"},\n"a": {"hostname": "b"}}}',
        ['hosts.json:2: host "a": is there twice (first on line 1). Keep one of the two, or rename one.'],
    ),
    "host key twice": (
        '{"hosts": {"a": {"hostname": "a", "hostname": "a"}}}',
        ['host "a", key "hostname": is there'],
    ),
    "host a text": (
        '{"hosts": {"a": "10.0.0.1"}}',
        ['host "a", value "10.0.0.1": is a text, not an object.'],
    ),
    "host null": ('{"hosts": {"a": null}}', ['host "a", value null: is null, not an object']),
    "host a list": ('{"hosts": {"a": []}}', ['host "a": is a list, not an object']),
    "no hostname": (
        '{"hosts":\n{"a": {}}}',
        ['json:2: host "a", key "hostname": is missing. Add "hostname":'],
    ),
    "unknown key": (one(identityfile="x"), [WEB1 + 'key "identityfile": is no key']),
    "key in capitals": (
        one(Port=1),
        ['key "Port": is no key that a hosts.json has. Did you mean "port"? The keys are:'],
    ),
    "group named as a host": (
        '{"hosts": {"a": {"hostname": "h"},\n"b": {"hostname": "h", "groups": ["a"]}}}',
        ['hosts.json:2: key "groups", value "a": is the name of a host and of a group'],
    ),
}

NAMES: dict[str, str] = {
    "": 'host "": the name is empty',
    "local": 'host "local": the name is reserved: it means the controller. Give the host another name.',
    "Local": 'host "Local": the name is reserved',
    "none": "is reserved: it means no host",
    "all": "is reserved: it means every host to Ansible",
    "localhost": "is reserved: it means the controller to Ansible",
    "127.0.0.1": "is reserved: it means the controller to Ansible",
    "ungrouped": "is reserved",
    "default_host": "is reserved: it is the group that holds the default host",
    "-web": 'the name begins with "-"',
    "web 1": "the name holds whitespace",
    " web": "the name holds whitespace",
    "web\n": 'host "web\\n": the name holds whitespace',
    "web\x1b[31m": "host \"web\\u001b[31m\": the name holds the control character '\\x1b'",
    "web\u00a0": "the name holds whitespace",
    "web\ud800": "the name holds the control character '\\ud800'",
    "w" * 254: "the name has 254 characters. Give 253 at most.",
    **{f"web{mark}1": "cannot be used as a host name in Ansible's patterns" for mark in ",:!&[]*?@/\\'\"{}~$|"},
    "!web": "cannot be used as a host name",
    "~web": "cannot be used as a host name",
    ".web": "cannot be used as a host name",
    "fe80::1": 'the address itself belongs in "hostname"',
}

VALUES: dict[str, list[tuple[object, str]]] = {
    "hostname": [
        (None, "value null: is null. Give a host name or an IP address in double quotes."),
        (1, "value 1: is a number"),
        (["a"], 'key "hostname": is a list'),
        ("", 'value "": is empty. Give a value.'),
        ("-oProxyCommand=x", 'begins with "-". ssh would take it for an option'),
        ("a b", "holds whitespace"),
        ("a\t", "holds whitespace"),
        ("a\x00", "holds the control character '\\x00'"),
        ("a\x85", "holds whitespace"),
        ("a\x9b", "holds the control character '\\x9b'"),
        ("a" * 254, "has 254 characters. Give 253 at most."),
        ("root@a", 'holds a user. Put the part before the "@" into "user".'),
        ("ssh://a", "is a URL or a path"),
        ("a:22", 'holds brackets or a port. Give the address alone, and the port as "port".'),
        ("[::1]", "holds brackets or a port"),
        ("[::1]:22", "holds brackets or a port"),
        ("10.0.0.256", "is neither a host name nor an IP address"),
        ("10.0.0", "is neither"),
        ("fe80::g", "is neither"),
        ("a::b::c", "is neither"),
        ("fe80::1%", "is neither"),
        ("fe80::1%$(x)", "is neither"),
        ("a..b", "is neither"),
        ("$(reboot)", "is neither"),
        ("{{x}}", "is neither"),
    ],
    "user": [
        (None, "value null: is null. Give a user name in double quotes, or leave the key out for your own."),
        (0, "value 0: is a number"),
        ("", "is empty"),
        ("-l", 'begins with "-"'),
        ("a b", "holds whitespace"),
        ("a\x7f", "holds the control character"),
        ("u" * 33, "has 33 characters. Give 32 at most."),
        ("{{lookup('pipe','x')}}", "holds '{', which ssh refuses in a user name"),
        ("a;b", "holds ';'"),
        ("$(id)", "holds '$'"),
        ("corp\\", "ends with a backslash"),
    ],
    "port": [
        ("22", 'value "22": is a text. Give a whole number from 1 to 65535 without quotes, or null.'),
        (True, "value true: is a boolean"),
        (0, "value 0: is no port. Give a whole number from 1 to 65535, or null for ssh's own (22)."),
        (-1, "is no port"),
        (65536, "value 65536: is no port"),
        (22.0, "value 22.0: is no port"),
        (10**19, "is no port"),
        ([22], 'key "port": is a list'),
    ],
    "identity_file": [
        ("", "is empty. Leave the key out, or give null"),
        ("-key", 'begins with "-"'),
        ("~/key ", "begins or ends with whitespace"),
        (" ~/key", "begins or ends with whitespace"),
        ("~/a\tkey", "holds whitespace"),
        ("~/a\nkey", "holds whitespace"),
        ("~/a\x07key", "holds the control character"),
        ('~/a"key', "holds a double quote"),
        ("k" * 4097, "has 4097 characters"),
        (1, "is a number. Give a path in double quotes, or null."),
    ],
    "jump_host": [
        (False, 'is a boolean. Give a host in double quotes, "" for none, or null.'),
        (["a"], 'key "jump_host": is a list'),
        ("-J", 'begins with "-"'),
        ("a, b", "holds whitespace"),
        ("a,,b", "has the hop '', which is empty"),
        ("a,", "has the hop '', which is empty"),
        ("a,-b", "has the hop '-b', which begins with \"-\""),
        ("@a", "has the hop '@a', which is empty"),
        ("x$@a", "holds '$', which ssh refuses in a user name"),
        ("a:0", "has the hop 'a:0', which has no port from 1 to 65535"),
        ("a:", "has no port"),
        ("a:65536", "has no port"),
        ("a:ssh", "has no port"),
        ("::1", "has the hop '::1', which is not [user@]host[:port]. Write an IPv6 address in brackets"),
        ("ssh://a", "has the hop 'ssh://a', which has no port"),
        ("u" * 33 + "@a", "which has 33 characters"),
        ("none", 'means no jump host to ssh. Write "" to switch jump hosts off.'),
        (",".join("abcdefghijk"), "is a chain of 11 jump hosts. ssh is given 10 at most."),
    ],
    "groups": [
        (None, 'value null: is null. Give a list of group names such as ["web", "db"].'),
        ("web", 'value "web": is a text'),
        ({"web": {}}, 'key "groups": is an object'),
        ([1], "value 1: is a number. Give names of groups in double quotes."),
        ([["web"]], 'key "groups": is a list'),
        ([""], 'value "": is no group name that Ansible can hold'),
        (
            ["a b"],
            'is no group name that Ansible can hold. Use letters, digits and "_", not beginning with a digit, such as',
        ),
        (["web-servers"], 'not beginning with a digit, such as "web_servers".'),
        (["1st"], "is no group name that Ansible can hold"),
        (["a:b"], "is no group name that Ansible can hold"),
        (["-a"], "is no group name that Ansible can hold"),
        (["a\n"], "is no group name that Ansible can hold"),
        (["{{ x }}"], "is no group name that Ansible can hold"),
        (["g" * 254], "is longer than 253 characters"),
        (["all"], "is reserved: it is Ansible's group of every host"),
        (["ungrouped"], "is reserved"),
        (["default_host"], "is reserved: it is the group that holds the default host"),
        (["localhost"], "is reserved"),
        (["web", "web"], 'value "web": is there twice'),
    ],
    "description": [
        (1, "is a number. Give a text in double quotes, or null."),
        ("a\nb", "holds the control character '\\n'"),
        ("\x1b]0;x\x07", "holds the control character '\\x1b'"),
        ("d" * 4097, "is longer than 4096 characters"),
    ],
}
