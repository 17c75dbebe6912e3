# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A typical error of each class, for the page: the collection's own code makes it of what ssh, probe or engine said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from common import CHECKOUT

sys.path.insert(0, str(CHECKOUT / ".dev"))

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import BadAnswer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import (
    RUN_AGAIN,
    may_be_done,
    refused,
    translated,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import identify
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import (
    EngineError,
    FleetError,
    InvalidOption,
    TooLate,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.asking import Asking
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside.refusal import not_started
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan, Resource
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.policy import READ_ONLY, Policy
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.audit import writer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.policy import PolicyHook
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.target import ssh_target
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.host_command import sessions_error
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.probe import SocketState
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.socket_diagnosis import socket_error
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become, sudo_error
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.diagnosis import Outcome, connection_error
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master.runtime_dir import unwritable

HOST = "192.0.2.10"
TARGET = SshTarget(HOST, user="root", name="web1", private_key_file="/home/me/.ssh/id_web")
PLAIN = SshTarget(HOST, user="me", name="web1")
PODMAN = "/run/podman/podman.sock"
THERE = {"exists": True, "is_socket": True, "accessible": True, "listening": True, "unit": "podman", "user": "root"}


def caught(action: Callable[[], Any]) -> FleetError:
    """The error that an action ends with."""
    try:
        action()
    except FleetError as error:
        return error
    raise AssertionError("no error came")


def _ssh(stderr: str, tries: int = 1, target: SshTarget = PLAIN) -> FleetError:
    error: FleetError = connection_error(target, Outcome(255, stderr, tries))
    return error


def _socket(through: bool = False, target: SshTarget = PLAIN, **fields: Any) -> FleetError:
    state = SocketState(PODMAN, **{**THERE, **fields})
    error: FleetError = socket_error(target, state, lets_through=through)
    return error


def _no_answer(problem: Exception) -> FleetError:
    def request() -> None:
        with translated("list containers", 60):
            raise problem

    return caught(request)


def _answer_lost() -> FleetError:
    error = EngineError("No answer to create volume data: Remote end closed connection.", kind="no_answer")
    may_be_done(error, "create volume data", RUN_AGAIN)
    return error


def _engine(message: str, status: int = 404) -> FleetError:
    error: FleetError = refused(message, status)
    return error


EXAMPLES: dict[str, Callable[[], FleetError]] = {
    "invalid_option": lambda: InvalidOption("engine_timeout", 0, "it must be 1 or more.", "Use a number of seconds."),
    "hosts_file": lambda: caught(lambda: parse_hosts(b'{"version": 1, "hosts": {"web1": {"port": 0}}}', "hosts.json")),
    "compose_file": lambda: caught(
        lambda: resolve(Wanted(content="services:\n  web:\n    enviroment: {}\n", folder="/srv/shop"))
    ),
    "connection": lambda: caught(lambda: ssh_target(SimpleNamespace(transport="local"), "web1")),
    "controller": lambda: EngineError(
        "The Python package 'docker' cannot be imported on the controller: No module named 'docker'.",
        hint="Install it into Ansible's own Python environment: pip install docker",
        kind="controller",
    ),
    "runtime_dir": lambda: unwritable("/run/user/1000/sshfleet", OSError(28, "No space left on device")),
    "policy": lambda: caught(
        lambda: PolicyHook(Policy(READ_ONLY), "web1", "remote_container", None).planned(
            Plan((Resource("container", "app").step("create", "there is no such container"),))
        )
    ),
    "audit": lambda: caught(lambda: writer("/nowhere/sshfleet/audit.jsonl")("{}")),
    "ssh_client": lambda: _ssh("command-line: line 0: Bad configuration option: nosuchoption"),
    "unreachable": lambda: _ssh(f"ssh: connect to host {HOST} port 22: Connection refused", 3),
    "name": lambda: _ssh(
        "ssh: Could not resolve hostname web1.example.org: Name or service not known",
        target=SshTarget("web1.example.org", user="me", name="web1"),
    ),
    "host_key": lambda: _ssh(
        "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nOffending ED25519 key in /home/me/.ssh/known_hosts:3\n"
        f"Host key for {HOST} has changed and you have requested strict checking.\nHost key verification failed."
    ),
    "authentication": lambda: _ssh(
        f"no such identity: {TARGET.private_key_file}: No such file or directory\n"
        f"root@{HOST}: Permission denied (publickey).",
        target=TARGET,
    ),
    "jump_prohibited": lambda: _ssh("channel 0: open failed: administratively prohibited: open failed"),
    "too_late": lambda: TooLate(30),
    "penalised": lambda: _ssh(
        "debug1: kex_exchange_identification: banner line 0: Not allowed at this time\n"
        "kex_exchange_identification: Connection closed by remote host",
        12,
    ),
    "sessions": lambda: sessions_error(PLAIN, "Session open refused by peer", 10),
    "sudo": lambda: sudo_error(
        PLAIN, Become(), SimpleNamespace(failed=False, asked=0, said="sudo: a password is required")
    ),
    "socket_missing": lambda: _socket(
        exists=False, is_socket=False, socket_enabled="disabled", socket_active="inactive"
    ),
    "no_socket": lambda: _socket(is_socket=False, what="a directory", socket_enabled="enabled", socket_active="active"),
    "socket_denied": lambda: _socket(accessible=False, user="me", owner="root:fleet 660"),
    "engine_down": lambda: _socket(
        listening=False, socket_enabled="enabled", socket_active="failed", service_enabled="masked"
    ),
    "forwarding_prohibited": lambda: _socket(sshd=(("allowtcpforwarding", "no"),)),
    "socket_unknown": lambda: _socket(problem="This account is currently not available."),
    "no_answer": lambda: _no_answer(ConnectionResetError(104, "Connection reset by peer")),
    "answer_lost": _answer_lost,
    "bad_answer": lambda: _no_answer(BadAnswer("State is not an object, but a text: 'running'")),
    "timeout": lambda: _no_answer(TimeoutError("timed out")),
    "unknown_engine": lambda: caught(lambda: identify({"ApiVersion": "1.41", "Components": [{"Name": "Other"}]})),
    "engine_mismatch": lambda: EngineError(
        f"web1: {PODMAN} is served by podman 5.4.2, but engine=docker was asked for.",
        hint="Set engine to podman or auto, or name the other engine's socket in engine_socket.",
        kind="engine_mismatch",
    ),
    "unsupported": lambda: _engine("Not Found"),
    "container_missing": lambda: _engine("No such container: app"),
    "container_stopped": lambda: EngineError(
        "The container app does not run: it ended with exit code 1.",
        hint="Start it: state=started of remote_container.",
        kind="container_stopped",
    ),
    "no_shell": lambda: not_started(
        "app",
        ["/bin/sh"],
        'OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/sh": '
        "stat /bin/sh: no such file or directory: unknown",
    ),
    "container_answer": lambda: Asking(None, "4f1c", "app", None, 60, 600).refused(
        "/srv/www", "names what is not in it: '/srv/www/../victim'"
    ),
    "image_missing": lambda: _engine("No such image: localhost/app:2"),
    "registry_denied": lambda: _engine("unauthorized: authentication required", 500),
    "network_missing": lambda: _engine("network back not found"),
    "volume_missing": lambda: _engine("get data: no such volume"),
    "pod_missing": lambda: _engine("no pod with name or ID shop found: no such pod"),
    "secret_missing": lambda: _engine('no secret with name or id "db": no such secret', 500),
    "name_in_use": lambda: _engine(
        'Conflict. The container name "/app" is already in use by container "4f1c". You have to remove (or rename) '
        "that container to be able to reuse that name.",
        409,
    ),
    "busy": lambda: EngineError(
        "The container app is being changed by ops@control1, process 4711, still after 900 seconds. Nothing was "
        "changed here.",
        hint="Run the task again when the other run has ended.",
        kind="busy",
    ),
    "port_in_use": lambda: _engine(
        "driver failed programming external connectivity on endpoint app: Bind for 0.0.0.0:80 failed: port is already "
        "allocated",
        500,
    ),
    "dependents": lambda: _engine(
        "container 4f1c has dependent containers which must be removed before it: 90ab: container already exists", 500
    ),
    "in_pod": lambda: EngineError(
        "The container app can't be recreated: it is in the pod web, and the new one would be in none. Nothing was "
        "changed.",
        hint="Give pod: web in its task, or remove it first where it shall not be in the pod any more.",
        kind="in_pod",
    ),
    "no_quadlets": lambda: EngineError(
        "bookworm1: Podman 4.3.1 has no quadlets.",
        hint="They came with Podman 4.4. Use a newer one, or remote_container.",
        kind="no_quadlets",
    ),
    "unit_failed": lambda: EngineError(
        "The unit web.service did not start: Job for web.service failed because the control process exited with error "
        "code. The end of its log:\nError: docker.io/shop/web:1: image not known",
        hint="Look there: systemctl status web.service; journalctl -xeu web.service",
        kind="unit_failed",
    ),
    "no_auto_update": lambda: EngineError(
        "web1: The engine of /run/podman/podman.sock is root's, and commands there run as user ID 1000.",
        hint="Become root (become: true), or name the socket of the user's own engine in engine_socket.",
        kind="no_auto_update",
    ),
    "update_failed": lambda: EngineError(
        "Not every container is up to date: web (unit web.service) was put back to its old image: the log of "
        "web.service since then:\nError: crun: executable file `/app` not found in $PATH: No such file or directory.",
        hint="Mend what is named, and run the task again; the others were updated.",
        kind="update_failed",
    ),
    "disk_full": lambda: _engine("mkdir /var/lib/docker/overlay2/4f1c: no space left on device", 500),
    "container_ended": lambda: EngineError(
        "The container app could not be recreated; the old one is back: the new one ended at once, with exit code 1.",
        kind="container_ended",
    ),
    "not_in_time": lambda: EngineError(
        "The container app did not come to what is waited for: after 60 seconds, this is missing: port 8080 on the "
        "container.",
        kind="not_in_time",
    ),
    "engine_error": lambda: _engine("crun: executable file `/app` not found in $PATH: No such file or directory", 500),
}
