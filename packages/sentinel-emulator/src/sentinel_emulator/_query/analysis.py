"""Asks Microsoft's analyser first, and says its errors as the service says them.

The analyser numbers its findings `KS...`; the service answers with `SYN...` and `SEM...` codes. `CODES` maps the one to
the other, each row with the place its wording is known from. A row whose source is None is worded from how the service
is generally known to speak and has not been seen in a recording. Codes without a row keep the analyser's own code and
words, so that nothing made up passes for the service's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .faults import QueryFault, semantic_fault, syntax_fault
from .text import operator_at, tokens

if TYPE_CHECKING:
    from sentinel_kql_validator import Diagnostic, Result


class Validator(Protocol):
    """What checks a query: a `KqlValidator` over the workspace's schema, or anything that answers like one."""

    def validate(self, query: str) -> Result:
        """Return the verdict on a query."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """How the service words one finding: `{operator}` and `{name}` are filled in; `source` says where it was seen."""

    code: str
    message: str
    source: str | None


_UNRESOLVED_COLUMN = "'{operator}' operator: Failed to resolve column or scalar expression named '{name}'"

#: Analyser codes and the service's words for them.
CODES: dict[str, Wording] = {
    "KS204": Wording(
        "SEM0100",
        "'{operator}' operator: Failed to resolve table or column expression named '{name}'",
        "recorded answers of 2022 and 2024 for an unknown table (azure-sdk-for-python, azure-sdk-for-js)",
    ),
    "KS142": Wording("SEM0100", _UNRESOLVED_COLUMN, None),
    "KS109": Wording("SEM0100", _UNRESOLVED_COLUMN, None),
    "KS211": Wording("SEM0260", "Unknown function: '{name}'.", None),
}

#: Findings of the parser; the recorded syntax error (azure-powershell, 2021) has this shape for every one of them.
_SYNTAX_CATEGORY = "syntax"
_SYNTAX_CODE = re.compile(r"KS0\d\d|KS176|KS198")
_QUOTED = re.compile(r"'([^']+)'")


def fault_of(query: str, result: Result) -> QueryFault | None:
    """Return the fault the service would answer, or None when the analyser found no error or could not look."""
    if result.facts.kind == "command":
        first = next(iter(tokens(query)), None)
        return syntax_fault(first.text if first else "", *_line_and_position(query, first.start if first else 0))
    if result.verdict != "invalid":
        return None
    errors = [item for item in result.diagnostics if item.severity == "error"]
    syntax = min((item for item in errors if _is_syntax(item)), key=lambda item: item.start, default=None)
    if syntax is not None:
        token = next((item for item in tokens(query) if item.start >= syntax.start), None)
        position = token.start if token else syntax.start
        return syntax_fault(token.text if token else "", *_line_and_position(query, position))
    return _semantic(query, errors[0])


def _is_syntax(item: Diagnostic) -> bool:
    return item.category.lower() == _SYNTAX_CATEGORY or _SYNTAX_CODE.fullmatch(item.code) is not None


def _semantic(query: str, item: Diagnostic) -> QueryFault:
    wording = CODES.get(item.code)
    if wording is None:
        return semantic_fault(item.code, item.message)
    quoted = _QUOTED.search(item.message)
    name = quoted.group(1) if quoted else query[item.start : item.start + item.length]
    message = wording.message.format(operator=operator_at(query, item.start), name=name)
    return semantic_fault(wording.code, message)


def _line_and_position(query: str, offset: int) -> tuple[int, int]:
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1)
