# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the host's kernel about what a plan needs of it."""

from __future__ import annotations

from dataclasses import replace

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ...shared.plan import Plan
from ..options import host
from ..options.parsing import Options


def judged(client: Client, options: Options, planned: Plan, engine: Engine) -> tuple[Options, list[str]]:
    """The options without the comparison of what the engine drops on this host: the next run would find it missing
    again. And the warnings about that.

    :raises InvalidOption: a limit would be dropped.
    """
    creates = any(step.action == "create" for step in planned.steps)
    given = options.values if creates else [difference.option for difference in planned.found]
    names = [name for name in given if options.comparisons.get(name) != "ignore" or creates]
    if not host.asked(options.values, names, engine):
        return options, []
    info = client.system.info()
    rows = host.lacking(options.values, names, info, engine)
    host.require(rows, options.values, info, engine)
    ignored = {row.option: "ignore" for row in rows}
    return replace(options, comparisons={**options.comparisons, **ignored}), host.remarks(rows, info)
