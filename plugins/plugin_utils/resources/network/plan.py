# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from the network that is there to the one that is wanted. Nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...engine.differences.networks import PODMAN_DRIVER_OPTIONS, PODMAN_INTERFACE
from ...errors import EngineError, InvalidOption
from ...telling import listed
from ..shared.labels import CREATED_LABELS
from ..shared.plan import Plan, Resource, Step, in_sequence
from . import endpoints, ipam
from .actual import Member, Network
from .comparison import differences
from .journal import Journal
from .options import FLAGS, NO_DRIVER, Options, own_settings
from .support import require_supported

INTERRUPTED = "a remaking of the network was interrupted"
# What a network takes from the one with its configuration.
_FROM_ELSEWHERE = frozenset({"IPAM", "Options", "Labels", "EnableIPv4", "EnableIPv6"})


_DEFAULT_FLAGS = {"enable_ipv4": True}


@dataclass(frozen=True)
class Observed:
    """What was read from the engine: the network, None where there is none; who is in it, running or not; and the
    containers that the task names, {name or ID as given: (ID, name), None where there is none}; ``paused`` are those of
    all these that are, {ID: name}. ``journal`` is what an interrupted remaking has left, and ``lost`` are the
    containers that it took off the network and did not bring back.
    """

    network: Network | None = None
    members: tuple[Member, ...] = ()
    named: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)
    paused: Mapping[str, str] = field(default_factory=dict)
    journal: Journal | None = None
    lost: tuple[Member, ...] = ()


def about(options: Options, observed: Observed) -> Resource:
    """What the plan is about: the network by its real name, also where the task gives its ID."""
    return Resource("network", options.name if observed.network is None else observed.network.name)


def plan(options: Options, observed: Observed, engine: Engine, *, check_mode: bool = False) -> Plan:
    """Decide what to do.

    :param check_mode: containers that don't exist yet, as earlier tasks only would have made them, are then no error.
    :raises InvalidOption: an option that this engine can't do, a container that does not exist, or a network of the
        engine's own that would have to be removed.
    :raises EngineError: a container that would have to be connected or taken off is paused, which Podman can't do.
    """
    planned = _plan(options, observed, engine, check_mode)
    if not engine.connects_paused:
        _require_awake(planned, observed, engine)
    return planned


def _plan(options: Options, observed: Observed, engine: Engine, check_mode: bool) -> Plan:
    if options.state == "absent":
        return _removal(options, observed, engine)
    require_supported(options, engine)
    wanted, warnings = _wanted(options, observed, check_mode)
    old = observed.network
    if old is None and observed.journal is not None:
        old = observed.journal.network(engine)
    if old is None:
        this = about(options, observed)
        creation = this.step("create", "there is no such network", {"body": body(options)})
        steps = in_sequence((creation, *_connections(this, wanted, "connected")))
        after = {"exists": True, **({"connected": sorted(wanted.values())} if wanted else {})}
        before = {"exists": False, **({"connected": []} if wanted else {})}
        return Plan(steps, before=before, after=after, warnings=warnings)
    planned = _convergence(options, observed, old, engine, wanted)
    return replace(planned, warnings=(*warnings, *planned.warnings))


def _require_awake(planned: Plan, observed: Observed, engine: Engine) -> None:
    """Podman writes down that a paused container is in a network, or is not any more, and does nothing about it: the
    network's interface stays, so that its addresses can't be had again.
    """
    moved: set[str] = set()
    for step in planned.steps:
        inside = [*step.args.get("members", ()), *filter(None, [step.args.get("member")])]
        moved |= {member.id for member in inside} | {str(step.args.get("container"))}
    names = sorted(name for identity, name in observed.paused.items() if identity in moved)
    if names:
        raise EngineError(
            f"{engine.title} can't connect or take off a container that is paused: {listed(names)}. "
            "Nothing was changed.",
            hint="Unpause these containers first.",
        )


