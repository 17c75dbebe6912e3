# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of services: ``environment`` over ``env_file``, and labels over ``label_file``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .layers.stack import unset
from .model.resources import Project
from .problems import Model, Path, Problems
from .reading import env_file
from .reading.files import NotReadable, exists, text_of
from .reading.template import Lookup

RAW = "raw"


def resolved(project: Project, variables: Mapping[str, str], problems: Problems) -> None:
    """Read the files of all services that are on, and take them from the list of those not read."""
    for name, service in project.services.items():
        files = project.files.get(name, {})
        _environment(("services", name), service, files.pop("env_file", []), variables, problems)
        _labels(("services", name), service, files.pop("label_file", []), problems)


def _environment(
    path: Path, service: Model, files: list[Any], variables: Mapping[str, str], problems: Problems
) -> None:
    own: dict[str, str | None] = {
        key: variables.get(key) if value is None else value for key, value in (service.get("environment") or {}).items()
    }
    found = {key: value for key, value in own.items() if value is not None}

    def outer(name: str) -> str | None:
        return variables.get(name, own.get(name))

    for index, file in enumerate(files):
        _read(file, (*path, "env_file", index), found, outer, problems)
    if merged := {**found, **own}:
        service["environment"] = merged


def _labels(path: Path, service: Model, files: list[Any], problems: Problems) -> None:
    labels: dict[str, str] = {}
    for index, file in enumerate(files):
        own: dict[str, str] = {}
        _read({"path": file, "required": True}, (*path, "label_file", index), own, labels.get, problems)
        labels |= own
    if merged := {**labels, **(service.get("labels") or {})}:
        service["labels"] = merged


def _read(file: Model, at: Path, into: dict[str, str], outer: Lookup, problems: Problems) -> None:
    where, kind = str(file.get("path")), file.get("format")
    if file.get("required") in (False, "false") and not exists(where):
        return
    if kind not in (None, "", RAW):
        problems.add(at, f"has the format {kind!r}.", f"Leave format out, or write {RAW}.")
        return
    try:
        text = text_of(where)
        if kind == RAW:
            env_file.read_raw(text, into, outer)
        else:
            env_file.read(text, into, outer, lambda name: problems.warn(unset(where, name)))
    except NotReadable as error:
        problems.add(at, f"names {where}, which {error}", "Correct the path, or write required: false.")
    except env_file.BadLine as error:
        problems.at_line(where, error.line, error.problem, error.remedy)
