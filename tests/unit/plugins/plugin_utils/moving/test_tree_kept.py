# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is written changes only what it has to: generated files with comments, odd spaces and both line breaks."""

from __future__ import annotations

import random

import pytest
import yaml
from moved import moved

# Options as people write them; "@" stands for a comment of their own. Its line has to be there afterwards.
KEPT = (
    "image:   'docker.io/library/x'   @",
    "env: {A: 'b',  C:   d} @",
    "volumes:\n- /a:/b  @\n-   /c:/d @",
    "labels: &anchor{n} @\n  a: 'b'   @\n\n  c: d",
    "command: >-\n  sleep\n  10",
    "user:     '0'@",
    "ports: [ '80:80' ] @",
)
CHANGED = {
    "podman_container": (
        "workdir: /srv",
        "cap_add:   [A]",
        "state: created",
        "debug: yes",
        "executable: podman",
        "restart_policy: on-failure:3",
        "network: [a, b]",
        "tmpfs: {/a: x}",
        "delete_volumes: true",
        "healthcheck: 'true'\nhealthcheck_interval: 5s",
    ),
    "docker_container": ("timeout: 5", "tls: false", "docker_host: unix:///run/x.sock", "api_version: auto"),
}


def task(rng: random.Random, number: int) -> str:
    module = rng.choice([*CHANGED])
    chosen = rng.sample(KEPT, rng.randint(0, 4)) + rng.sample(CHANGED[module], rng.randint(0, 3))
    rng.shuffle(chosen)
    options = "\n".join(["name: x @", *dict.fromkeys(chosen)]).replace("{n}", str(number))
    step = rng.choice(("  ", "    ", "   "))
    lines = [f"{step}{line}" if line else line for line in options.split("\n")]
    before = rng.choice(("", "  # of the module @\n", "  when:  x | default( true )   @\n"))
    after = rng.choice(
        ("", "\n  register:   r{n}@", "\n\n  # the end @", "\n  become: yes @", "\n  async: 10\n  poll: 5")
    )
    full = rng.choice(("", {"p": "containers.podman.", "d": "community.docker."}[module[0]]))
    head = f"- name:   'T  {number}' @\n{before}  {full}{module}:\n"
    return head + "\n".join(f"  {line}" if line else line for line in lines) + after.replace("{n}", str(number))


def playbook(seed: int) -> str:
    rng = random.Random(seed)  # noqa: S311
    between = rng.choice(("\n", "\n\n", "\n# between @\n"))
    text = (
        "---\n# first @\n"
        + between.join(task(rng, number) for number in range(rng.randint(1, 6)))
        + rng.choice(("", "\n"))
    )
    count = iter(range(10_000))
    text = "".join(f"# keep {next(count)}" if letter == "@" else letter for letter in text)
    return text.replace("'# keep", "' # keep").replace('"# keep', '" # keep').replace("\n", rng.choice(("\n", "\r\n")))


def marked(text: str) -> list[str]:
    return [line for line in text.split("\n") if "# keep" in line]


@pytest.mark.parametrize("seed", range(60))
def test_what_is_written_changes_only_what_it_has_to(seed: int) -> None:
    before = playbook(seed)
    after = moved(before)
    assert marked(after) == marked(before)
    assert after.count("\n") == after.count("\r\n") or "\r" not in after
    assert moved(after) == after
    tasks, moved_tasks = yaml.safe_load(before), yaml.safe_load(after)
    assert len(tasks) == len(moved_tasks)
    for old, new in zip(tasks, moved_tasks, strict=True):
        assert all(old.get(name) == new.get(name) for name in ("name", "when", "register", "become"))
        options, given = (next(value for key, value in one.items() if "container" in key) for one in (new, old))
        for name in ("name", "image", "env", "volumes", "labels", "command", "user", "ports"):
            assert options.get(name) == given.get(name)


def test_the_generated_tasks_move() -> None:
    """Else this would prove nothing."""
    texts = [moved(playbook(seed)) for seed in range(60)]
    moving = sum(text.count("sshfleet.containers.remote_container") for text in texts)
    assert moving > 0.8 * sum(text.count("- name:") for text in texts)
