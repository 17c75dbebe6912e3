# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a parser is given, only our own errors come out, and what it takes holds its promises."""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.model.service import SERVICE_KEYS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import BadAnswer, parsed
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.streams import (
    FRAME_HEADER,
    Frames,
    frames,
    log_text,
    progress_entries,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import (
    ComposeFileError,
    EngineError,
    HostsFileError,
    InvalidOption,
    InvalidOptions,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts import rules
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.variables import Controller, host_vars
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.env_file import variables
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import archive
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube import options as kube_options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.application import (
    application,
    secret_values,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.info import result as shown_kube
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.label import (
    KUBE_LABEL,
    differing,
    label,
    owner,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.reading import KINDS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import (
    generated,
    masking,
    script,
    unit_text,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import image_names
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import jumps, options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.by_paramiko import honoured, known_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.diagnosis import Outcome, connection_error
from ansible_collections.sshfleet.containers.plugins.plugin_utils.telling import as_message

# Texts in which what parsers look for is frequent.
GRAMMAR = st.text(st.sampled_from("aZ0.:/@-_,= []{}$\"'\\#\n\t%~|;\0é"), max_size=40)
TEXT = st.one_of(GRAMMAR, st.text(max_size=40))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
HOST_KEYS = ("hostname", "user", "port", "identity_file", "jump_host", "groups", "description", "other")
ENTRY = st.dictionaries(st.sampled_from(HOST_KEYS), st.one_of(JSON, TEXT, st.lists(TEXT, max_size=3)), max_size=6)
HOSTS = st.fixed_dictionaries(
    {"hosts": st.dictionaries(TEXT, st.one_of(ENTRY, JSON), max_size=4)},
    optional={"version": JSON, "default_host": JSON, "more": JSON},
)
CONTROLLER = Controller("me", "/inventory", lambda path: path.replace("~", "/home/me", 1))


@given(st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode()),
                 HOSTS.map(lambda value: json.dumps(value).encode())))  # fmt: skip
@example(b'{"hosts": {"web": {"hostname": "192.0.2.1"}}}')
def test_hosts_files(data: bytes) -> None:
    """What is taken has no word in its variables that ssh would take for an option."""
    try:
        found = parse_hosts(data, "hosts.json")
    except HostsFileError as error:
        assert error.problems and all(problem.isprintable() for problem in error.problems), error.problems
        return
    entries = {entry.name: entry for entry in found.hosts}
    for entry in found.hosts:
        made = host_vars(entry, CONTROLLER, entries)
        assert not any(str(made[name]).startswith("-") for name in ("ansible_host", "ansible_user"))
        assert "\n" not in str(made)


@given(TEXT)
@example("me@gate:22,[2001:db8::1]:22")
def test_jump_specs(text: str) -> None:
    """What the file's rule takes, the reader of chains takes, too; and no hop of either begins with a dash."""
    complaint = rules.jump_host(text)
    try:
        chain = jumps.parse(text)
    except InvalidOption:
        assert complaint is not None or not text
        return
    assert not any(hop.host.startswith("-") or (hop.user or "").startswith("-") for hop in chain)


@given(st.lists(TEXT, max_size=5))
@example(["-o", "ProxyJump=gate", "-vC"])
def test_ssh_arguments(words: list[str]) -> None:
    with contextlib.suppress(InvalidOption):
        again = [word for argument in options.parse(words) for word in argument.rendered()]
        assert options.parse(again) == options.parse(words)
        assert all(word.startswith("-") for argument in options.parse(words) for word in argument.rendered()[:1])


SSH_WORDS = st.sampled_from(
    ("-o", "-p", "-i", "-F", "-4", "Port=", "IdentityFile=%d/~", "UserKnownHostsFile='", "StrictHostKeyChecking=")
)


@given(st.lists(st.one_of(SSH_WORDS, TEXT), max_size=5))
@example(["-o", "UserKnownHostsFile=~/.ssh/%h %%"])
def test_ssh_arguments_for_paramiko(words: list[str]) -> None:
    with contextlib.suppress(InvalidOption):
        found = honoured.login(SshTarget("h", ssh_args=tuple(words)), honoured.Here("/home/me", "me"))
        assert 1 <= found.port <= 65535 and found.user and found.checking in ("refuse", "accept_new", "no_check")


@given(st.text(max_size=200), TEXT)
@example("|1|AAAA|AAAA ssh-rsa AAAA", "h")
@example("@revoked [h]:2222,!*,?* ssh-rsa AAAA", "h")
def test_known_hosts(text: str, host: str) -> None:
    """What is written down for a host is found for it, whatever stands before it."""
    name = known_hosts.host_name("192.0.2.7", 2222)
    for names in (name, known_hosts.hashed(name)):
        found = known_hosts.entries(f"{text}\n{names} ssh-ed25519 AAAA\n", "/f")
        assert found[-1].names == names and known_hosts.of_host(found, name)[-1] == found[-1]
    known_hosts.judged(known_hosts.of_host(found, host), "ssh-rsa", "AAAA")


@given(TEXT, st.sampled_from(["latest", "1"]))
@example("registry.example.org:5000/team/app:1", "latest")
def test_image_references(text: str, tag: str) -> None:
    with contextlib.suppress(InvalidOption):
        full = image_names.reference("image", text, tag)
        assert image_names.same(full, full) and not full.startswith("-") and full.isprintable()


TEXTS = st.lists(TEXT, max_size=3)
NAMES = sorted(name for name, spec in ARGUMENT_SPEC.items() if spec["type"] in ("list", "str", "dict", "int", "raw"))
BY_TYPE = {
    "str": TEXT, "raw": st.one_of(TEXT, st.integers(), st.booleans(), TEXTS), "int": st.integers(),
    "dict": st.dictionaries(TEXT, TEXT, max_size=3),
}  # fmt: skip
FREE = [
    name for name in NAMES
    if ARGUMENT_SPEC[name]["type"] != "list" or ARGUMENT_SPEC[name].get("elements") == "str"
    if not {"choices", "options"} & ARGUMENT_SPEC[name].keys() and name not in ("name", "networks")
]  # fmt: skip


def value_of(name: str) -> st.SearchStrategy[Any]:
    return TEXTS if ARGUMENT_SPEC[name]["type"] == "list" else BY_TYPE[ARGUMENT_SPEC[name]["type"]]


OPTIONS = st.lists(st.sampled_from(FREE), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: value_of(name) for name in names})
)


@given(OPTIONS)
@example({"published_ports": ["8080:80/tcp"], "volumes": ["data:/data:ro"]})
def test_options_of_containers(params: dict[str, Any]) -> None:
    with contextlib.suppress(InvalidOptions):
        made = parse({"name": "web", "image": "app", **params})
        assert made.name == "web"


@given(st.lists(st.text(st.sampled_from("0123456789.:-/[]aftcpud"), max_size=24), max_size=3))
@example(["[2001:db8::1]:8080-8081:80-81/udp"])
def test_ports(ports: list[str]) -> None:
    with contextlib.suppress(InvalidOptions):
        parse({"name": "web", "image": "app", "published_ports": ports})


@given(st.lists(st.text(st.sampled_from("/ab.:~,rwozZ-"), max_size=24), max_size=3))
@example(["/srv:/srv:ro,Z", "data:/data"])
def test_volumes(volumes: list[str]) -> None:
    with contextlib.suppress(InvalidOptions):
        parse({"name": "web", "image": "app", "volumes": volumes})


@given(st.one_of(st.binary(max_size=80), TEXT.map(str.encode)))
@example(b"A=1\n# no\nB=x y\n")
def test_files_of_variables(data: bytes) -> None:
    with contextlib.suppress(InvalidOption):
        assert all(name and not name[0].isspace() for name in variables("env_file", "job.env", data))


SERVICES = st.dictionaries(
    st.sampled_from(["web", "db", "Bad Name"]),
    st.dictionaries(st.sampled_from(sorted(SERVICE_KEYS)), JSON, max_size=3).map(lambda keys: {"image": "app", **keys}),
    min_size=1, max_size=2,
)  # fmt: skip
COMPOSE = st.fixed_dictionaries(
    {"services": st.one_of(SERVICES, JSON)},
    optional={"networks": JSON, "volumes": JSON, "name": JSON, "x-more": JSON, "include": JSON},
)


@given(st.one_of(TEXT, JSON.map(json.dumps), COMPOSE.map(json.dumps)), st.dictionaries(TEXT, TEXT, max_size=2))
@example("services:\n  web:\n    image: ${IMAGE:-app}\n", {})
def test_compose_files(text: str, known: dict[str, str]) -> None:
    with contextlib.suppress(ComposeFileError):
        made = resolve(Wanted(content=text, folder="/nowhere/project", variables=known))
        assert isinstance(made.config.get("services", {}), dict)


def cut(data: bytes, places: list[int]) -> Iterator[bytes]:
    """The bytes in pieces."""
    marks = sorted({place % (len(data) + 1) for place in places})
    for begin, end in zip([0, *marks], [*marks, len(data)], strict=True):
        yield data[begin:end]


PIECES = st.lists(st.integers(0, 500), max_size=6)
FRAMED = st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=30)), max_size=6)


