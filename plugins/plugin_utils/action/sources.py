# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection's inventory plugins have in common: their YAML files, refusals, and values of variables."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.template import trust_as_template

from ..telling import visible

REFUSED = 1  # exit code; Ansible's 4 for a parser error would look like an unreachable host
# Neither a brace nor the '#' of a "#jinja2:" header, which can change what starts a template; no calls of functions.
_NO_TEMPLATE = re.compile(r"[\w@%+=:,./~* -]*")


class NotOurs(AnsibleParserError):
    """The YAML file turned out to be another plugin's: the only error that leaves a source to other plugins."""


def refuse(display: Any, message: str | AnsibleError) -> NoReturn:
    """End the process: Ansible drops an Exception of ours as soon as another plugin claims the file.

    :param display: Ansible's.
    """
    display.error(visible(message) if isinstance(message, str) else message)
    raise SystemExit(REFUSED)


def refuse_for(display: Any, path: str, cause: Exception) -> NoReturn:
    """As :func:`refuse`, for whatever else went wrong with the source at this path."""
    refusal = AnsibleParserError(f"The inventory {path} is refused.")
    refusal.__cause__ = cause
    refuse(display, refusal)


def config_of(loader: Any, path: str, name: str) -> Mapping[str, Any]:
    """The content of a plugin's YAML file.

    :param loader: Ansible's.
    :param name: the plugin's full name.
    :raises NotOurs: it is another plugin's.
    """
    config = loader.load_from_file(path, cache="none")
    if not isinstance(config, Mapping) or config.get("plugin") != name:
        raise NotOurs(f"{path} is not a configuration of {name}.")
    return config


def config_problems(config: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What Ansible itself lets pass in a plugin's YAML file. ``known``: each option's definition."""
    names = {given: name for name, one in known.items() for given in (name, *one.get("aliases", ()))}
    for option, value in config.items():
        kind = known[names[option]].get("type") if option in names else None
        if option not in names:
            yield f"unknown option {option!r}. The options are: {', '.join(sorted(known))}."
        elif kind in ("bool", "boolean") and not isinstance(value, bool):
            yield f"option {option!r} has the value {value!r}. Give true or false."
        elif kind in ("str", "path") and not isinstance(value, str):
            yield f"option {option!r} has the value {value!r}. Give a text."


def plain(value: Any) -> Any:
    """Text that cannot be a template is called trusted, or ansible-inventory would write each as __ansible_unsafe."""
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, dict):
        return {key: plain(content) for key, content in value.items()}
    return [plain(content) for content in value] if isinstance(value, list) else value


@functools.lru_cache(4096)  # many hosts have the same
def _plain_text(text: str) -> str:
    trusted: str = trust_as_template(text) if _NO_TEMPLATE.fullmatch(text) else text
    return trusted


def construct(plugin: Any, hosts: Any) -> None:
    """The variables and groups that a source makes of those of its hosts (``compose``, ``groups``, ``keyed_groups``).

    :param plugin: one with Ansible's Constructable.
    :raises AnsibleError: an expression fails, and ``strict`` is on.
    """
    composed, groups, keyed = (plugin.get_option(option) for option in ("compose", "groups", "keyed_groups"))
    strict = plugin.get_option("strict")
    for host in hosts if composed or groups or keyed else ():
        variables = plugin.inventory.get_host(host).get_vars()
        plugin._set_composite_vars(composed, variables, host, strict=strict)
        plugin._add_host_to_composed_groups(groups, variables, host, strict=strict)
        plugin._add_host_to_keyed_groups(keyed, variables, host, strict=strict)
