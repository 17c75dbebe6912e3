# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which services of a project are on: by profiles, by name, and by what they depend on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from .model.resources import Project
from .problems import Model, Problems

ALL = "*"


def has_profile(service: Model, profiles: Iterable[str]) -> bool:
    """Whether a service is on with these profiles; one without profiles always is."""
    own = service.get("profiles") or ()
    return not own or any(profile == ALL or profile in own for profile in profiles)


def with_profiles(project: Project, profiles: Sequence[str], problems: Problems) -> None:
    """Switch off what has none of these profiles."""
    services = {**project.services, **project.disabled}
    project.services = {name: one for name, one in services.items() if has_profile(one, profiles)}
    project.disabled = {name: one for name, one in services.items() if name not in project.services}
    known = {profile for one in services.values() for profile in one.get("profiles") or ()}
    for profile in profiles:
        if profile not in ("", ALL) and profile not in known:
            problems.warn(f"No service has the profile {profile}.")


def selected(project: Project, names: Sequence[str], profiles: Sequence[str], problems: Problems) -> None:
    """Keep these services and what they depend on. Naming a service switches its profiles on, not those of others."""
    if not names:
        return
    missing = [name for name in names if name not in project.services]
    switched_on = [profile for name in missing for profile in project.disabled.get(name, {}).get("profiles") or ()]
    if switched_on:
        with_profiles(project, [*profiles, *switched_on], problems)
    kept: set[str] = set()
    waiting = [(name, True) for name in names]
    while waiting:
        wanted, required = waiting.pop()
        found = [name for name in project.services if name == wanted or fnmatchcase(name, wanted)]
        if not found and required:
            remedy = "It is off: name it in services, too, or its profile." if wanted in project.disabled else ""
            problems.at_line("", 0, f"services: there is no service {wanted!r}.", remedy or "Correct the name.")
        for name in set(found) - kept:
            kept.add(name)
            depends_on = project.services[name].get("depends_on") or {}
            waiting += [(other, how.get("required", True)) for other, how in depends_on.items()]
    for name, service in list(project.services.items()):
        if name not in kept:
            project.disabled[name] = project.services.pop(name)
        elif "depends_on" in service:
            service["depends_on"] = {other: how for other, how in service["depends_on"].items() if other in kept}
            if not service["depends_on"]:
                del service["depends_on"]


def without_unused(project: Project) -> None:
    """Leave out networks, volumes, secrets, configs and models that no service uses."""
    used: dict[str, set[str]] = {kind: set() for kind in project.resources}
    for service in project.services.values():
        used["networks"] |= set(service.get("networks") or ())
        used["models"] |= set(service.get("models") or ())
        used["volumes"] |= {
            one["source"] for one in service.get("volumes") or () if one.get("type") == "volume" and "source" in one
        }
        used["configs"] |= _sources(service, "configs")
        used["secrets"] |= _sources(service, "secrets") | _sources(service.get("build") or {}, "secrets")
    for kind, names in used.items():
        project.resources[kind] = {key: one for key, one in project.resources[kind].items() if key in names}


def _sources(value: Model, key: str) -> set[str]:
    return {one["source"] for one in value.get(key) or () if "source" in one}
