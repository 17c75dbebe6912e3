# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``assert``, but every condition is tried, and each answer told under ``conditions``."""

from __future__ import annotations

import importlib
from typing import Any

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19 every text was a template
    trust_as_template = str

Base = importlib.import_module("ansible.plugins.action.assert").ActionModule
OPERATORS = (" == ", " != ", " not in ", " in ", " is ")
TOLD = ("changed", "failed", "skipped", "msg", "diff", "actions")  # of a result


class ActionModule(Base):
    """Takes what ``assert`` takes."""

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        arguments = self._task.args
        that = arguments.get("that")
        told = [self._try(condition, task_vars) for condition in (that if isinstance(that, list) else [that])]
        self._task.args = arguments
        false = [one["that"] for one in told if not one["holds"]]
        message = f"{len(false)} of {len(told)} do not hold: {'; '.join(false)}" if false else "all hold"
        return {"changed": False, "failed": bool(false), "msg": message, "conditions": told}

    def _try(self, condition: Any, task_vars: Any) -> dict[str, Any]:
        self._task.args = {"that": [condition], "quiet": True}
        why = ""
        try:
            holds = not super().run(None, task_vars).get("failed")
            if not holds:
                why = self._sides(str(condition))
        except Exception as error:  # what is undefined, of a wrong type, ...
            holds, why = False, f"{type(error).__name__}: {error}"
        return {"that": str(condition), "holds": holds, "why": why[:400]}

    def _sides(self, condition: str) -> str:
        """The values on both sides of a comparison, as far as they are to be had."""
        operator = next((one for one in OPERATORS if condition.count(one) == 1), "")
        if not operator:
            return ""
        left, right = condition.split(operator)
        if operator == " is ":
            return self._value(left, 400)
        return operator.join((self._value(left, 180), self._value(right, 180)))

    def _value(self, expression: str, length: int) -> str:
        try:
            value = self._templar.evaluate_expression(trust_as_template(expression.removeprefix("not ")))
        except Exception as error:
            return f"? ({error})"[:120].replace("\n", " ")
        if isinstance(value, dict) and "changed" in value:
            value = {name: value[name] for name in TOLD if name in value}
        return str(value).replace("\n", " ")[:length]
