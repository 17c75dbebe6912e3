# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must be on an engine, and what is done to it next: decided by a seed, whatever goes wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

PREFIX = "soak-"
IMAGE = "localhost/busybox:latest"
NET, OTHER_NET, PROJECT_NET = (PREFIX + name for name in ("net", "other", "project"))
MOUNTED = PREFIX + "mounted"
APPS: Mapping[str, Mapping[str, Any]] = {
    f"{PREFIX}a": {"networks": [{"name": NET}]},
    f"{PREFIX}b": {"networks": [{"name": NET}], "volumes": [f"{MOUNTED}:/data"]},
    f"{PREFIX}c": {},
}
PARTS = (f"{PREFIX}db", f"{PREFIX}web")
VOLUMES, TAGS = (f"{PREFIX}v1", f"{PREFIX}v2"), (f"localhost/{PREFIX}t1:1", f"localhost/{PREFIX}t2:1")
VALUES = ("1", "2", "3")
SAID = "/said"


@dataclass
class App:
    """A container: its value, whether it runs, the files that were copied into it, and what commands have written:
    ``said`` is sure, ``maybe`` was asked for by requests of which nobody knows whether they arrived.
    """

    value: str
    running: bool = True
    files: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)


@dataclass
class Model:
    """What must be there. ``networks`` are {name: value of its label}, ``parts`` those of the project."""

    apps: dict[str, App] = field(default_factory=dict)
    parts: dict[str, App] = field(default_factory=dict)
    networks: dict[str, str] = field(default_factory=dict)
    volumes: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)

    def running(self) -> list[str]:
        return sorted(name for name, app in self.apps.items() if app.running)


@dataclass(frozen=True)
class Op:
    """A task. ``changes`` is what its result says where nothing goes wrong; ``after`` makes the model what is there
    then; ``maybe`` what is there, or not, when an attempt has failed. ``wrong`` tells what is wrong with a result.
    ``fresh`` gives the options of another attempt.
    """

    module: str
    params: Mapping[str, Any]
    changes: bool
    after: Callable[[], object] = lambda: None
    maybe: Callable[[], object] = lambda: None
    wrong: Callable[[Mapping[str, Any]], str] = lambda result: ""
    again: bool = True  # the same in check mode changes nothing then

    def __str__(self) -> str:
        shown = {key: value for key, value in self.params.items() if key not in ("networks", "volumes", "image")}
        return f"{self.module} {shown}"


def chosen(model: Model, rng: Random, number: int) -> Op:
    """The next one."""
    kinds: list[tuple[int, Callable[[Model, Random, int], Op]]] = [
        (6, _started), (2, _stopped), (1, _restarted), (1, _absent), (2, _network), (1, _other_network), (2, _volume),
        (1, _tag), (2, _project),
    ]  # fmt: skip
    if model.running():
        kinds += [(5, _command), (4, _copied), (2, _fetched)]
    return rng.choices([kind for _weight, kind in kinds], [weight for weight, _kind in kinds])[0](model, rng, number)


def begin() -> list[Op]:
    """What there is from the beginning."""
    return [Op("network", {"name": NET, "labels": {"v": "1"}}, True), Op("volume", {"name": MOUNTED}, True)]


def begun() -> Model:
    return Model(networks={NET: "1"}, volumes={MOUNTED})


def wanted(model: Model) -> list[Op]:
    """Tasks that bring about, of containers, what must be there anyway."""
    running = [(name, app.value) for name, app in model.apps.items() if app.running]
    apps = [Op("container", _container(name, value, state="started"), True) for name, value in running]
    return [*apps, _of_project({name: app.value for name, app in model.parts.items()})] if model.parts else apps


def _of_project(values: Mapping[str, str], changes: bool = True, after: Callable[[], object] = lambda: None) -> Op:
    given = [_container(name, value, networks=[{"name": PROJECT_NET}]) for name, value in values.items()]
    params = {"name": f"{PREFIX}project", "containers": given, "networks": [{"name": PROJECT_NET}], "purge": True}
    return Op("containers", params, changes, after)


def _container(name: str, value: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "image": IMAGE, "command": ["sleep", "86400"], "env": {"V": value}, "stop_timeout": 0,
        "restart_policy": "unless-stopped", **APPS.get(name, {}), **more,
    }  # fmt: skip


def _started(model: Model, rng: Random, _number: int) -> Op:
    name, value = rng.choice(list(APPS)), rng.choice(VALUES)
    had = model.apps.get(name)

    def after() -> None:
        if had and had.value == value:
            had.running = True
        else:
            model.apps[name] = App(value)

    changes = had is None or had.value != value or not had.running
    return Op("container", _container(name, value, state="started"), changes, after)


