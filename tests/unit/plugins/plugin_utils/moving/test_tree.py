# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree of playbooks with what people write in them, the report about it, and the tree when what moves has moved.

``before.txt``, ``report.txt`` and ``after.txt`` are these; ``=== PATH`` begins a file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from moved import OURS, moved

from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving import report, tree

HERE = Path(__file__).parent


def files(name: str) -> dict[str, str]:
    _nothing, *parts = re.split(r"^=== (.+)\n", (HERE / name).read_text(), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


BEFORE, AFTER = files("before.txt"), files("after.txt")


def written(texts: dict[str, str]) -> dict[str, str]:
    return {**texts, **{file.path: file.new for file in tree.looked_at(texts, OURS).files}}


def test_the_report_is_this() -> None:
    told = "\n".join(report.lines(tree.looked_at(BEFORE, OURS), write=False, check_mode=False)) + "\n"
    assert told == (HERE / "report.txt").read_text()


@pytest.mark.parametrize("path", BEFORE)
def test_what_is_written_is_this(path: str) -> None:
    assert written(BEFORE)[path] == AFTER[path]


def test_a_second_run_writes_nothing() -> None:
    assert written(AFTER) == AFTER


def test_what_is_written_is_yaml_with_the_same_tasks() -> None:
    for path, text in AFTER.items():
        if path.endswith(".yml") and path != "broken.yml":
            before, after = (list(yaml.compose_all(one, yaml.SafeLoader)) for one in (BEFORE[path], text))
            assert [len(root.value) for root in before] == [len(root.value) for root in after], path


def test_the_data_say_the_same() -> None:
    looked = tree.looked_at(BEFORE, OURS)
    data = report.data(looked)
    assert sum(data["counts"].values()) - data["counts"]["files"] == sum(len(one["tasks"]) for one in data["files"])
    assert [problem["path"] for problem in data["problems"]] == ["broken.yml"]
    (shop,) = (task for one in data["files"] for task in one["tasks"] if task["name"] == "The shop")
    assert shop["kind"] == "option" and [read["here"] for read in shop["reads"]] == ["", "container.status"]


# A task that is in the way of a rewriting, and how it is counted then.
BY_HAND = {
    "async without poll": "- docker_container: {name: x}\n  async: 10\n  poll: 0\n",
    "the peer's environment": "- docker_container: {name: x}\n  environment: {DOCKER_HOST: tcp://x}\n",
    "key=value with a dictionary": "- podman_container: name=x mount=type=bind,src=/a,dst=/b\n",
    "a file of the target": "- docker_container:\n    name: x\n    env_file: /etc/x.env\n",
    "an anchor": "- podman_container: &a\n    name: x\n    workdir: /\n- debug: *a\n",
    "an alias": "- debug: &a\n    name: x\n    workdir: /\n- podman_container: *a\n",
}


@pytest.mark.parametrize("text", BY_HAND.values(), ids=BY_HAND)
def test_what_cannot_be_written_is_left_to_a_person(text: str) -> None:
    (file,) = tree.looked_at({"x.yml": text}, OURS).files
    last = file.verdicts[-1]
    assert last.kind == "hand" and file.new[last.span[0] :] in (text[last.span[0] :], file.new[last.span[0] :])
    assert "podman_container" not in text or "podman_container" in file.new


# A task in every form, and what it is then; OUR_ stands for the collection and remote_.
FORMS = {
    "- podman_container:\n    name: x\n    healthcheck: >-\n      a\n      b\n\n    # c\n    user: x\n": (
        '- OUR_container:\n    name: x\n    healthcheck:\n      test: "a b"\n\n    # c\n    user: x\n'
    ),
    "- docker_container:\n    name: x\n": "- OUR_container:\n    name: x\n",
    '- "docker_container": {name: x}\n': '- "OUR_container": {name: x}\n',
    "- docker_prune:\n": "- OUR_prune:\n    only_ours: false\n",
    "- docker_prune: {}\n": "- OUR_prune: {only_ours: false}\n",
    "- docker_prune: images=yes\n": "- OUR_prune: images=yes only_ours=false\n",
    "- action: docker_container name=x\n": "- action: OUR_container name=x\n",
    "- action: {module: docker_container, name: x}\n": "- action: {module: OUR_container, name: x}\n",
    "- docker_container:\n  args:\n    name: x\n": "- OUR_container:\n  args:\n    name: x\n",
    "- docker_container: name=x timeout=5 state=absent\n": ("- OUR_container: name=x engine_timeout=5 state=absent\n"),
    "- docker_container: {name: x, tls: true}\n": "- OUR_container: {name: x}\n",
    "- docker_container: {tls: true, name: x}\n": "- OUR_container: {name: x}\n",
    "- docker_container:\n    tls: true\n    name: x\n": "- OUR_container:\n    name: x\n",
    "- docker_image_remove:\n    name: x # y\n    timeout: 3 # z\n": (
        "- OUR_image:\n    name: x # y\n    engine_timeout: 3 # z\n    state: absent\n"
    ),
    "- podman_volume:\n    name: x\n    options:\n      - o=uid=1\n": (
        "- OUR_volume:\n    name: x\n    driver_options:\n      o: uid=1\n"
    ),
    "- docker_container:\r\n    name: x\r\n    tls: 1\r\n- a: 1\r\n": ("- OUR_container:\r\n    name: x\r\n- a: 1\r\n"),
    "- docker_image_pull:\r\n    name: x\r\n": (
        "- OUR_image:\r\n    name: x\r\n    force_source: true\r\n    source: pull\r\n"
    ),
    "- docker_container:\n    name: x": "- OUR_container:\n    name: x",
    "- hosts: a\n  tasks: [{docker_container: {name: x}}]\n": ("- hosts: a\n  tasks: [{OUR_container: {name: x}}]\n"),
    "- community.general.docker_container_info: {name: x}\n": "- OUR_container_info: {name: x}\n",
    "- docker_image_facts: {name: x}\n": "- OUR_image_info: {name: x}\n",
    "- a: 1\n---\n- docker_container: {name: x}\n": "- a: 1\n---\n- OUR_container: {name: x}\n",
}


@pytest.mark.parametrize(("before", "after"), FORMS.items())
def test_every_form_moves(before: str, after: str) -> None:
    after = after.replace("OUR_", "sshfleet.containers.remote_")
    assert moved(before) == after and moved(after) == after


NO_TASKS = (
    "docker_container: {name: x}\n", "a: [{docker_container: {name: x}}]\n", "- x.docker_container: {}\n", "", "- []\n",
    "- containers.podman.docker_container: {}\n- community.docker.podman_container: {}\n",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_TASKS)
def test_what_is_no_task_stays(text: str) -> None:
    assert moved(text) == text


BROKEN = {
    "- docker_container: {\n": 2,
    "- docker_container: a\n\tb: 1\n": 2,
    "- &a [*a, docker_container]\n": 1,
    "- docker_container: x\n- y: [" + "[" * 3000 + "\n": None,
    "\x00docker_container": None,
    "a: &a [x, x, x, x, x, x, x, x, x, docker_container]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)): 1,
}


@pytest.mark.parametrize(("text", "line"), BROKEN.items(), ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_told_and_the_others_go_on(text: str, line: int | None) -> None:
    looked = tree.looked_at({"bad.yml": text, "good.yml": "- docker_container: {name: x}\n"}, OURS)
    (problem,) = looked.problems
    assert problem.path == "bad.yml" and (line is None or problem.line == line) and len(looked.files) == 1
