# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that does one operation of a soak, and is killed while it does: ``python -m soak.child JSON``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from checkout import install_collection_finder

install_collection_finder()

from lab_hosts import Lab  # noqa: E402 - the others import from the collection

from soak.endpoints import Endpoint  # noqa: E402

lab, runtime, endpoint, module, params = json.loads(sys.argv[1])
engine = Endpoint(*endpoint).engine(Lab(Path(lab), Path(runtime)))
print("begins", flush=True)
engine.run(module, params)
