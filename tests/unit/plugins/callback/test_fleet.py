# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The callback in real runs of Ansible, with hosts that are all this machine."""

from __future__ import annotations

import json
import re
import shlex
import time
from pathlib import Path

import pytest
from checkout import CHECKOUT
from fleet_runs import PROGRAMS, argv, in_terminal, play, playbook_of, run
from small_terminal import Terminal

FIVE = "[web]\nweb[1:4]\n[db]\ndb1"
SEVERAL = """
- name: Say
  ansible.builtin.debug:
    msg: "{{ 'hello' if inventory_hostname != 'web3' else 'bye' }}"
- name: Change
  ansible.builtin.set_fact:
    x: 1
  changed_when: inventory_hostname != "web2"
- name: Try
  ansible.builtin.fail:
    msg: "no {{ item }}"
  when: inventory_hostname == "web1" and item == 2
  loop: [1, 2]
  ignore_errors: true
- name: Fail
  ansible.builtin.fail:
    msg: "No.\\n[web1] ok\\e[2J"
  when: inventory_hostname in ["web3", "web4"]
- name: Last
  ansible.builtin.debug:
    msg: [1]
"""


def blocks(output: str) -> dict[str, list[str]]:
    """The lines of each task."""
    texts = re.split(r"\n\n(?=TASK|HANDLER|SUMMARY)", output)
    return {lines[0]: lines[1:] for lines in (text.strip("\n").split("\n") for text in texts)}


def test_equal_results_are_folded_and_others_apart(tmp_path: Path) -> None:
    done = play(tmp_path, SEVERAL, FIVE)
    found = blocks(done.stdout)
    assert found["TASK Say"] == ["[db1,web[1-2,4]] ok (4 hosts): hello", "[web3] ok: bye", "ok 5"]
    assert found["TASK Change"] == ["[db1,web[1,3-4]] changed (4 hosts)", "ok 1, changed 4"]
    assert found["TASK Try"] == [
        "[web1] failed, ignored: (item=2) failed: no 2",
        "skipped 4, ignored 1",
    ]
    assert found["TASK Fail"] == [
        "[web[3-4]] failed (2 hosts):",
        "    No.",
        r"    [web1] ok\x1b[2J",
        "skipped 3, failed 2",
    ]
    assert found["TASK Last"] == ["[db1,web[1-2]] ok (3 hosts): [1]", "ok 3"]
    summary = found["SUMMARY 5 hosts, 5 tasks, 0:00".replace("0:00", re.findall(r"tasks, (.*)", done.stdout)[0])]
    assert [re.split("  +", line)[:5] for line in summary[6:9]] == [
        ["group", "hosts", "ok", "changed", "failed"],
        ["db", "1", "0", "1", "0"],
        ["web", "4", "1", "1", "2"],
    ]
    assert summary[9:] == [
        "Failed or unreachable: web[3-4] (2 of 5)",
        "--limit web3,web4",
        "Exit code 2: a task failed on at least one host.",
    ]
    assert done.returncode == 2
    assert "\x1b" not in done.stdout


@pytest.mark.pairs("first")
def test_verbose_shows_what_default_shows(tmp_path: Path) -> None:
    task = "- ansible.builtin.command: echo out\n  changed_when: false"
    done = play(tmp_path, task, "web[1:2]", "-v")
    (line,) = (line for line in done.stdout.split("\n") if line.startswith("[web"))
    assert line.startswith('[web[1-2]] ok (2 hosts): {"changed": false')
    assert '"stdout": "out"' in line
    assert '"delta"' not in line
    alone = play(tmp_path, task, "web1", "-v", ANSIBLE_STDOUT_CALLBACK="sshfleet.containers.fleet").stdout
    default = play(tmp_path, task, "web1", "-v", ANSIBLE_STDOUT_CALLBACK="default").stdout
    told, other = (json.loads(re.findall(r"\{.*\}", text)[0]) for text in (alone, default))
    assert told.keys() == other.keys()


