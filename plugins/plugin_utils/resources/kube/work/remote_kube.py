# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_kube: plays a Kubernetes YAML of the controller on a Podman host, or takes away what it has made."""

from __future__ import annotations

from typing import Any

from ....errors import InvalidOption
from ....session.session import Session
from ...shared.work import controller_file
from ...shared.work.module import Module, Task
from ..application import secret_values
from ..options import ARGUMENT_SPEC, SPEC_RULES, Options, parse
from ..reading import text_of
from .run import run_kube

_VAULT = b"$ANSIBLE_VAULT;"


def prepare(task: Task, params: dict[str, Any]) -> Options:
    if params["path"] is not None:
        text = _of_file(task, "path", params["path"])
    else:
        text = ("content", text_of(params["content"]))
    config_maps = [_config_map(task, index, one) for index, one in enumerate(params["configmaps"] or ())]
    options = parse(params, text, config_maps)
    task.masker.learn_values(secret_values(options.objects))
    return options


def _config_map(task: Task, index: int, given: Any) -> tuple[str, str]:
    """The YAML itself where it is data, or has a line break; else the path of a file."""
    if not isinstance(given, str) or "\n" in given.strip() or given.lstrip().startswith("{"):
        return f"configmaps[{index}]", text_of(given)
    return _of_file(task, "configmaps", given)


def _of_file(task: Task, option: str, path: str) -> tuple[str, str]:
    found, data = controller_file.read(task, option, path)
    if data.startswith(_VAULT):
        raise InvalidOption(
            option, path, "the file is encrypted with Ansible Vault.",
            "Give content: \"{{ lookup('file', PATH) }}\" instead, which decrypts it.",
        )  # fmt: skip
    return found, controller_file.text_of(option, path, data, "utf-8-sig")


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    return run_kube(task.runner(session), options, check_mode=task.check_mode)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    engines=("podman",),
    elsewhere="Docker plays no Kubernetes YAML: there, remote_containers takes an application.",
)