def _stopped(model: Model, rng: Random, number: int) -> Op:
    if not model.apps:
        return _started(model, rng, number)
    name = rng.choice(sorted(model.apps))
    app = model.apps[name]
    return Op("container", {"name": name, "state": "stopped", "stop_timeout": 0}, app.running,
              lambda: setattr(app, "running", False))  # fmt: skip


def _restarted(model: Model, rng: Random, number: int) -> Op:
    if not model.running():
        return _started(model, rng, number)
    name = rng.choice(model.running())
    params = _container(name, model.apps[name].value, state="started", restart=True)
    return Op("container", params, True, again=False)


def _absent(model: Model, rng: Random, _number: int) -> Op:
    name = rng.choice(list(APPS))
    return Op("container", {"name": name, "state": "absent"}, name in model.apps, lambda: model.apps.pop(name, None))


def _network(model: Model, rng: Random, _number: int) -> Op:
    """Remade with all containers in it, where the label differs."""
    value = rng.choice(VALUES)
    return Op("network", {"name": NET, "labels": {"v": value}}, model.networks[NET] != value,
              lambda: model.networks.update({NET: value}))  # fmt: skip


def _other_network(model: Model, rng: Random, _number: int) -> Op:
    value = rng.choice((*VALUES, ""))
    there = model.networks.get(OTHER_NET, "")
    if not value:
        return Op("network", {"name": OTHER_NET, "state": "absent"}, bool(there),
                  lambda: model.networks.pop(OTHER_NET, None))  # fmt: skip
    return Op("network", {"name": OTHER_NET, "labels": {"v": value}}, there != value,
              lambda: model.networks.update({OTHER_NET: value}))  # fmt: skip


def _volume(model: Model, rng: Random, _number: int) -> Op:
    name, state = rng.choice(VOLUMES), rng.choice(("present", "absent"))
    after = model.volumes.add if state == "present" else model.volumes.discard
    return Op("volume", {"name": name, "state": state}, (name in model.volumes) is (state == "absent"),
              lambda: after(name))  # fmt: skip


def _tag(model: Model, rng: Random, _number: int) -> Op:
    name = rng.choice(TAGS)
    if name in model.tags:
        return Op("image", {"name": name, "state": "absent"}, True, lambda: model.tags.discard(name))
    params = {"name": IMAGE, "source": "local", "repository": name}
    return Op("image", params, True, lambda: model.tags.add(name))


def _project(model: Model, rng: Random, _number: int) -> Op:
    """Some of the project's containers, and none of the others."""
    value, parts = rng.choice(VALUES), PARTS[: rng.choice((0, 1, 2, 2))]
    changes = {name: app.value for name, app in model.parts.items()} != dict.fromkeys(parts, value)

    def after() -> None:
        model.parts = {name: App(value) for name in parts}
        model.networks[PROJECT_NET] = ""

    return _of_project(dict.fromkeys(parts, value), changes or PROJECT_NET not in model.networks, after)


def _command(model: Model, rng: Random, number: int) -> Op:
    """Something is written by a command: once, where the task says so."""
    name = rng.choice(model.running())
    token, app = f"t{number}", model.apps[name]
    params = {"container": name, "argv": ["sh", "-c", f"echo {token} >> {SAID}; echo {token}"], "timeout": 60}

    def wrong(result: Mapping[str, Any]) -> str:
        return "" if (result["rc"], result["stdout"].strip()) == (0, token) else f"the command said {result}"

    return Op("container_exec", params, True, lambda: app.said.append(token), lambda: app.maybe.append(token), wrong,
              again=False)  # fmt: skip


def _copied(model: Model, rng: Random, number: int) -> Op:
    name, path = rng.choice(model.running()), rng.choice(("/f1", "/f2"))
    app = model.apps[name]
    text = rng.choice((app.files.get(path, "begin"), f"{number} " * rng.choice((1, 5000))))
    params = {"container": name, "content": text, "container_path": path, "mode": "0644"}
    return Op("container_copy", params, app.files.get(path) != text, lambda: app.files.update({path: text}))


def _fetched(model: Model, rng: Random, number: int) -> Op:
    """A file of the container is copied to the controller; ``path`` is for who does it to complete."""
    name = rng.choice(model.running())
    app = model.apps[name]
    if not app.files:
        return _copied(model, rng, number)
    path = rng.choice(sorted(app.files))
    text = app.files[path]
    params = {"container": name, "direction": "out_of", "container_path": path, "path": f"fetched{number}"}
    return Op("container_copy", params, True, wrong=lambda result: _differs(result, text))


def _differs(result: Mapping[str, Any], text: str) -> str:
    return "" if Path(result["path"]).read_text() == text else f"another content was fetched: {result}"
