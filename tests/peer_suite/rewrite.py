# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The peer's integration targets as roles: other modules under their names, every assert counted, every task marked.

The copies are in a scratch folder and go away with it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

# What a task may have beside its module.
KEYWORDS = {
    *("action", "args", "async", "become", "become_user", "block", "rescue", "always", "changed_when", "check_mode"),
    *("collections", "connection", "debugger", "delegate_facts", "delegate_to", "diff", "environment", "failed_when"),
    *(
        "ignore_errors",
        "ignore_unreachable",
        "local_action",
        "loop",
        "loop_control",
        "module_defaults",
        "name",
        "no_log",
    ),
    *("notify", "poll", "port", "register", "remote_user", "retries", "run_once", "tags", "throttle", "timeout"),
    *("until", "vars", "when", "any_errors_fatal", "listen"),
}
# Modules of ansible.builtin whose files in the tests' scratch folder have to be where the modules under test look.
ON_FILES = {"copy", "file", "template", "stat", "tempfile", "slurp", "command", "shell", "fetch", "find", "lineinfile"}
SCRATCH = "remote_tmp_dir"
ASSERT = "peer_assert"


@dataclass
class Task:
    """What report.py must know of a task.

    :param module: as it is called after the rewriting.
    :param under_test: whether that is a module of ours.
    :param may_fail: the test goes on when it fails, because it says so.
    :param conditions: those of an assert.
    :param sets: the texts of a set_fact by the variables' names.
    """

    module: str
    name: str
    register: str
    under_test: bool = False
    may_fail: bool = False
    includes: bool = False
    conditions: list[str] = field(default_factory=list)
    sets: dict[str, str] = field(default_factory=dict)


Tasks = dict[str, Task]  # by FILE:LINE, in the order of the file


class _Mapping(dict[str, Any]):
    line = 0


class _Loader(yaml.SafeLoader):
    pass


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[_Mapping]:
    made = _Mapping()
    made.line = node.start_mark.line + 1
    yield made
    made.update(loader.construct_mapping(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Dumper.add_representer(_Mapping, lambda dumper, value: dumper.represent_dict(value.items()))


class Rewriter:
    """Rewrites tasks in place.

    :param modules: the module to call for each of the peer's (full names).
    :param environment: for commands that call ``docker``: how it finds the engine under test.
    """

    def __init__(self, modules: Mapping[str, str], environment: Mapping[str, str]) -> None:
        self.modules = modules
        self.environment = environment

    def role(self, source: Path, target: Path) -> Tasks:
        """Copy an integration target as a role; its tasks."""
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("meta"))
        found: Tasks = {}
        for path in sorted((target / "tasks").rglob("*.y*ml")):
            tasks = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a SafeLoader that keeps lines
            self.tasks(tasks, str(path.relative_to(target / "tasks")), False, found)
            path.write_text(yaml.dump(tasks, Dumper=_Dumper, sort_keys=False, width=10**6, allow_unicode=True))
        return found

    def tasks(self, tasks: list[_Mapping] | None, file: str, may_fail: bool, found: Tasks) -> None:
        for task in tasks or ():
            may = may_fail or task.get("ignore_errors") is True
            self._defaults(task)
            if "block" in task:
                for part in ("block", "rescue", "always"):
                    self.tasks(task.get(part), file, may or (part == "block" and "rescue" in task), found)
                continue
            module = next((key for key in task if key not in KEYWORDS and not key.startswith("with_")), "")
            if module:
                at = f"{file}:{task.line}"
                found[at] = self._task(task, module, may)
                task["tags"] = [*_list(task.get("tags", [])), f"at={at}"]

    def _defaults(self, task: _Mapping) -> None:
        defaults = task.get("module_defaults")
        if isinstance(defaults, dict):
            task["module_defaults"] = {self.modules.get(name, name): value for name, value in defaults.items()}

    def _task(self, task: _Mapping, module: str, may_fail: bool) -> Task:
        builtin = "" if module.startswith("community.") else module.split(".")[-1]
        arguments, becomes = task[module], self.modules.get(module, module)
        told = Task(becomes, str(task.get("name", "")), task.get("register") or "", module in self.modules, may_fail)
        if builtin == "assert":
            becomes, told.conditions = ASSERT, [str(one) for one in _list(arguments.get("that", []))]
        if builtin == "set_fact" and isinstance(arguments, dict):
            told.sets = {name: _text(value) for name, value in arguments.items()}
        if builtin in ("command", "shell") and "docker" in _text(arguments):
            task.setdefault("environment", {}).update(self.environment)
        if builtin in ON_FILES and SCRATCH in _text(arguments):
            task["delegate_to"] = "localhost"
        if builtin in ("include_tasks", "import_tasks"):
            told.includes = True
            _one_file(task)
        if becomes != module:
            items = [(becomes if key == module else key, value) for key, value in task.items()]
            task.clear()
            task.update(items)
        return told


def _one_file(task: _Mapping) -> None:
    """The targets include all files of a folder; here each is a run of its own."""
    if "with_fileglob" in task:
        globs = _list(task["with_fileglob"])
        task["with_fileglob"] = [one.replace("tests/*.yml", "tests/{{ peer_suite_test }}.yml") for one in globs]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return json.dumps(value, default=str)
