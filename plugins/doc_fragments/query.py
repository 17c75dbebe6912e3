# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The option of every module that only reads.
    DOCUMENTATION = r"""
options:
  query:
    description:
      - A JMESPath expression (U(https://jmespath.org)). What it picks from the module's result is returned in
        RV(ignore:result), beside everything else, and is V(none) where there is no such thing.
      - Secrets that the module masks are masked before the expression sees them.
      - An expression that can't be read, a function that does not exist, and a wrong number of arguments are refused
        before the host is asked; the message names the expression and the position.
      - Needs the Python package C(jmespath) on the controller.
    type: str
"""
