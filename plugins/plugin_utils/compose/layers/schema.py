# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Compose Specification's own JSON schema, and what it says of a model, in words with a remedy.

The schema is the one that docker compose 2.40.3 carries; ``data/compose-spec.json.license`` tells its licence.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path as File
from typing import Any

from ..problems import Model, Path, Problems
from ..reading.scalars import go_text

try:
    from jsonschema import Draft7Validator
except ImportError:  # refused where it is wanted: see require()
    Draft7Validator = None

SCHEMA = File(__file__).parent.parent / "data" / "compose-spec.json"
_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
}
_VALUES = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


def is_there() -> bool:
    """Whether the library jsonschema is installed on the controller."""
    return Draft7Validator is not None


@cache
def _validator() -> Any:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def check(model: Model, problems: Problems) -> None:
    """Note everything in which a model, of one or several files, is not as the schema has it."""
    for error in _validator().iter_errors(model):
        closest = _closest(error)
        for problem in list(_told(closest)) or [(tuple(closest.absolute_path), "is not as the schema has it.")]:
            problems.add(*problem)


def _closest(error: Any) -> Any:
    """Of the forms that a value may have, what is wrong with the one that is meant: the deepest of its errors."""
    while error.context:
        deepest = max(len(one.absolute_path) for one in error.context)
        branch = [one for one in error.context if len(one.absolute_path) == deepest]
        kinds = [one for one in branch if one.validator != "type"]
        if len(branch) > 1 and not kinds:
            break
        error = (kinds or branch)[0]
    return error


def _told(error: Any) -> Iterator[tuple[Any, ...]]:
    path: Path = tuple(error.absolute_path)
    value = error.instance
    match error.validator:
        case "additionalProperties":
            yield from _unknown(error, path)
        case "type" | "oneOf" | "anyOf":
            kinds = " or ".join(dict.fromkeys(_kinds(error.schema)))
            shown = [] if value is None or isinstance(value, (dict, list)) else [go_text(value)]
            yield (path, f"must be {kinds}, and is {_kind(value)}.", _quoting(kinds, value), *shown)
        case "required":
            missing = error.message.split("'")[1]
            yield path, f"has no {missing}.", f"Write {missing} below it."
        case "enum":
            known = ", ".join(map(go_text, error.validator_value))
            yield path, f"must be one of {known}.", "", go_text(value)
        case "uniqueItems":
            twice = [item for index, item in enumerate(value) if item in value[:index]]
            yield path, f"has an entry twice: {go_text(twice[0])}.", "Remove one of them; files are added up here."
        case "pattern":
            yield path, f"does not fit the pattern {error.validator_value}.", "", go_text(value)
        case "minimum" | "maximum":
            least = "at least" if error.validator == "minimum" else "at most"
            yield path, f"must be {least} {error.validator_value}.", "", go_text(value)
        case _:
            yield path, f"is not as the schema has it ({error.validator}: {go_text(error.validator_value)}).", ""


def _kinds(schema: Any) -> Iterator[str]:
    for one in (schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        if "$ref" in one:
            name = one["$ref"].rpartition("/")[2]
            one = _validator().schema["definitions"][name]
        for kind in [one["type"]] if isinstance(one.get("type"), str) else one.get("type", ()):
            yield _KINDS[kind]
        if one is not schema and ("oneOf" in one or "anyOf" in one):
            yield from _kinds(one)


def _kind(value: Any) -> str:
    return "empty" if value is None else next(name for kind, name in _VALUES.items() if isinstance(value, kind))


def _quoting(kinds: str, value: Any) -> str:
    number = isinstance(value, (int, float))
    return "Put it into quotes." if "a text" in kinds and number else ""


def _unknown(error: Any, path: Path) -> Iterator[tuple[Any, ...]]:
    known = list(error.schema.get("properties", ()))
    patterns = list(error.schema.get("patternProperties", ()))
    for key in error.instance:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        if not known:
            yield (*path, key), "is no name.", "Names have letters, digits, dots, hyphens and underscores."
            continue
        near = difflib.get_close_matches(key, known, 1)
        remedy = f"Is {near[0]} meant?" if near else "A key of your own begins with x-."
        yield (*path, key), "is no key of the Compose Specification.", remedy