def body(options: Options) -> dict[str, Any]:
    """The body of the engine's request for a new network."""
    flags = options.flags
    labels = {**options.labels, **options.written_labels, **CREATED_LABELS}
    request: dict[str, Any] = {
        "Name": options.name, "CheckDuplicate": True, "Driver": options.driver,
        "Options": dict(options.driver_options),
        "Labels": {} if options.config_from else labels,  # Docker takes them from there
    }  # fmt: skip
    for flag, key in (("enable_ipv6", "EnableIPv6"), ("internal", "Internal"), ("attachable", "Attachable")):
        if flag in flags:
            request[key] = flags[flag]
    for flag, key in (("ingress", "Ingress"), ("config_only", "ConfigOnly")):
        if flags.get(flag):
            request[key] = True
    if flags.get("enable_ipv4") is False:
        request["EnableIPv4"] = False
    if options.scope:
        request["Scope"] = options.scope
    if options.config_from:
        request["ConfigFrom"] = {"Network": options.config_from}
    if options.ipam_driver or options.ipam_driver_options or options.ipam_config:
        request["IPAM"] = {
            "Driver": options.ipam_driver or "default", "Config": ipam.request(options.ipam_config),
            "Options": dict(options.ipam_driver_options or {}),
        }  # fmt: skip
    return request


def inherited(options: Options, network: Network, engine: Engine) -> Options:
    """The options with which a network is made anew: what the task leaves out stays as it is, as far as it can."""
    flags = {
        flag: network.flags[flag]
        for flag in FLAGS
        if flag in network.flags and network.flags[flag] is not _DEFAULT_FLAGS.get(flag, False)
    } | dict(options.flags)
    source = options.config_from or (network.config_from if not own_settings(options) else "")
    if source:
        flags = {flag: value for flag, value in flags.items() if flag not in ("enable_ipv4", "enable_ipv6")}
        return replace(options, name=network.name, config_from=source, flags=flags)
    same = options.driver == network.driver or bool(flags.get("config_only"))
    kept = _driver_options(network, engine) if same else {}
    families = {ipam.IPV4: flags.get("enable_ipv4", True), ipam.IPV6: flags.get("enable_ipv6", False)}
    pools = [pool for pool in network.pools if same and families[ipam.version(pool)]]
    changed = replace(
        options,
        name=network.name,
        driver=NO_DRIVER if flags.get("config_only") else options.driver,
        flags=flags,
        driver_options={**kept, **_renamed(options.driver_options, engine)},
        labels={**network.labels, **options.labels},
        ipam_config=options.ipam_config or tuple(pools),
    )
    if engine.own_api or not same:
        return changed
    return replace(
        changed,
        ipam_driver=options.ipam_driver or network.ipam_driver,
        ipam_driver_options=network.ipam_driver_options
        if options.ipam_driver_options is None
        else options.ipam_driver_options,
    )


def _driver_options(network: Network, engine: Engine) -> dict[str, str]:
    """A network's driver options under the names that the engine takes."""
    name = PODMAN_INTERFACE.get(network.driver) if engine.own_api else None
    interface = {name: network.interface} if name and network.interface else {}
    return {**network.driver_options, **interface}


