# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is really on an engine, as its own command line tells it over a plain ssh, and whether that is what must be."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from typing import Any

from lab_hosts import Lab

from .model import PREFIX, SAID, App, Model

READ = r"""
import json, subprocess, sys
engine, prefix, said = sys.argv[1:]
def run(*words):
    return subprocess.run([engine, *words], capture_output=True, text=True).stdout
def lines(*words):
    return run(*words).splitlines()
names = [name for name in lines("ps", "-a", "--format", "{{.Names}}") if prefix in name]
containers, files = {}, {}
for one in json.loads(run("inspect", "--type", "container", *names) or "[]") if names else []:
    name = one["Name"].lstrip("/")
    value = [entry[2:] for entry in one["Config"]["Env"] if entry.startswith("V=")]
    containers[name] = [one["State"]["Running"], *value]
    if one["State"]["Running"]:
        script = f"cat {said}; echo =; cat /f1; echo =; cat /f2; echo =; find / -xdev -name '.*.sshfleet-*'"
        files[name] = run("exec", name, "sh", "-c", script).split("=\n")
networks = {}
for name in lines("network", "ls", "--format", "{{.Name}}"):
    if name.startswith(prefix):
        found = json.loads(run("network", "inspect", name) or "[{}]")[0]
        networks[name] = (found.get("Labels") or found.get("labels") or {}).get("v", "")
volumes = [name for name in lines("volume", "ls", "-q") if name.startswith((prefix, "sshfleet-"))]
tags = [tag for tag in lines("images", "--format", "{{.Repository}}:{{.Tag}}") if "/" + prefix in tag]
print(json.dumps([containers, files, networks, sorted(volumes), sorted(tags)]))
"""
CLEAR = r"""
for name in $({engine} ps -a --format '{{{{.Names}}}}' | grep {prefix}); do {engine} rm -f -v $name; done
for name in $({engine} network ls --format '{{{{.Name}}}}' | grep ^{prefix}); do {engine} network rm $name; done
for name in $({engine} volume ls -q | grep -e ^{prefix} -e ^sshfleet-); do {engine} volume rm $name; done
for name in $({engine} images --format '{{{{.Repository}}}}:{{{{.Tag}}}}' | grep /{prefix}); do {engine} rmi $name; done
true
"""
PATIENCE, SHORT = 60.0, 20.0  # seconds within which an engine has its containers running again
MARK = "sshfleet-mark-"


def clear(lab: Lab, host: str, engine: str) -> None:
    """Remove all that a soak makes."""
    _over_ssh(lab, host, ("sh", "-s"), CLEAR.format(engine=engine, prefix=PREFIX))


def differences(
    lab: Lab, host: str, engine: str, model: Model, patience: float = PATIENCE, at_end: bool = False
) -> list[str]:
    """What is otherwise than in the model, looked at again until there is nothing, or for so many seconds.

    :param at_end: whether nobody works there any more; else there may be marks of those who do.
    """
    end = time.monotonic() + patience
    while True:
        text = _over_ssh(lab, host, ("python3", "-", engine, PREFIX, SAID), READ)
        containers, files, networks, volumes, tags = json.loads(text)
        volumes = [name for name in volumes if at_end or not name.startswith(MARK)]
        found = list(_compared(model, containers, files, networks, volumes, tags))
        if not found or time.monotonic() > end:
            return found
        time.sleep(1)


def _over_ssh(lab: Lab, host: str, argv: tuple[str, ...], script: str) -> str:
    """What a script says, which is tried again: the faults of a soak are in its way, too."""
    for _try in range(20):
        try:
            return lab.ssh(host, *argv, input=script)
        except subprocess.SubprocessError:
            time.sleep(1)
    return lab.ssh(host, *argv, input=script)


def _compared(
    model: Model,
    containers: Mapping[str, Any],
    files: Mapping[str, list[str]],
    networks: Mapping[str, str],
    volumes: list[str],
    tags: list[str],
) -> Iterator[str]:
    apps = {**model.apps, **model.parts}
    wanted = {name: [app.running, app.value] for name, app in apps.items()}
    for what, must, have in (
        ("containers", wanted, containers),
        ("networks", model.networks, networks),
        ("volumes", sorted(model.volumes), volumes),
        ("tags", sorted(model.tags), tags),
    ):
        if must != have:
            yield f"{what}: {have} in place of {must}"
    for name, app in model.apps.items():
        if app.running and name in files:
            yield from _in_container(name, app, files[name])


def _in_container(name: str, app: App, found: list[str]) -> Iterator[str]:
    if len(found) != 4:
        yield f"{name} could not be read: {found}"
        return
    said, *texts, left = found
    for path, text in zip(("/f1", "/f2"), texts, strict=True):
        if text != app.files.get(path, ""):
            yield f"{name}: {path} has {text[:50]!r} in place of {app.files.get(path, '')[:50]!r}"
    tokens = said.split()
    for token in app.said:
        if tokens.count(token) != 1:
            yield f"{name}: the command that writes {token} ran {tokens.count(token)} times"
    unknown = [token for token in tokens if token not in app.said and token not in app.maybe]
    twice = [token for token in app.maybe if tokens.count(token) > 1]
    if unknown or twice:
        yield f"{name}: nobody has asked for {unknown}, or {twice} twice"
    # A run that is over leaves them to the next; this one lives, though its tasks fail.
    if others := [path for path in left.split() if f"-{os.getpid():x}-" not in path]:
        yield f"{name}: {others} are left"