@pytest.mark.pairs("first")
def test_equal_diffs_are_folded(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old\n")
    task = f"""
- name: Write
  ansible.builtin.copy:
    content: "{{{{ 'new' if inventory_hostname != 'web3' else 'other\\e[2J' }}}}\\n"
    dest: {tmp_path}/file
"""
    done = play(tmp_path, task, "web[1:3]", "--check", "--diff", ANSIBLE_CHECK_MODE_MARKERS="1")
    found = blocks(done.stdout.replace(str(tmp_path), ""))["TASK Write [CHECK MODE]"]
    assert found[0] == "[web[1-2]] changed (2 hosts):"
    assert [line for line in found if line.startswith(("    -", "    +"))] == [
        "    --- before: /file",
        "    +++ after: /file",
        "    -old",
        "    +new",
        "    --- before: /file",
        "    +++ after: /file",
        "    -old",
        r"    +other\x1b[2J",
    ]
    assert found[-1] == "changed 3"


@pytest.mark.parametrize("verbose", ["-v", "-vvv"])
def test_nothing_censored_is_shown_or_kept(tmp_path: Path, verbose: str) -> None:
    task = """
- ansible.builtin.debug:
    msg: "{{ secret }}"
  no_log: true
- ansible.builtin.fail:
    msg: "{{ secret }}"
  no_log: true
  loop: ["{{ secret }}"]
  ignore_errors: true
- ansible.builtin.command: "false {{ secret }}"
  no_log: true
"""
    out, variables = tmp_path / "out", tmp_path / "variables.json"
    variables.write_text('{"secret": "hunter2"}')
    settings = {"SSHFLEET_OUTPUT_DIR": str(out), "ANSIBLE_DISPLAY_TRACEBACK": "always"}
    done = play(tmp_path, task, "web[1:2]", verbose, "--diff", "-e", f"@{variables}", **settings)
    assert done.returncode == 2
    kept = "".join(file.read_text() for file in out.iterdir())
    assert "no_log" in done.stdout
    assert "censored" in kept
    assert "hunter2" not in done.stdout + done.stderr + kept


STRATEGIES = [("", 2), ("all", 10), ("any", 0), ("majority", 0), ("main=web1", 0), ("main=web2", 13), ("fail_fast", 15)]
ONE_FAILS = """
- name: One
  ansible.builtin.fail:
    msg: No.
  when: inventory_hostname == "web2"
- name: Two
  ansible.builtin.debug:
    msg: two
"""


@pytest.mark.parametrize(("strategy", "code"), STRATEGIES)
def test_the_exit_code_is_what_the_strategy_says(tmp_path: Path, strategy: str, code: int) -> None:
    done = play(tmp_path, ONE_FAILS, "web[1:3]", SSHFLEET_EXIT_STRATEGY=strategy)
    assert done.returncode == code
    assert re.search(rf"^Exit code {code}: .*\.$", done.stdout, re.MULTILINE)
    assert ("TASK Two" in done.stdout) == (strategy != "fail_fast")


@pytest.mark.pairs("first")
def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    """As an ansible.cfg, which the lines that begin with [ are."""
    text = (CHECKOUT / "plugins" / "callback" / "fleet.py").read_text()
    lines = [line.removeprefix("# ") for line in text[text.index('EXAMPLES = r"""') :].split('"""')[1].split("\n")]
    (tmp_path / "ansible.cfg").write_text("\n".join(lines[lines.index("[defaults]") :]))
    paths = {"ANSIBLE_CONFIG": str(tmp_path / "ansible.cfg"), "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".dev")}
    done = play(tmp_path, ONE_FAILS, "web[1:3]", ANSIBLE_STDOUT_CALLBACK="", **paths)
    assert done.returncode == 0, done.stderr
    assert "2 of 3 succeeded, which is enough for exit_strategy majority" in done.stdout


def test_other_callbacks_and_playbooks_have_their_end(tmp_path: Path) -> None:
    """A strategy decides when all is over, and of the last playbook."""
    command = argv(tmp_path, playbook_of(ONE_FAILS), "web[1:3]")
    (tmp_path / "first.yml").write_text(playbook_of("- ansible.builtin.debug:"))
    junit = {"ANSIBLE_CALLBACKS_ENABLED": "junit", "JUNIT_OUTPUT_DIR": str(tmp_path / "junit")}
    done = run(
        [*command[:-1], str(tmp_path / "first.yml"), command[-1]], tmp_path, SSHFLEET_EXIT_STRATEGY="any", **junit
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Exit code") == 1
    assert [*(tmp_path / "junit").glob("*.xml")]


def test_errors_that_are_not_about_hosts_keep_their_code(tmp_path: Path) -> None:
    command = argv(tmp_path, playbook_of(ONE_FAILS), "web1")
    (tmp_path / "bad.yml").write_text("- hosts: [")
    done = run([*command, str(tmp_path / "bad.yml")], tmp_path, SSHFLEET_EXIT_STRATEGY="any")
    assert done.returncode == 4
    assert "Exit code 4: a playbook could not be read." in done.stdout


@pytest.mark.parametrize(
    ("setting", "words"),
    [({"SSHFLEET_EXIT_STRATEGY": "most"}, "no such strategy"), ({"SSHFLEET_OUTPUT_DIR": "/dev/null"}, "written to")],
)
@pytest.mark.pairs("first")
def test_a_wrong_option_ends_the_run_before_it_begins(tmp_path: Path, setting: dict[str, str], words: str) -> None:
    done = play(tmp_path, ONE_FAILS, "web1", **setting)
    assert done.returncode not in (0, 2)
    assert words in done.stderr
    assert "TASK" not in done.stdout


@pytest.mark.pairs("first")
def test_files_for_each_host(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = play(tmp_path, SEVERAL, "web[1:2],../web", SSHFLEET_OUTPUT_DIR=str(out), SSHFLEET_EXIT_STRATEGY="all")
    assert sorted(file.name for file in out.iterdir()) == [
        "%2e.%2fweb.json",
        "summary.json",
        "summary.txt",
        "web1.json",
        "web2.json",
    ]
    records = json.loads((out / "web1.json").read_text())
    assert [(record["task"], record["status"]) for record in records][:3] == [
        ("Say", "ok"),
        ("Change", "changed"),
        ("Try", "ignored"),
    ]
    assert records[0]["result"]["msg"] == "hello"
    summary = json.loads((out / "summary.json").read_text())
    assert summary["exit"] == {"code": 0, "words": "no host failed"}
    assert summary["hosts"].keys() == {"web1", "web2", "../web"}
    text = (out / "summary.txt").read_text().strip()
    assert done.stdout.strip().endswith(text)
    again = play(tmp_path, SEVERAL, "web1", SSHFLEET_OUTPUT_DIR=str(out))
    assert "summary.json of an earlier run" in again.stderr
    assert (
        play(tmp_path, ONE_FAILS, "web1", SSHFLEET_OUTPUT_DIR=str(out), SSHFLEET_OUTPUT_OVERWRITE="1").returncode == 0
    )
    assert json.loads((out / "summary.json").read_text())["hosts"].keys() == {"web1"}


@pytest.mark.pairs("first")
def test_the_pattern_runs_again_what_failed(tmp_path: Path) -> None:
    hosts = "web[1:3]"
    done = play(tmp_path, ONE_FAILS, hosts)
    (limit,) = re.findall("^--limit .*$", done.stdout, re.MULTILINE)
    again = play(tmp_path, ONE_FAILS, hosts, *shlex.split(limit))
    assert "PLAY Roll out (1 host)" in again.stdout
    assert "[web2] failed: No." in again.stdout


@pytest.mark.parametrize("strategy", ["free", "host_pinned"])
@pytest.mark.pairs("first")
def test_hosts_that_run_by_themselves(tmp_path: Path, strategy: str) -> None:
    done = run(argv(tmp_path, playbook_of(ONE_FAILS, strategy=strategy), "web[1:3]"), tmp_path)
    assert done.returncode == 2
    assert "[web2] failed: No." in done.stdout
    told = re.findall(r"^\[(.*)\] ok.*: two$", done.stdout, re.MULTILINE)
    assert {"web1", "web3"} <= {*told, *(("web1", "web3") if "web[1,3]" in told else ())}
    assert "--limit web2" in done.stdout


@pytest.mark.pairs("first")
def test_rescued_failures_are_shown_and_do_not_count(tmp_path: Path) -> None:
    task = """
- block:
    - ansible.builtin.fail:
        msg: No.
  rescue:
    - ansible.builtin.debug:
        msg: rescued
"""
    done = play(tmp_path, task, "web[1:2]", SSHFLEET_EXIT_STRATEGY="all")
    assert done.returncode == 0
    assert "[web[1-2]] failed (2 hosts): No." in done.stdout
    assert "--limit" not in done.stdout


@pytest.mark.pairs("first")
def test_handlers_includes_delegation_and_unreachable_hosts(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("- ansible.builtin.debug:\n    msg: included\n")
    task = """
- name: Notify
  ansible.builtin.set_fact:
    x: 1
  changed_when: true
  notify: Handle
- ansible.builtin.include_tasks: more.yml
- ansible.builtin.debug:
    msg: there
  delegate_to: elsewhere
- name: Reach
  ansible.builtin.ping:
  when: inventory_hostname == "web2"
  vars:
    ansible_connection: ssh
    ansible_host: 127.0.0.1
    ansible_port: 1
"""
    handlers = "\n    - name: Handle\n      ansible.builtin.debug:\n        msg: handled"
    done = run(argv(tmp_path, playbook_of(task, handlers=handlers), "web[1:2]"), tmp_path)
    assert "HANDLER Handle\n[web1] ok: handled" in done.stdout
    assert re.search(r"^\[web\[1-2\]\] included .*more\.yml$", done.stdout, re.MULTILINE)
    assert "[web[1-2]] ok (2 hosts):\n    on elsewhere\n    there" in done.stdout
    assert "[web2] unreachable: " in done.stdout
    assert done.returncode == 4
    assert "Exit code 4: at least one host was unreachable." in done.stdout


def test_ad_hoc_commands_show_what_they_wrote(tmp_path: Path) -> None:
    command = argv(tmp_path, "", "web[1:2]")
    command = [str(PROGRAMS / "ansible"), *command[1:-1], "-m", "ansible.builtin.command", "-a", "echo out", "all"]
    done = run(command, tmp_path)
    assert "[web[1-2]] changed (2 hosts): out" in done.stdout
    assert done.returncode == 0


# In a terminal --------------------------------------------------------------------------------------------------------

SLOW = """
- name: Wait
  ansible.builtin.command: "sleep {{ 60 if inventory_hostname == 'web2' and forever | default(false) else 2 }}"
- name: Last
  ansible.builtin.debug:
    msg: done
"""


def screen(seen: str) -> list[str]:
    terminal = Terminal()
    terminal.write(seen)
    return [line.rstrip() for line in terminal.lines]


def test_the_live_region_comes_and_goes(tmp_path: Path) -> None:
    seen, code, as_it_was = in_terminal(argv(tmp_path, playbook_of(SLOW), "web[1:3]"), tmp_path)
    assert re.search(r"0 done · 3 running · 0 failed · 0:0\d", seen)
    assert re.search(r"slowest: web\d \(0:0\d\)", seen)
    lines = screen(seen)
    assert "[web[1-3]] changed (3 hosts)" in lines
    assert not [line for line in lines if "running" in line or "slowest:" in line or "━" in line]
    assert "Exit code 0: no host failed." in lines
    assert (code, as_it_was) == (0, True)
    assert "\x1b[?25l" not in seen  # the cursor is never hidden


@pytest.mark.pairs("first")
def test_hosts_that_run_by_themselves_are_told_when_no_host_is_at_a_task(tmp_path: Path) -> None:
    """The second task waits for a file, which is made when the first has been told."""
    task = """
- name: One
  ansible.builtin.debug:
- name: Two
  ansible.builtin.wait_for:
    path: "{{ playbook_dir }}/told"
    timeout: 30
"""

    def typed(seen: str) -> str:
        if "TASK One" in seen:
            (tmp_path / "told").touch()
        return ""

    command = argv(tmp_path, playbook_of(task, strategy="free"), "web[1:2]")
    seen, code, _as_it_was = in_terminal(command, tmp_path, typed)
    assert code == 0, seen


def test_an_interrupted_run_leaves_the_terminal_as_it_was_and_says_how_far_it_came(tmp_path: Path) -> None:
    command = argv(tmp_path, playbook_of(SLOW), "web[1:3]", "-e", "forever=true")
    pressed = []

    def typed(seen: str) -> str:
        if "2 done" in seen and not pressed:
            pressed.append(True)
            return "\x03"
        return ""

    seen, code, as_it_was = in_terminal(command, tmp_path, typed)
    lines = screen(seen)
    assert (code, as_it_was) == (99, True)
    assert "[web[1,3]] changed (2 hosts)" in lines
    assert "Exit code 99: interrupted by the user." in lines
    assert not [line for line in lines if "━" in line or "slowest:" in line]


@pytest.mark.pairs("first")
def test_a_question_is_asked_below_nothing_that_changes(tmp_path: Path) -> None:
    task = "- ansible.builtin.debug:\n- name: Ask\n  ansible.builtin.pause:\n    prompt: Go on\n" + SLOW.strip("\n")
    pressed = [0.0]

    def typed(seen: str) -> str:
        """Again each second: what is typed before Ansible listens is thrown away."""
        if "Go on" in seen and "TASK Wait" not in seen and time.monotonic() > pressed[-1] + 1:
            pressed.append(time.monotonic())
            return "\r"
        return ""

    seen, code, _as_it_was = in_terminal(argv(tmp_path, playbook_of(task), "web1"), tmp_path, typed)
    assert code == 0
    asked = seen[seen.index("TASK Ask") : seen.index("TASK Wait")]
    assert "running" not in asked