@given(FRAMED, PIECES)
def test_frames_are_the_same_in_whatever_pieces_they_come(sent: list[tuple[int, bytes]], places: list[int]) -> None:
    data = b"".join(FRAME_HEADER.pack(stream, len(payload)) + payload for stream, payload in sent)
    taken = Frames()
    came = [part for piece in cut(data, places) for part in taken.feed(piece)]
    assert taken.whole
    for number in (0, 1, 2, 3):
        mine = b"".join(payload for stream, payload in sent if stream == number)
        assert b"".join(part for stream, part in came if stream == number) == mine
    assert list(frames(data)) == [payload for _stream, payload in sent]


@given(st.binary(max_size=120), PIECES, st.booleans())
def test_streams_of_anything(data: bytes, places: list[int], tty: bool) -> None:
    assert isinstance(log_text(data, tty=tty), str)
    with contextlib.suppress(BadAnswer):
        assert all(0 <= stream <= 3 for piece in cut(data, places) for stream, _part in Frames().feed(piece))
    with contextlib.suppress(BadAnswer, EngineError):
        assert all(isinstance(entry, dict) for entry in progress_entries(cut(data, places)))


@given(st.one_of(st.binary(max_size=120), JSON.map(lambda value: json.dumps(value).encode())), st.integers(10, 60))
@example(b"[" * 100 + b"]" * 100, 50)
def test_answers(data: bytes, depth: int) -> None:
    with contextlib.suppress(BadAnswer):
        parsed(data, depth)


