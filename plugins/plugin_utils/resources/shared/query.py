# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``query``: a JMESPath expression that picks from an info module's result.

Everything that can be wrong with an expression itself, unknown functions and their number of arguments included, is
found before a host is asked; only the types of the values show later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...errors import FleetError, InvalidOption

IMPORT_ERROR: ImportError | None = None
try:
    import jmespath
    from jmespath import exceptions
    from jmespath.functions import Functions
    from jmespath.lexer import Lexer
except ImportError as error:
    IMPORT_ERROR = error

OPTION = "query"
SPEC: dict[str, dict[str, Any]] = {OPTION: {"type": "str"}}
REMEDY = "See https://jmespath.org for the language."
_OPENING = frozenset({"lparen", "lbracket", "lbrace", "filter"})
_CLOSING = frozenset({"rparen", "rbracket", "rbrace"})


class NoJmespath(FleetError):
    """The controller lacks the package."""

    kind = "controller"


@dataclass(frozen=True)
class Query:
    """A checked expression."""

    expression: str
    compiled: Any


def parse(params: Mapping[str, Any]) -> Query | None:
    """The task's query, None where it has none.

    :raises InvalidOption: naming the expression and the position of what is wrong in it.
    :raises NoJmespath: there is a query, and the controller can't read it.
    """
    if params.get(OPTION) is None:
        return None
    if IMPORT_ERROR is not None:
        raise NoJmespath(
            f"The option {OPTION!r} needs the Python package 'jmespath', which cannot be imported on the controller: "
            f"{IMPORT_ERROR}.",
            "Install it into Ansible's own Python environment: pip install jmespath",
        )
    expression = str(params[OPTION])
    try:
        compiled = jmespath.compile(expression)
        tokens = list(Lexer().tokenize(expression))
    except exceptions.EmptyExpressionError:
        raise InvalidOption(OPTION, expression, "it is empty.", "Leave it out, or write an expression.") from None
    except exceptions.ParseError as error:
        raise _refused(expression, *_what_and_where(error, expression)) from None
    _require_functions(expression, tokens)
    return Query(expression, compiled)


def apply(query: Query, value: Any) -> Any:
    """What the query picks from a value; None where there is no such thing.

    :raises InvalidOption: a function of the query can't take what is there.
    """
    # The functions look at the very types of values: Ansible's subclasses of str would be unknown to them.
    plain = json.loads(json.dumps(value))
    try:
        return query.compiled.search(plain)
    except exceptions.JMESPathTypeError as error:
        name = error.function_name
        problem = f"{name}() takes {' or '.join(error.expected_types)}, and gets {error.actual_type} here."
        position = next((p for p, _count, called in _calls(list(Lexer().tokenize(query.expression))) if called == name))
        raise _refused(query.expression, problem, position) from None
    except (exceptions.JMESPathError, TypeError, ValueError) as error:
        raise InvalidOption(OPTION, query.expression, f"{error}.", REMEDY) from None


def _refused(expression: str, problem: str, position: int) -> InvalidOption:
    where = f"at character {position + 1}" if position < len(expression) else "at its end"
    return InvalidOption(OPTION, expression, f"{where}: {problem}", REMEDY)


def _what_and_where(error: Any, expression: str) -> tuple[str, int]:
    """What is wrong, and the index of the character where it is."""
    if isinstance(error, exceptions.LexerError):
        return f"{error.message}.", int(error.lexer_position)
    if isinstance(error, exceptions.IncompleteExpressionError) or error.token_type in (None, "EOF"):
        return "it is incomplete.", len(expression)
    return f"{error.token_value!r} can't stand there.", int(error.lex_position)


def _require_functions(expression: str, tokens: Sequence[Mapping[str, Any]]) -> None:
    for position, count, name in _calls(tokens):
        known = Functions.FUNCTION_TABLE.get(name)
        if known is None:
            raise _refused(expression, f"there is no function {name}().", position)
        signature = known["signature"]
        more = bool(signature) and bool(signature[-1].get("variadic"))
        if count < len(signature) or (count > len(signature) and not more):
            least = "at least " if more else ""
            noun = "argument" if len(signature) == 1 else "arguments"
            problem = f"{name}() takes {least}{len(signature)} {noun}, not {count}."
            raise _refused(expression, problem, position)


def _calls(tokens: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """Every call of a function: (where it begins, how many arguments it has, its name)."""
    for index in range(len(tokens) - 1):
        if tokens[index]["type"] == "unquoted_identifier" and tokens[index + 1]["type"] == "lparen":
            yield tokens[index]["start"], _arguments(tokens[index + 2 :]), tokens[index]["value"]


def _arguments(tokens: Sequence[Mapping[str, Any]]) -> int:
    """How many arguments stand before the parenthesis that closes a call."""
    depth, commas = 0, 0
    for index, token in enumerate(tokens):
        kind = token["type"]
        if depth == 0 and kind == "rparen":
            return commas + 1 if index else 0
        depth += (kind in _OPENING) - (kind in _CLOSING)
        commas += depth == 0 and kind == "comma"
    return commas + 1
