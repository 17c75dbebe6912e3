# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between the network that a task wants and the one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...engine.differences.engine import Engine
from ...engine.differences.networks import PODMAN_DRIVER_OPTIONS
from ..shared.driver_options import masked_pair, same_driver, same_switch
from ..shared.plan import Difference, differing
from . import ipam
from .actual import Network
from .options import Options

# A driver's options may hold its password.
_WITH_SECRETS = frozenset({"driver_options", "ipam_driver_options"})


def differences(options: Options, network: Network, engine: Engine) -> tuple[Difference, ...]:
    """What a task gives and the network has otherwise. What it leaves out is the engine's business: the subnet that was
    assigned, the gateway, options and labels beside those that are named. Secrets are masked.
    """
    return tuple(_shown(one) for one in _differences(options, network, engine))


def _shown(found: Difference) -> Difference:
    if found.option not in _WITH_SECRETS:
        return found
    return Difference(found.option, *masked_pair(found.before, found.after))


def _differences(options: Options, network: Network, engine: Engine) -> Iterator[Difference]:
    has_driver = not network.flags["config_only"] or "config_only" in options.flags
    if has_driver and not same_driver(options.driver, network.driver):
        yield Difference("driver", network.driver, options.driver)
    reported = _driver_options(options, network, engine)
    others = {key: value for key, value in options.driver_options.items() if not same_switch(value, reported.get(key))}
    yield from differing("driver_options", others, reported)
    yield from _single("ipam_driver", _ipam_driver(options, engine), network.ipam_driver)
    if options.ipam_driver_options is not None and dict(options.ipam_driver_options) != network.ipam_driver_options:
        yield Difference("ipam_driver_options", dict(network.ipam_driver_options), dict(options.ipam_driver_options))
    yield from _pools(options, network)
    for flag, wanted in options.flags.items():
        if flag in network.flags and network.flags[flag] != wanted:
            yield Difference(flag, network.flags[flag], wanted)
    yield from _single("scope", options.scope, network.scope)
    yield from _single("config_from", options.config_from, network.config_from)
    yield from differing("labels", options.labels, network.labels)


def _single(option: str, wanted: str | None, actual: str) -> Iterator[Difference]:
    if wanted is not None and wanted != actual:
        yield Difference(option, actual, wanted)


def _driver_options(options: Options, network: Network, engine: Engine) -> Mapping[str, str]:
    """The driver's options under the names by which the task calls them."""
    if not engine.own_api:
        return network.driver_options
    known = {**network.driver_options, **({"interface": network.interface} if network.interface else {})}
    names = {name: PODMAN_DRIVER_OPTIONS.get(name, name) for name in options.driver_options}
    return {name: known[meaning] for name, meaning in names.items() if meaning in known}


def _ipam_driver(options: Options, engine: Engine) -> str | None:
    """Podman's own word for its default is host-local."""
    return "default" if engine.own_api and options.ipam_driver else options.ipam_driver


def _pools(options: Options, network: Network) -> Iterator[Difference]:
    """A pool that is missing, or is there in another way; more of them are no difference."""
    before, after = [], []
    for wanted in options.ipam_config:
        if any(ipam.fits(wanted, pool) for pool in network.pools):
            continue
        before += [pool for pool in network.pools if pool.get("subnet") == wanted["subnet"]]
        after.append(wanted)
    if after:
        yield Difference("ipam_config", before or list(network.pools), after)