NAME_IN_ARCHIVE = st.lists(st.sampled_from(["a", "a", "b c", "..", ".", "", "é"]), min_size=1, max_size=4).map("/".join)


def packed(names: list[str]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as file:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 3
            file.addfile(info, io.BytesIO(b"abc"))
    return made.getvalue()


@given(st.one_of(st.binary(max_size=1200), st.lists(NAME_IN_ARCHIVE, max_size=4).map(packed)), PIECES)
def test_archives_stay_within_their_root(data: bytes, places: list[int]) -> None:
    with contextlib.suppress(archive.Escapes, tarfile.TarError):
        for found in archive.entries(cut(data, places)):
            b"".join(found.chunks)
            assert ".." not in found.path.split("/") and not found.path.startswith("/")


@given(TEXT, st.sampled_from([0, 1, 127, 255]))
@example("ssh: connect to host 192.0.2.1 port 22: Connection refused", 255)
def test_what_ssh_says(stderr: str, code: int) -> None:
    error = connection_error(SshTarget("192.0.2.1", name="web1"), Outcome(code, stderr, 1))
    assert error.kind and error.message


@given(st.text(max_size=60))
def test_messages_have_no_control_characters(text: str) -> None:
    told = as_message(text)
    assert not any(ord(one) < 32 and one not in "\n\t" for one in told) and "\x7f" not in told and "\x9b" not in told


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=8, max_size=20), TEXT, TEXT)
def test_a_secret_is_masked_wherever_it_stands(secret: str, before: str, after: str) -> None:
    masker = Masker()
    masker.learn({"env": {"DB_PASSWORD": secret}})
    assert secret not in masker.text(f"{before} {secret} {after}")


