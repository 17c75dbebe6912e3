# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab host under test: what is put on it, asked of it, and taken away again (on_host/ is what runs there)."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from common import StepError
from lab_parts import ssh

FOLDER = "/opt/peer-suite"
TESTS_OWN = ("localhost", "test-registry.ansible.com")  # registries of the tests, which the certificate is for, too


class Host:
    """A host of a lab, with the engine that is tested."""

    def __init__(self, lab: Path, name: str, engine: str) -> None:
        self.lab, self.name, self.engine = lab, name, engine

    def prepare(self, folder: Path, names: list[str]) -> None:
        """Start the registry there, and pull the images.

        :param folder: what ``images.Store`` made.
        :param names: of the images.
        """
        certificate(folder, json.loads((folder / "index.json").read_text())["hosts"])
        (folder / "pull.json").write_text(json.dumps(names))
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for path in (folder, Path(__file__).parent / "on_host"):
                tar.add(path, ".", filter=lambda member: None if "__pycache__" in member.name else member)
        unpack = f"rm -rf {FOLDER} && mkdir -p {FOLDER} && tar -C {FOLDER} -x --no-same-owner"
        self._run(["sh", "-c", unpack], packed.getvalue())
        self.ask("prepare")

    def facts(self) -> dict[str, Any]:
        """Versions of the engine: ``api``, ``version``, ``cli`` (of the command docker), ``buildx``, ``system``; and
        ``limits``, whether the host's kernel limits what containers use.
        """
        found: dict[str, Any] = json.loads(self.ask("facts"))
        return found

    def fresh(self) -> None:
        """As before the first test file."""
        self.ask("registry")
        self.ask("sweep")

    def clean(self) -> None:
        if self._run(["ls", "-d", FOLDER], check=False):
            self.ask("clean")

    def ask(self, command: str) -> str:
        return self._run(["python3", f"{FOLDER}/host.py", command, self.engine])

    def _run(self, argv: list[str], data: bytes = b"", check: bool = True) -> str:
        done = subprocess.run(ssh(self.lab, self.name, argv), input=data, capture_output=True, check=False)
        if check and done.returncode:
            raise StepError(f"On {self.name}, {' '.join(argv)[:60]}: {done.stderr.decode().strip()[-600:]}")
        return done.stdout.decode()


def certificate(folder: Path, names: Iterable[str]) -> None:
    """A key and a certificate for the registry under these names."""
    known = ",".join(f"DNS:{name}" for name in (*names, *TESTS_OWN))
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    subject = ["-subj", "/CN=peer-suite", "-addext", f"subjectAltName={known},IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*new, *subject, *files], check=True, capture_output=True)
