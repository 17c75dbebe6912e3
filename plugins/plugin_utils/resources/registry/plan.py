# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a login: one step, where what is kept is to be another one."""

from __future__ import annotations

from ..shared.plan import Plan, Resource
from .credentials import Credentials
from .login import Login


def plan(login: Login, before: Credentials | None) -> Plan:
    """Decide what to do.

    :param before: the login that is kept.
    """
    registry, wanted = Resource("registry", login.registry), login.credentials
    if before == wanted:
        return Plan()
    if wanted is None:
        return Plan((registry.step("log_out", "state is absent"),))
    return Plan((registry.step("log_in", "another login is kept" if before else "there is no login"),))
