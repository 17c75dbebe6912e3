# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``extends``: a service is laid over another one, of its own file or of another. Resolved file by file."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from ...dataclass import dataclass
from ..model.paths import is_remote, joined
from ..problems import Model, Path, Problems, Source
from ..reading.documents import Document
from ..tables import cloned
from .merging import Merging, reset

Chain = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Services:
    """The services of a file, and what it resets."""

    file: str
    services: Model
    resets: tuple[Path, ...] = ()
    source: Source | None = None


@dataclass
class Extends:
    """Resolves ``extends``.

    :param folder: what relative paths of ``extends.file`` are relative to.
    :param read: reads the services of another file; None where that can't be read, which is noted then.
    """

    folder: str
    read: Callable[[str, Path], Services | None]
    problems: Problems

    def apply(self, model: Model, document: Document) -> None:
        """Replace all services of a document's model by what they are with what they extend."""
        services = model.get("services")
        if not isinstance(services, dict):
            return
        own = Services(document.source.file, services, document.resets, document.source)
        for name in list(services):
            services[name] = self._service(name, own, ())

    def _service(self, name: str, own: Services, chain: Chain) -> Any:
        service = own.services.get(name)
        if not isinstance(service, dict) or "extends" not in service:
            return service
        path: Path = ("services", name, "extends")
        base = self._base(service["extends"], own, path)
        if base is None:
            return {key: value for key, value in service.items() if key != "extends"}
        there, wanted = base
        chain = chain or ((own.file, name),)
        if (there.file, wanted) in chain:
            way = " → ".join(f"{one} ({posixpath.basename(file)})" for file, one in (*chain, (there.file, wanted)))
            self.problems.add(path, f"goes round in a circle: {way}.", "Take one extends out.")
            return {key: value for key, value in service.items() if key != "extends"}
        source = self._service(wanted, there, (*chain, (there.file, wanted)))
        if not isinstance(source, dict):
            return service
        source = cloned(source)
        reset({"services": {name: source}}, own.resets)
        merged = Merging(self.problems, own.source).merged(source, service, ("services", name))
        merged.pop("extends", None)
        own.services[name] = merged
        return merged

    def _base(self, extends: Any, own: Services, path: Path) -> tuple[Services, str] | None:
        wanted = extends.get("service") if isinstance(extends, dict) else extends
        file = extends.get("file") if isinstance(extends, dict) else None
        if not isinstance(wanted, str) or not isinstance(file, (str, type(None))):
            self.problems.add(path, "names no service.", "Write service: NAME, and file: PATH where it is elsewhere.")
            return None
        there: Services | None = own
        if file is not None and is_remote(file):
            self.problems.add(path, "is no file of the controller.", "Fetch it, and name the file.", file)
            return None
        if file is not None:
            there = self.read(joined(self.folder, file), path)
        if there is not None and wanted not in there.services:
            where = f"in {there.file}" if file is not None else "in this file"
            remedy = "A base in another file is named with file."
            self.problems.add(path, f"wants the service {wanted!r}, which is not {where}.", remedy)
            return None
        return None if there is None else (there, wanted)
