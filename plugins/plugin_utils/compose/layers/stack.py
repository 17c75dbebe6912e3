# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All layers of a project, put together: its files one over the other, with what they extend and include."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import field

from ...dataclass import dataclass
from ..model.canonical import Canonical
from ..model.normal import with_defaults, with_environment
from ..model.paths import Paths
from ..problems import Model, Path, Problems
from ..reading import env_file
from ..reading.documents import Document, documents
from ..reading.files import NotReadable, text_of
from ..reading.variables import Interpolation
from . import refusals, schema, written
from .extends import Extends, Services
from .include import Include, Included
from .merging import Merging, reset
from .unicity import without_repeats

MOST_INCLUDED = 100  # files


@dataclass(frozen=True)
class File:
    """A compose file: its path, and its text where that is given."""

    path: str
    text: str | None = None


@dataclass
class Stack:
    """Puts layers together; what is wrong is noted in ``problems``, and in ``relative`` which paths of an engine's host
    were written relative: docker compose takes them for its own machine's.
    """

    problems: Problems
    relative: set[str] = field(default_factory=set)
    _bases: dict[tuple[str, Interpolation], Services] = field(default_factory=dict)
    _parsed: dict[File, list[Document]] = field(default_factory=dict)
    _loaded: int = 0

    def parsed(self, file: File) -> list[Document]:
        """The documents of a file as they stand there; it is read once.

        :raises NotReadable: it can't be used.
        """
        if file not in self._parsed:
            text = text_of(file.path) if file.text is None else file.text
            self._parsed[file] = documents(text.removeprefix("\ufeff"), file.path, self.problems)
        return self._parsed[file]

    def model(
        self, files: Sequence[File], folder: str, variables: Mapping[str, str], within: tuple[str, ...] = ()
    ) -> Model:
        """The model of files one over the other, in its long form, with absolute paths.

        :param folder: the project's, which relative paths are relative to.
        :param within: the files that include these.
        :raises ComposeFileError: all that was found.
        """
        self._loaded += len(files)
        interpolation = Interpolation(variables, self.problems)
        read = [(file, self._documents(file, interpolation)) for file in files]
        self.problems.stop_if_any()
        model: Model = {}
        for file, found in read:
            for document in found:
                model = self._laid(document, model, file.path, folder, interpolation, within)
        model = with_defaults(model)
        written.check(model, self.problems)
        self.problems.stop_if_any()
        return with_environment(Paths(folder, self.relative).model(model), variables)

    def _documents(self, file: File, interpolation: Interpolation, at: Path = ()) -> list[Document]:
        """The documents of a file, with their variables put in."""
        try:
            parsed = self.parsed(file)
        except NotReadable as error:
            if at:
                self.problems.add(at, f"names {file.path}, which {error}", "Correct the path.")
            else:
                self.problems.at_line(file.path, 0, str(error), "Correct the path.")
            return []
        found = []
        for document in parsed:
            if not isinstance(document.content, dict):
                self.problems.at_line(
                    file.path, 1, "is no mapping at its top.", "A compose file begins with services:."
                )
                continue
            content = interpolation.model(document.content, document.source)
            refusals.check(content, document.source, self.problems)
            found.append(Document(content, document.source, document.resets))
        return found

    def _laid(
        self,
        document: Document,
        base: Model,
        file: str,
        folder: str,
        interpolation: Interpolation,
        within: tuple[str, ...],
    ) -> Model:
        """One document over what earlier ones say."""
        self.problems.sources.append(document.source)
        own = document.content
        extends = Extends(folder, lambda path, at: self._base(path, at, interpolation), self.problems)
        extends.apply(own, document)
        self.problems.stop_if_any()
        reset(base, document.resets)

        def load(included: Included) -> Model:
            return self._included(included, interpolation.variables, (*within, file))

        Include(folder, load, self.problems, (*within, file), document.source).apply(own)
        model = without_repeats(Merging(self.problems, document.source).merged(base, own))
        self.problems.stop_if_any()
        schema.check(model, self.problems)
        self.problems.stop_if_any()
        if "version" in model:
            self.problems.warn(f"{file}: version is obsolete and ignored; remove it.")
            del model["version"]
        model = without_repeats(Canonical(self.problems).model(model))
        self.problems.stop_if_any()
        return model

    def _base(self, path: str, at: Path, interpolation: Interpolation) -> Services | None:
        """The services of a file that is extended: in their long form, with the paths of their own folder."""
        if (path, interpolation) not in self._bases:
            found = self._documents(File(path), interpolation, at)
            if not found:
                return None
            model: Model = {}
            for document in found:
                self.problems.sources.append(document.source)
                reset(model, document.resets)
                model = without_repeats(Merging(self.problems, document.source).merged(model, document.content))
            model = without_repeats(Canonical(self.problems).model(model))
            services = Paths(posixpath.dirname(path), self.relative).model(model).get("services")
            self._bases[path, interpolation] = Services(
                path, services if isinstance(services, dict) else {}, found[-1].resets
            )
        return self._bases[path, interpolation]

    def _included(self, included: Included, variables: Mapping[str, str], within: tuple[str, ...]) -> Model:
        if self._loaded > MOST_INCLUDED:
            self.problems.add(("include",), f"leads to more than {MOST_INCLUDED} files.", "Include fewer.")
            self.problems.stop_if_any()
        own: dict[str, str] = {}
        for path in included.env_files:
            read_variables(path, own, variables, self.problems)
        self.problems.stop_if_any()
        return self.model([File(path) for path in included.files], included.folder, {**own, **variables}, within)


def read_variables(path: str, into: dict[str, str], outer: Mapping[str, str], problems: Problems) -> None:
    """Put the variables of a file for interpolation into a dict."""
    try:
        env_file.read(text_of(path), into, outer.get, lambda name: problems.warn(unset(path, name)))
    except NotReadable as error:
        problems.at_line(path, 0, f"{error}", "Correct env_file, or make the file.")
    except env_file.BadLine as error:
        problems.at_line(path, error.line, error.problem, error.remedy)


def unset(path: str, name: str) -> str:
    """The warning about a variable of a file that is not set."""
    return f"{path}: the variable {name} is not set, and an empty text stands for it."
