# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuses what an engine can't do with a network's options: its table, applied."""

from __future__ import annotations

from ...engine.differences.engine import Engine
from ...engine.differences.networks import REFUSALS
from ...errors import InvalidOption
from .options import Options


def require_supported(options: Options, engine: Engine) -> None:
    """Refuse what the engine would drop or misunderstand.

    :raises InvalidOption: naming the option, the engine and its version.
    """
    given = {**vars(options), **options.flags}
    for row in REFUSALS:
        if row.holds_for(engine) and (asked := row.asked(given)) is not None:
            raise InvalidOption(row.option, asked, f"{engine.title} does not support it.", row.instead)
