# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be changed on a host: its policy, exemptions from it, and hosts whose changes have to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from fnmatch import fnmatchcase

from ...dataclass import dataclass
from .plan import Resource, Step

FULL, NO_REMOVE, READ_ONLY = POLICIES = ("full", "no_remove", "read_only")  # from the mildest to the strictest
# What removes something that was there, or takes its content: recreating is removing and creating.
REMOVING = frozenset({"remove", "remove_leftover", "recreate", "prune"})
CREATING = frozenset({"create", "pull", "build", "load", "ship"})
# Steps about these write on the controller; nothing on the host is another one after them.
ON_CONTROLLER = frozenset({"path", "registry", "tunnel"})
_CONTROLLER_ACTIONS = frozenset({"archive"})

MODULE, NAME, LABEL = "module", "name", "label"
# Gives the labels of what a step changes, {} where it has none or is not there.
Labels = Callable[[Step], Mapping[str, str]]


@dataclass(frozen=True)
class Exemption:
    """What a policy lets through: a module, names of objects as a shell pattern, or a label (``key`` or ``key=value``).

    ``kind`` is ``module``, ``name`` or ``label``.
    """

    kind: str
    pattern: str

    def covers(self, module: str, step: Step, labels: Labels) -> bool:
        """Whether this is about such a step of such a module."""
        if self.kind == MODULE:
            return module == self.pattern
        if self.kind == NAME:
            return fnmatchcase(step.resource.name, self.pattern)
        key, given, value = self.pattern.partition("=")
        found = labels(step)
        return key in found and (not given or found[key] == value)


@dataclass(frozen=True)
class Policy:
    """The rules for changes on one host. ``confirmed`` is whether the run names a protected host."""

    level: str = FULL
    exemptions: tuple[Exemption, ...] = ()
    protected: bool = False
    confirmed: bool = False

    @property
    def restricts(self) -> bool:
        return self.level != FULL or (self.protected and not self.confirmed)


@dataclass(frozen=True)
class Refusal:
    """Why a step is not done: what is refused, by what, and what to do about it."""

    message: str
    hint: str


def exemption(text: str) -> Exemption:
    """Read ``remote_container_exec``, ``name:PATTERN`` or ``label:KEY[=VALUE]``.

    :raises ValueError: saying what is wrong with it.
    """
    kind, colon, pattern = text.partition(":")
    if not colon:
        kind, pattern = MODULE, text.removeprefix("sshfleet.containers.")
    if kind not in (MODULE, NAME, LABEL) or not pattern:
        raise ValueError(f"{text!r} is none of MODULE, name:PATTERN and label:KEY[=VALUE]")
    return Exemption(kind, pattern)


def strictest(levels: Iterable[str]) -> str:
    """The one of several policies that allows least; ``full`` where there is none."""
    return max(levels, key=POLICIES.index, default=FULL)


def refusal(
    policy: Policy, host: str, module: str, steps: Iterable[Step], labels: Labels, made: Set[Resource] = frozenset()
) -> Refusal | None:
    """Why these steps are not done, None where all of them may be. What one of them makes, a later one may remove.

    :param module: its name without the collection's.
    :param made: what was made before, and may be removed, too.
    """
    made = set(made)
    for step in steps:
        if step.action in CREATING:
            made.add(step.resource)
        if _changes_the_host(step) and (found := _refused(policy, host, module, step, labels, made)):
            return found
    return None


def _changes_the_host(step: Step) -> bool:
    return step.resource.kind not in ON_CONTROLLER and step.action not in _CONTROLLER_ACTIONS


def _refused(policy: Policy, host: str, module: str, step: Step, labels: Labels, made: Set[Resource]) -> Refusal | None:
    what = f"{step.resource}: {step.what}"
    if policy.protected and not policy.confirmed:
        return Refusal(
            f"{host} is protected (sshfleet_protected), so this was not done: {what}.",
            f"Confirm changes there by the host's name: confirm: {host} in the task, or -e sshfleet_confirm={host}.",
        )
    removes = step.action in REMOVING and step.resource not in made
    if policy.level == FULL or (policy.level == NO_REMOVE and not removes):
        return None
    if any(one.covers(module, step, labels) for one in policy.exemptions):
        return None
    return Refusal(
        f"The policy of {host} is {policy.level}, so this was not done: {what}.",
        f"Change sshfleet_policy (it is the strictest of the host's variables, the environment and ansible.cfg), or "
        f"exempt it in sshfleet_policy_allow: {module}, name:{step.resource.name} or label:KEY=VALUE.",
    )
