"""What a validation answers. Everything is frozen; names and meanings are what other programs may rely on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Verdict: TypeAlias = Literal["valid", "invalid", "unknown"]
Severity: TypeAlias = Literal["error", "warning", "suggestion", "information"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to write instead: replace `length` characters from `start` by `text`."""

    text: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that answers one diagnostic: replace `length` characters from `start` by `replacement`.

    `text` is the whole query after it, and `verdict` what a validation of that says. `safe`: the same rows and columns
    come out. `changes meaning`: other rows or columns may; somebody has to look.
    """

    code: str
    title: str
    safety: Literal["safe", "changes meaning"]
    start: int
    length: int
    replacement: str
    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark about the query.

    `code` is the analyser's (`KS142`). `start` and `length` count Python characters; `line` and `column` count from
    1. A remark about the text as a whole stands at its beginning with length 0. `suggestions` come best first.
    """

    code: str
    severity: Severity
    message: str
    category: str
    start: int
    length: int
    line: int
    column: int
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """One comparison of `TimeGenerated` in the query.

    `operator` is `>`, `>=`, `<`, `<=`, `==` or `between`, turned so that the column stands on the left. `start` and
    `end` are what it resolves to, None where it does not bound that side or depends on something that only running
    can tell.
    """

    column: str
    operator: str
    text: str
    position: int
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The window that the query's own filters leave: nothing outside can reach the answer.

    Aware UTC datetimes; None on a side where some source of rows has no resolved bound.
    """

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the query is and does, as the analyser understands it.

    With `complete=False` no analyser looked: `kind`, `statements` and `commands` were read off the text's surface, and
    every other field is empty because nobody could look, not because there is nothing.
    """

    complete: bool = False
    kind: Literal["query", "command"] = "query"
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Table to the columns read from it, stored functions' bodies included; `*` stands for every table there is."""
    functions: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    """Tabular operators in the order of the text: `where`, `summarize`, ..."""
    plugins: tuple[str, ...] = ()
    output_columns: tuple[tuple[str, str], ...] | None = None
    """Name and type of the result's columns; None where the last statement gives no table or nobody could tell."""
    output_open: bool = False
    """True where the result may have more columns than `output_columns`, which only running the query tells."""
    render: str | None = None
    time_filters: tuple[TimeFilter, ...] = ()
    time_range: TimeRange = TimeRange()
    statements: int = 0
    """Statements that produce a result; more than one means several answers."""
    commands: tuple[str, ...] = ()
    """Control commands, also those hidden after a query: `DropTable`, ..."""
    skipped_tokens: bool = False
    """True where the analyser passed over a part of the text without looking at it."""
    external_data: tuple[str, ...] = ()
    """The addresses that `externaldata` reads."""
    clusters: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Other ways out, as `function(argument)`: `app`, `adx`, `arg`, `resource`, `external_table`, ..."""
    invokes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Names that `set` statements set."""
    query_parameters: bool = False
    """True where a `declare query_parameters` statement stands in the text."""


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one query and everything that led to it.

    `valid`: Microsoft's analyser read the whole text against the schema and found no error. `invalid`: it found one.
    `unknown`: it could not check, and `reason` says why; that is never a fault of the query.
    `engine_note` says why a better engine than `engine` is not at work, where `auto` had to choose.
    """

    verdict: Verdict
    engine: str
    library_version: str | None
    diagnostics: tuple[Diagnostic, ...]
    facts: Facts
    reason: str | None = None
    engine_note: str | None = None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of severity `error`."""
        return tuple(d for d in self.diagnostics if d.severity == "error")
