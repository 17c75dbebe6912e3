# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine behind one Unix socket: the requests that the actions make, the same for Podman and Docker.

Every method raises EngineError (kinds in ``failures.py``). Names and references are checked before they come here.
Where an engine does something else than Docker with the same request, ``differences`` says so and the method makes
up for it. The requests about one kind of thing stand in a file of their own; this is the table of them.
"""

from __future__ import annotations

from .archives import ArchiveRequests
from .containers import ContainerRequests
from .execs import ExecRequests
from .image_streams import ImageStreamRequests
from .images import ImageRequests
from .observations import ObservationRequests
from .pods import PodRequests
from .pruning import PruneRequests
from .system import SystemRequests
from .volumes import VolumeRequests


class EngineClient(
    SystemRequests,
    ContainerRequests,
    ExecRequests,
    PodRequests,  # and networks
    VolumeRequests,
    ImageRequests,
    ImageStreamRequests,
    ArchiveRequests,
    ObservationRequests,
    PruneRequests,
):
    """A connection to one engine; see :class:`wire.Wire` for how it is made."""
