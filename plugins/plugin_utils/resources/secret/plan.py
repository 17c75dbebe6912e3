# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from the secret that is there to the one that is wanted. Nothing happens here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...errors import InvalidOption
from ...telling import listed
from ..shared.driver_options import masked_pair
from ..shared.labels import CREATED_LABELS
from ..shared.plan import Difference, Plan, Resource, Step, differing, in_sequence
from ..shared.secrets import MASK
from . import digest
from .options import Options
from .users import ENVIRONMENT, RESTART, User

DIGEST_LABEL = "sshfleet.containers.secret"
OWN_LABELS = frozenset({DIGEST_LABEL})
_PLAIN_NAME = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?")


@dataclass(frozen=True)
class Observed:
    """What was read from the engine: the secret's description, None where there is none, and the containers that use
    it, as far as they are known; they are looked for only where the secret would change.
    """

    secret: Mapping[str, Any] | None = None
    users: tuple[User, ...] = ()


def plan(options: Options, observed: Observed, engine: Engine) -> Plan:
    """Decide what to do.

    :raises InvalidOption: this engine has no secrets of such a name.
    """
    _require_name(options.name, engine)
    this, secret = Resource("secret", options.name), observed.secret
    if options.state == "absent":
        return _removal(this, observed) if secret is not None else Plan()
    if secret is None:
        step = this.step("create", "there is no such secret", {"made": made(options, None)})
        return Plan((step,), before={"exists": False}, after={"exists": True})
    if options.skip_existing:
        return Plan()
    found = differences(options, secret)
    if not found and not options.force:
        return Plan()
    return _recreation(this, options, observed, found, engine)


def _require_name(name: str, engine: Engine) -> None:
    longest = engine.plain_secret_names
    if longest and (len(name) > longest or not _PLAIN_NAME.fullmatch(name)):
        raise InvalidOption(
            "name", name, f"no secret of {engine.title} can have this name.",
            f"Use at most {longest} letters, digits, '_', '.' and '-', with a letter or digit first, and no '.' or '-' "
            "last.",
        )  # fmt: skip


def differences(options: Options, secret: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What a task gives and the secret has otherwise, without what either holds."""
    return tuple(_differences(options, secret))


def _differences(options: Options, secret: Mapping[str, Any]) -> Iterator[Difference]:
    driver, reported, labels = described(secret)
    same = digest.is_of(labels.get(DIGEST_LABEL, ""), options.data)
    if not same:
        before = "unknown" if same is None else f"{MASK} (old)"
        yield Difference("data", before, f"{MASK} (new)")
    if options.driver and options.driver != driver:
        yield Difference("driver", driver, options.driver)
    for one in differing("driver_options", options.driver_options, reported):
        yield Difference(one.option, *masked_pair(one.before, one.after))
    yield from differing("labels", options.labels, labels)


def described(secret: Mapping[str, Any]) -> tuple[str, dict[str, str], dict[str, str]]:
    """The driver, its options and the labels, of the engine's description."""
    spec = secret["Spec"]
    driver = spec.get("Driver") or {}
    return str(driver.get("Name") or ""), dict(driver.get("Options") or {}), dict(spec.get("Labels") or {})


def made(options: Options, old: Mapping[str, Any] | None) -> dict[str, Any]:
    """The arguments with which a secret is created, but for the label with the digest of its data. What the task leaves
    out is as with the old one, if there is one: its driver with the options, and labels that the task does not name.
    """
    driver, reported, labels = described(old) if old is not None else ("", {}, {})
    same = not options.driver or options.driver == driver
    return {
        "data": options.data,
        "driver": options.driver or driver,
        "driver_options": {**(reported if same else {}), **options.driver_options},
        "labels": {**labels, **options.labels, **CREATED_LABELS},
    }


def _removal(this: Resource, observed: Observed) -> Plan:
    identity = (observed.secret or {})["ID"]
    step = this.step("remove", "state is absent", {"identity": identity})
    lost = sorted({user.name for user in observed.users if user.use == ENVIRONMENT})
    warning = (
        f"These containers read the secret {this.name} when they start, and can't be started without it: "
        f"{listed(lost)}."
    )
    return Plan((step,), before={"exists": True}, after={"exists": False}, warnings=(warning,) if lost else ())


def _recreation(
    this: Resource, options: Options, observed: Observed, found: tuple[Difference, ...], engine: Engine
) -> Plan:
    secret = observed.secret or {}
    driver, reported, _labels = described(secret)
    wanted = made(options, secret)
    alike = (wanted["driver"], wanted["driver_options"]) == (driver, reported)
    args = {
        "made": wanted,
        "identity": secret["ID"],
        # Podman's own replacing takes the old data away with the new driver, and the new options of it.
        "at_once": alike and engine.replaces_secrets,
        "tried": not alike or driver != "file",
    }
    reason = ", ".join(f"{one.option} differs" for one in found) or "force is set"
    steps = (this.step("recreate", reason, args), *_restarts(options, observed))
    return Plan(in_sequence(steps), found, before={"recreated": False}, after={"recreated": True})


def _restarts(options: Options, observed: Observed) -> Iterator[Step]:
    names = sorted({user.name for user in observed.users if user.needs() == RESTART})
    for name in names if options.restarts else ():
        reason = f"it reads the secret {options.name} when it starts"
        yield Resource("container", name).step("restart", reason, {}, {"container": name})
