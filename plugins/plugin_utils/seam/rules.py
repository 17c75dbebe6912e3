# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for changes on a host: its policy, and where changes are written down."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from typing import Any

from ..dataclass import dataclass
from ..resources.shared import audit
from ..resources.shared.policy import NO_REMOVE, READ_ONLY, REMOVING, Policy, strictest
from ..resources.shared.work.audit import AuditHook, run, user, writer
from ..resources.shared.work.policy import PolicyHook
from ..resources.shared.work.runner import Hooks
from ..session.session import Session
from . import settings
from .host import Host


@dataclass(frozen=True)
class Rules:
    """What holds for one host and task. ``audit`` is the place of the trail, '' for none."""

    host: str
    policy: Policy
    audit: str
    audit_required: bool

    def hooks(
        self, module: str, session: Session | None, *, shown: Callable[[str], str], warn: Callable[[str], None]
    ) -> list[Hooks]:
        """What is told of every step of a module on this host.

        :param module: its name without the collection's.
        :param session: None where no engine is asked.
        """
        found: list[Hooks] = []
        if self.policy.restricts:
            found.append(PolicyHook(self.policy, self.host, module, session.client if session else None))
        if self.audit:
            engine = f"{session.identity.name} {session.identity.version}" if session else ""
            about = audit.About(run(), user(), platform.node(), os.getpid(), self.host, module, engine)
            found.append(AuditHook(about, writer(self.audit), required=self.audit_required, shown=shown, warn=warn))
        return found

    def warning(self, result: Mapping[str, Any]) -> str:
        """What check mode has to say of a predicted result: that the real run would be refused; '' where it would not.

        Exemptions are not looked at: they may depend on what is not there yet.
        """
        policy = self.policy
        if not result.get("changed") or not policy.restricts or policy.exemptions:
            return ""
        if policy.protected and not policy.confirmed:
            return f"{self.host} is protected: without confirm the real run would be refused (kind policy)."
        actions = {str(one.get("action")) for one in result.get("actions") or () if isinstance(one, Mapping)}
        if policy.level == READ_ONLY or (policy.level == NO_REMOVE and actions & REMOVING):
            return f"The policy of {self.host} is {policy.level}: the real run would be refused (kind policy)."
        return ""


def rules_of(host: Host, params: Mapping[str, Any]) -> Rules:
    """The rules for one host. Its policy is the strictest of its variables and of environment or ini file.

    :param params: the task's options.
    :raises InvalidOption: a value that can't be used; the error names where it came from.
    """
    levels = (host.setting(settings.POLICY, {}), host.setting_of_all(settings.POLICY))
    policy = Policy(
        strictest(levels),
        tuple(host.setting(settings.POLICY_ALLOW, {})),
        host.setting(settings.PROTECTED, {}),
        host.name in (host.setting(settings.CONFIRM, params) or ()),
    )
    required = host.setting(settings.AUDIT_REQUIRED, params)
    return Rules(host.name, policy, host.setting(settings.AUDIT, params) or "", required)
