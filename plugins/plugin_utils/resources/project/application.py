# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants of several resources at once: networks, volumes, images, and containers with their order.

Everything in it is written as a task of the module of that kind would write it, so that each is checked and carried
out in one way, wherever the application comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ..container.options.put_file import PutFile
from ..container.plan.rollout import Rollout

Params = Mapping[str, Any]

# When one who depends on a member may begin: it runs, its health check holds, it has ended with status 0.
STARTED, HEALTHY, COMPLETED = CONDITIONS = ("started", "healthy", "completed")

# Labels that are known only when the host was asked: of the image's ID, and of the IDs of containers by name.
LateLabels = Callable[[str, Mapping[str, str]], Mapping[str, str]]


def _everything(_labels: Mapping[str, str]) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """What must hold of another member before one is started.

    :param condition: one of CONDITIONS.
    :param required: False: where the other isn't there, or doesn't come up, that is only worth a warning.
    :param restart: the one is made anew or restarted where the other was.
    """

    condition: str = STARTED
    required: bool = True
    restart: bool = False


@dataclass(frozen=True, kw_only=True)
class Member:
    """One container of an application.

    :param params: the options of a ``remote_container`` task, ``name`` among them.
    :param depends_on: the names of other members, and what must hold of them first.
    :param written_labels: labels that are written when the container is made, and never compared.
    :param late_labels: more of these. It gets the IDs of the containers that this one depends on.
    :param files: what is put into it before it starts.
    :param group: the name that its replicas share; '' for one that stands alone.
    :param rollout: a new one is started beside the old one, and of a group one after the other; None for the old one to
        be stopped first.
    """

    params: Params
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    written_labels: Mapping[str, str] = field(default_factory=dict)
    late_labels: LateLabels | None = None
    files: tuple[PutFile, ...] = ()
    group: str = ""
    rollout: Rollout | None = None

    @property
    def name(self) -> str:
        return str(self.params["name"])


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A network or a volume of an application.

    :param params: the options of its task, as remote_network and remote_volume call them; of one that is external, its
        name alone.
    :param external: it belongs to somebody else: it must be there, and is neither made, changed nor removed.
    :param written_labels: labels that are written when it is made, and never compared.
    """

    params: Params
    external: bool = False
    written_labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.params["name"] if "name" in self.params else self.params["volume_name"])


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that members use.

    :param name: as in the ``image`` of those members.
    :param pull: ``missing``, ``always`` or ``never``.
    :param platform: '' for the host's.
    :param build: the options of a ``remote_image`` task's ``build``, where it is made and not pulled.
    :param anew: it is built though it is there.
    """

    name: str
    pull: str = "missing"
    platform: str = ""
    build: Params | None = None
    anew: bool = False


@dataclass(frozen=True, kw_only=True)
class Application:
    """Resources that belong together.

    :param name: of the application.
    :param containers: in an order in which each comes after those that it depends on.
    :param labels: what tells its own resources, of every kind, from others.
    :param drops: tells by the labels of what has these, and is not named here, whether it goes where what is not named
        is removed.
    """

    name: str
    networks: tuple[Shared, ...] = ()
    volumes: tuple[Shared, ...] = ()
    images: tuple[Image, ...] = ()
    containers: tuple[Member, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    drops: Callable[[Mapping[str, str]], bool] = _everything
