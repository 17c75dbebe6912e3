# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options of a task to the resolved model: the stages of this package, one after the other."""

from __future__ import annotations

import contextlib
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from ..dataclass import dataclass
from . import consistency, environment, selection
from .layers.stack import File, Stack, read_variables
from .model.normal import normal
from .model.resources import Project, printed, project
from .problems import Model, Problems
from .reading.files import NotReadable, exists, found_in, is_folder
from .reading.variables import Interpolation

NAME, PROFILES, ENV_FILES = "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES"
INLINE = "content"  # the name of a file whose text is given in the task
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to resolve.

    :param paths: compose files, one over the other, absolute; one that is a directory stands for the files in it.
    :param content: the text of a compose file, instead of files.
    :param folder: the project's directory; '' for that of the first file.
    :param name: the project's name; '' to find one.
    :param profiles: what is on; None for what the variable COMPOSE_PROFILES says.
    :param variables: what has precedence over the files of variables.
    :param env_files: those files; none for ``.env`` of the project's directory.
    :param services: the services to keep, with what they depend on; none for all.
    :param unused: keep networks, volumes, secrets and configs that no service uses.
    :param secret: tells of a key whether its value may be a secret, which no message repeats.
    """

    paths: Sequence[str] = ()
    content: str | None = None
    folder: str = ""
    name: str = ""
    profiles: Sequence[str] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    env_files: Sequence[str] = ()
    services: Sequence[str] = ()
    unused: bool = False
    secret: Callable[[str], bool] = lambda _key: False


@dataclass(frozen=True)
class Resolved:
    """A resolved project.

    :param config: what ``docker compose config --format json`` prints, without its doubled dollars.
    :param variables: what was put in for variables.
    :param relative: the sources of bind mounts that were written relative, as they are in ``config``.
    """

    config: Model
    files: list[str]
    folder: str
    variables: dict[str, str]
    warnings: list[str]
    profiles: list[str]
    disabled: list[str]
    relative: frozenset[str] = frozenset()


def resolve(wanted: Wanted) -> Resolved:
    """
    :raises ComposeFileError: all that is wrong with the files.
    """
    problems = Problems(secret=wanted.secret)
    files = _files(wanted, problems)
    problems.stop_if_any()
    folder = posixpath.abspath(wanted.folder or posixpath.dirname(files[0].path))
    variables = _variables(wanted, folder, problems)
    problems.stop_if_any()
    stack = Stack(problems)
    name = _name(wanted, stack, files, folder, variables)
    variables[NAME] = name
    model = stack.model(files, folder, variables)
    if not model:
        problems.at_line(files[0].path, 0, "is empty.", "Write services: below it.")
    problems.stop_if_any()
    made = project(normal(model, name, variables), folder, problems)
    problems.stop_if_any()
    profiles = _profiles(wanted, variables)
    _selected(made, wanted, profiles, variables, problems)
    known = sorted({one for each in _all(made).values() for one in each.get("profiles") or ()})
    paths = [file.path for file in files if file.text is None]
    off, relative = sorted(made.disabled), frozenset(stack.relative)
    return Resolved(printed(made), paths, folder, variables, problems.warnings, known, off, relative)


def _selected(
    made: Project, wanted: Wanted, profiles: list[str], variables: Mapping[str, str], problems: Problems
) -> None:
    selection.with_profiles(made, profiles, problems)
    consistency.check(made, problems)
    problems.stop_if_any()
    environment.resolved(made, variables, problems)
    selection.selected(made, wanted.services, profiles, problems)
    problems.stop_if_any()
    environment.resolved(made, variables, problems)
    if not wanted.unused:
        selection.without_unused(made)
    problems.stop_if_any()


def _all(made: Project) -> dict[str, Model]:
    return {**made.services, **made.disabled}


def _files(wanted: Wanted, problems: Problems) -> list[File]:
    if wanted.content is not None:
        return [File(INLINE, wanted.content)]
    files: list[File] = []
    for path in wanted.paths:
        found = found_in(path) if is_folder(path) else [path]
        if not found:
            problems.at_line(path, 0, "has no compose file, nor has a directory above it.", "Name the file.")
        files += [File(posixpath.abspath(one)) for one in found]
    if not files and not problems.found:
        problems.at_line("", 0, "path: names no compose file.", "Name one.")
    return files


def _variables(wanted: Wanted, folder: str, problems: Problems) -> dict[str, str]:
    """The task's variables over those of files; a later file wins over an earlier one."""
    given = dict(wanted.variables)
    given.setdefault("PWD", folder)
    named = list(wanted.env_files) or [one for one in given.get(ENV_FILES, "").split(",") if one]
    files = [posixpath.join(folder, one) for one in named]
    if not files and exists(f"{folder}/.env"):
        files = [f"{folder}/.env"]
    own: dict[str, str] = {}
    for path in files:
        read_variables(path, own, given, problems)
    return {**own, **given}


def _name(wanted: Wanted, stack: Stack, files: Sequence[File], folder: str, variables: Mapping[str, str]) -> str:
    """The task's name, else the variable's, the last file's, the directory's."""
    for where, given in (("project_name", wanted.name), (NAME, variables.get(NAME, ""))):
        if given:
            if not _NAME.fullmatch(given):
                remedy = "A name has small letters, digits, - and _, and begins with a letter or digit."
                stack.problems.at_line("", 0, f"{where} has the value {given!r}, which is no project's name.", remedy)
            return given
    written = _written_name(stack, files, variables) or posixpath.basename(folder)
    name = "".join(re.findall("[a-z0-9_-]", written.lower())).lstrip("_-")
    if not name:
        stack.problems.at_line(files[0].path, 0, f"has no name: {written!r} leaves none.", "Give project_name.")
    return name


def _written_name(stack: Stack, files: Sequence[File], variables: Mapping[str, str]) -> str:
    """The last ``name`` of the files. What is wrong with its variables is told later, with those of the whole file."""
    name, source = "", None
    for file in files:
        with contextlib.suppress(NotReadable):  # which is told later, too
            for document in stack.parsed(file):
                found = document.content.get("name") if isinstance(document.content, dict) else None
                if isinstance(found, str) and found:
                    name, source = found, document.source
    return Interpolation(variables, Problems()).text(name, ("name",), source)


def _profiles(wanted: Wanted, variables: Mapping[str, str]) -> list[str]:
    if wanted.profiles:
        return list(wanted.profiles)
    return [one.strip() for one in variables.get(PROFILES, "").split(",")]
