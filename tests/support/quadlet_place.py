# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Podman with quadlets, for tests of remote_quadlet: the module's own code in a session, without Ansible."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import reboots
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from engine_cases import MAKE_IMAGE, NEWEST_HOST
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.validation import Validator
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import FleetError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import owners_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session, open_session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

PLACES = (("trixie1", "podman"), (NEWEST_HOST, "podman"))
FOLDER = "/etc/containers/systemd"
PREFIX = "quad-"  # of everything that these tests make
# Also after a test that failed. What others have in the directory stays.
CLEAR = f"""
cd {FOLDER} 2>/dev/null && for one in {PREFIX}*; do
  case $one in
    *.container|*.kube) unit=${{one%.*}} ;;
    *.d|*.yaml|'{PREFIX}*') continue ;;
    *) unit=${{one%.*}}-${{one##*.}} ;;
  esac
  systemctl stop "$unit.service"; systemctl reset-failed "$unit.service"
done
rm -rf {FOLDER}/{PREFIX}*
systemctl daemon-reload
podman pod ls -q --filter name={PREFIX} | xargs -r podman pod rm -f -t 0
podman ps -aq --filter name={PREFIX} | xargs -r podman rm -f -t 0
podman volume ls -q --filter name={PREFIX} | xargs -r podman volume rm -f
podman network ls -q --filter name={PREFIX} | xargs -r podman network rm -f
podman rmi -f localhost/{PREFIX}built:1
true
"""


def quiet(_message: str) -> None:
    """Say nothing."""


class Place:
    """One Podman and its quadlets."""

    def __init__(self, lab: Lab, host: str, way: Callable[[], Session]) -> None:
        self.lab, self.host, self._way = lab, host, way
        self.session = way()

    def close(self) -> None:
        self.session.close()

    def reboot(self) -> None:
        """Let the host boot again."""
        self.session.close()
        self.session.transport.close()
        reboots.reboot(self.lab, [self.host])
        self.session = self._way()

    def run(self, module: str = "quadlet", check: bool = False, **params: Any) -> dict[str, Any]:
        """What a module gives with these options, a failure's result where it fails."""
        masker = Masker()
        try:
            return self._run(catalogue.module(f"remote_{module}"), masker, check, params)
        except FleetError as error:
            return failure(error, masker)

    def _run(self, entry: Any, masker: Masker, check: bool, params: dict[str, Any]) -> dict[str, Any]:
        validation = ArgumentSpecValidator(entry.options, **entry.spec_rules).validate(params)
        assert not validation.error_messages, validation.error_messages
        masker.learn_from(validation.validated_parameters)
        task: Any = SimpleNamespace(
            check_mode=check,
            masker=masker,
            settings=self.session.settings,
            telling=Telling(check=check),
            identity="one task",
            log=quiet,
            warn=quiet,
            setting=lambda name, params: params.get(name),
            validated=lambda module, given: Validator(
                module.argument_spec, module.spec_rules, "a part", lambda secrets: None
            ).validated(given),
            runner=lambda session, client=None: Runner(
                client or session.client, quiet, owners=owners_of(session, quiet, quiet)
            ),
        )
        return entry.perform(task, self.session, entry.prepare(task, validation.validated_parameters))

    def both(self, **params: Any) -> dict[str, Any]:
        """Check mode, then the run, which has to do what that said; then a second run, which changes nothing."""
        said, done, again = self.run(check=True, **params), self.run(**params), self.run(**params)
        assert not done.get("failed"), done
        for key in ("changed", "actions", "diff"):
            assert said[key] == done[key], (key, said, done)
        assert not again["changed"] and again["diff"] == {"before": "", "after": ""}, again
        return done

    def shell(self, script: str) -> str:
        """The output of a script on the host, over the connection that is there."""
        done = self.session.run_on_host(["/bin/sh", "-s"], script, 60.0)
        assert done.returncode == 0, (script, done)
        return done.stdout

    def inspect(self, name: str) -> dict[str, Any]:
        found = self.session.client.containers.inspect(name)
        assert found is not None, f"there is no container {name}"
        return dict(found)


def place_session(lab: Lab, host: str, *, user: str = "root", **settings: Any) -> Session:
    os.environ["XDG_RUNTIME_DIR"] = str(lab.runtime)
    known = ("-F", "none", "-o", f"UserKnownHostsFile={lab.known_hosts}")
    target = SshTarget(lab.hosts[host]["hostname"], user=user, private_key_file=lab.key, extra_args=known)
    return open_session(target, ConnectionSettings(**settings, engine_timeout=60))


@contextmanager
def quadlet_place(lab: Lab, host: str, engine: str) -> Iterator[Place]:
    """A host without anything of these tests, before and after."""
    place = Place(lab, host, lambda: place_session(lab, host, engine=engine))
    try:
        place.shell(CLEAR)
        place.shell(MAKE_IMAGE)
        yield place
    finally:
        place.shell(CLEAR)
        place.close()