def _renamed(given: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """Two names for one thing would be a matter of luck; Podman's own is taken."""
    mtu = {name: "mtu" for name, meaning in PODMAN_DRIVER_OPTIONS.items() if meaning == "mtu"} if engine.own_api else {}
    return {mtu.get(name, name): value for name, value in given.items()}


def body_of(network: Network) -> dict[str, Any]:
    """The body that makes a Docker network again as it was."""
    found = network.description
    request = {
        "Name": network.name, "CheckDuplicate": True, "Driver": network.driver,
        "Options": dict(network.driver_options), "Labels": dict(network.labels),
        "IPAM": {"Driver": network.ipam_driver, "Options": dict(network.ipam_driver_options),
                 "Config": ipam.request(network.pools)},
    }  # fmt: skip
    for key in ("EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly"):
        if found.get(key):
            request[key] = True
    if found.get("EnableIPv4") is False:
        request["EnableIPv4"] = False
    if network.config_from:
        request["ConfigFrom"] = {"Network": network.config_from}
        request = {key: value for key, value in request.items() if key not in _FROM_ELSEWHERE}
    return request


def _removal(options: Options, observed: Observed, engine: Engine) -> Plan:
    network = observed.network
    this = about(options, observed)
    finishing = _finishing(this, observed)
    if network is None:
        return Plan(finishing, before={"exists": False}, after={"exists": False}) if finishing else Plan()
    _require_removable(network, engine, "removed")
    names = [member.name for member in observed.members]
    steps = tuple(
        this.step("disconnect", "state is absent", {"member": member}, {"container": member.name})
        for member in observed.members
    )
    shown = {"connected": names} if names else {}
    return Plan(
        in_sequence((*steps, this.step("remove", "state is absent"), *finishing)),
        before={"exists": True, **shown}, after={"exists": False, **({"connected": []} if names else {})},
    )  # fmt: skip


def _finishing(this: Resource, observed: Observed) -> tuple[Step, ...]:
    return (this.step("finish", INTERRUPTED),) if observed.journal else ()


def _require_removable(network: Network, engine: Engine, what: str) -> None:
    if network.own(engine):
        raise InvalidOption(
            "name", network.name, f"this network is the engine's own and can't be {what}.", "Use one of another name."
        )


def _wanted(options: Options, observed: Observed, check_mode: bool) -> tuple[dict[str, str], tuple[str, ...]]:
    """{ID: name} of the containers that the task wants in the network, and what is to be said about them."""
    wanted, warnings = {}, []
    for name in options.connected:
        found = observed.named.get(name)
        if found is not None:
            wanted[found[0]] = found[1]
        elif not check_mode:
            raise InvalidOption("connected", name, "there is no such container on the host.", "Create it first.")
        else:
            warnings.append(f"There is no container {name} on the host; a run needs it.")
            wanted[name] = name
    return wanted, tuple(warnings)


def _connections(this: Resource, wanted: Mapping[str, str], reason: str) -> tuple[Step, ...]:
    ordered = sorted(wanted.items(), key=lambda item: item[1])
    return tuple(
        this.step("connect", f"it is among {reason}", {"container": identity}, {"container": name})
        for identity, name in ordered
    )


def _convergence(
    options: Options, observed: Observed, network: Network, engine: Engine, wanted: Mapping[str, str]
) -> Plan:
    this = about(options, observed)
    found = differences(options, network, engine)
    exact = bool(wanted) and not options.appends
    leaving = [member for member in observed.members if exact and member.id not in wanted]
    lost = [member for member in observed.lost if not exact or member.id in wanted]
    staying = [*(member for member in observed.members if member not in leaving), *lost]
    steps = [
        this.step("disconnect", "it is not among connected", {"member": member}, {"container": member.name})
        for member in leaving
    ]
    warnings: tuple[str, ...] = ()
    remade = bool(found) or options.force
    if remade:
        _require_removable(network, engine, "recreated")
        full = inherited(options, network, engine)
        pools = full.ipam_config or None
        reason = ", ".join(f"{one.option} differs" for one in found) or "force is set"
        args = {
            "old": network, "body": body(full), "members": tuple(staying), "pools": pools,
            "off": frozenset(member.id for member in lost), "gone": observed.network is None,
        }  # fmt: skip
        names = [member.name for member in staying]
        steps.append(this.step("recreate", reason, args, {"reconnected": names}))
        warnings = endpoints.warnings(network.name, staying, pools, engine, options.keep_addresses)
    else:
        steps += _brought_back(this, observed, network, lost, engine)
        reason = "it holds an earlier network of this name"
        steps += [
            this.step("reconnect", reason, {"member": member, "network": network}, {"container": member.name})
            for member in observed.members
            if member.earlier and member.id in wanted
        ]
    present = {member.id for member in staying}
    joining = {identity: name for identity, name in wanted.items() if identity not in present}
    steps += _connections(this, joining, "connected")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if leaving or joining:
        before = {"connected": sorted(member.name for member in observed.members)}
        after = {"connected": sorted([*joining.values(), *(member.name for member in staying)])}
    if remade:
        before, after = {**before, "recreated": False}, {**after, "recreated": True}
    if observed.journal:
        before, after = {**before, "interrupted": [member.name for member in lost]}, {**after, "interrupted": []}
    finishing = () if remade else _finishing(this, observed)
    return Plan(in_sequence((*steps, *finishing)), found, before, after, warnings)


def _brought_back(
    this: Resource, observed: Observed, network: Network, lost: list[Member], engine: Engine
) -> list[Step]:
    """What an interrupted remaking has taken away, where the network itself is to be as it is, or was."""
    steps = []
    if observed.network is None:
        _require_removable(network, engine, "recreated")
        steps.append(this.step("restore", INTERRUPTED, {"old": network}))
    pools = network.pools if observed.network else None
    return steps + [
        this.step("rejoin", INTERRUPTED, {"member": member, "pools": pools}, {"container": member.name})
        for member in lost
    ]