@given(TEXT)
@example('Environment="API_KEY=two words" \'B=c\\')
def test_quadlets(text: str) -> None:
    """Whatever a file of a host has in it, it is masked line by line, and words are read as they were written."""
    masker = Masker()
    masking.learn(text, masker)
    assert masking.masked(text, masker).count("\n") == text.count("\n")
    word = unit_text.word(text)
    assert "\n" not in word and [one.text for one in unit_text.words(word) if one.text][1:] == []
    assert not unit_text.is_line(text) or [text.strip()] == text.splitlines()


@given(
    TEXT, st.lists(st.tuples(st.sampled_from(["file", "now", "then", "uid", "folder", "end", "---x.service---"]), TEXT))
)
@example("quadlet-generator[1]: Warning: x", [("uid", "0"), ("end", "")])
def test_what_a_host_says_of_quadlets(errors: str, said: list[tuple[str, str]]) -> None:
    output = "\n".join(" ".join(line).rstrip() for line in said)
    script.read_look(output)
    script.read_state(output)
    made = generated.read(output, errors, "/tmp/w", "/etc/containers/systemd")
    assert all(unit.source == source for source, unit in made.units.items()) and made.about("x.container") is not None


KUBE_KEYS = (
    "annotations configMap configMapRef containerPort containers data emptyDir env hostPort httpGet image items key "
    "labels livenessProbe metadata mountPath name optional path persistentVolumeClaim port ports replicas secret "
    "secretKeyRef secretName spec stringData template value valueFrom volumeMounts volumes"
)
# Objects of Kubernetes in which each field has any value, also such as it may have.
KUBE_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 70000), st.sampled_from(["web", "key", "a/b", "..", "80", ""])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(KUBE_KEYS.split()),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)
KUBE = st.fixed_dictionaries(
    {"kind": st.sampled_from([*KINDS, "List", "Service", 1])},
    optional={"metadata": st.one_of(KUBE_VALUE, st.just({"name": "web"})), "spec": KUBE_VALUE, "data": KUBE_VALUE,
              "stringData": KUBE_VALUE, "items": KUBE_VALUE},
)  # fmt: skip
KUBE_GIVEN = {name: rule.get("default") for name, rule in kube_options.ARGUMENT_SPEC.items()}


@given(st.one_of(TEXT, st.lists(KUBE, max_size=3).map(json.dumps)), st.sampled_from(["5.8.0", "4.3.1"]))
@example('{"kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "b", "image": "c"}]}}', "5.8.0")
def test_kubernetes_yaml(text: str, version: str) -> None:
    engine = Engine("podman", tuple(map(int, version.split("."))))
    with contextlib.suppress(InvalidOptions):
        read = kube_options.parse(KUBE_GIVEN, ("app.yml", text), [])
        secret_values(read.objects)
        made = application(read, engine)
        for pod in made.pods:
            assert owner({KUBE_LABEL: label(pod)}) == pod.of and not differing({KUBE_LABEL: label(pod)}, pod)


@given(st.one_of(TEXT, JSON.map(json.dumps)))
def test_what_a_label_of_kubernetes_yaml_says(text: str) -> None:
    owner({KUBE_LABEL: text})


@given(st.one_of(TEXT, JSON.map(json.dumps)))
def test_what_podman_makes_of_what_it_has(text: str) -> None:
    with contextlib.suppress(EngineError):
        shown_kube(text)
