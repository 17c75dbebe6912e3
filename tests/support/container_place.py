# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine of one lab host, for tests of remote_container; the fixtures ``engine_with_image`` and ``place``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab

ENGINES = [(host, engine) for host in ("bookworm1", "trixie1") for engine in ("podman", "docker")]
APP = "localhost/lab-app:1"
NAME = "lab-app"

# An image with defaults of every kind, made of the host's own busybox.
MAKE_IMAGE = """
set -e
directory=$(mktemp -d)
mkdir -p $directory/bin $directory/etc $directory/srv $directory/tmp
cp /bin/busybox $directory/bin/busybox
for applet in sh sleep echo cat httpd true; do ln -s busybox $directory/bin/$applet; done
printf 'root:x:0:0:root:/:/bin/sh\\nweb:x:33:33:web:/srv:/bin/sh\\n' > $directory/etc/passwd
printf 'root:x:0:\\nweb:x:33:\\n' > $directory/etc/group
tar -C $directory -c . | ENGINE import --change 'ENV COLOR=blue' --change 'ENV PATH=/bin' \
    --change 'CMD ["sleep","1000"]' --change 'WORKDIR /srv' --change 'USER web' --change 'LABEL vendor=acme' \
    --change 'EXPOSE 8080' --change 'VOLUME /data' - IMAGE
rm -rf $directory
"""

Run = Callable[..., dict[str, Any]]


class Place:
    """One engine of one host: runs of the module there, and the engine's own command line."""

    def __init__(self, lab: Lab, host: str, engine: str) -> None:
        self.lab, self.host, self.engine = lab, host, engine
        self.port = 18300 if engine == "podman" else 18350  # both engines share the host's ports

    def run(self, *options: str, **params: Any) -> dict[str, Any]:
        given = {"engine": self.engine, "name": NAME, "keep_volumes": False, **params}
        return self.lab.module(self.host, "remote_container", given, "--diff", *options)[self.host]

    def play(self, tmp_path: Path, steps: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Many tasks in one playbook run, which is much faster: [{step, check, changed, actions, diff, container}]."""
        common = {"engine": self.engine, "name": NAME, "keep_volumes": False}
        tasks: list[dict[str, Any]] = []
        for index, step in enumerate(steps):
            params = {key: value for key, value in step.items() if key not in ("_check", "_fails")}
            register = f"result_{index}"
            task = {"sshfleet.containers.remote_container": {**common, **params}}
            tasks.append({**task, "register": register, "check_mode": step.get("_check", False), "diff": True,
                          "ignore_errors": step.get("_fails", False)})  # fmt: skip
        output = tmp_path / "results.json"
        names = ", ".join(f"result_{index}" for index in range(len(steps)))
        tasks.append({"ansible.builtin.copy": {"content": "{{ [" + names + "] | to_json }}", "dest": str(output)},
                      "delegate_to": "localhost", "vars": {"ansible_connection": "local"}})  # fmt: skip
        done = self.lab.playbook([{"hosts": self.host, "gather_facts": False, "tasks": tasks}], tmp_path)
        assert output.is_file(), done.stdout + done.stderr
        results: list[dict[str, Any]] = json.loads(output.read_text())
        output.unlink()
        return results

    def cli(self, *argv: str, check: bool = True) -> str:
        return self.lab.ssh(self.host, self.engine, *argv, check=check)

    def names(self) -> list[str]:
        return self.cli("ps", "-a", "--format", "{{.Names}}").split()

    def anonymous_volumes(self) -> set[str]:
        return {name for name in self.cli("volume", "ls", "-q").split() if len(name) == 64}


@pytest.fixture(scope="module", params=ENGINES, ids="-".join)
def engine_with_image(request: pytest.FixtureRequest, session_lab: Lab) -> Iterator[Place]:
    place = Place(session_lab, *request.param)
    session_lab.ssh(place.host, "sh", input=MAKE_IMAGE.replace("ENGINE", place.engine).replace("IMAGE", APP))
    for network in ("lab-front", "lab-back"):
        place.cli("network", "create", network, check=False)  # there already after a run that was killed
    yield place
    for network in ("lab-front", "lab-back"):
        place.cli("network", "rm", network, check=False)
    place.cli("rmi", APP, check=False)


@pytest.fixture
def place(engine_with_image: Place) -> Iterator[Place]:
    remove_containers(engine_with_image)
    yield engine_with_image
    remove_containers(engine_with_image)
    for volume in ("lab-volume", "lab-other"):
        engine_with_image.cli("volume", "rm", volume, check=False)


def remove_containers(place: Place) -> None:
    for name in place.names():
        if name.startswith(NAME):
            place.run(name=name, state="absent", keep_volumes=False)


def actions(result: Mapping[str, Any]) -> list[str]:
    return [action["action"] for action in result["actions"]]


def predicted(check: Mapping[str, Any], done: Mapping[str, Any]) -> None:
    for key in ("failed", "changed", "actions", "diff"):
        assert check.get(key) == done.get(key), key
