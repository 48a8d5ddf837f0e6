"""One query for many runs of a rule: every row is told which runs see it, and counted run by run.

That is exact for a query that goes from one table through operators that look at each row, or at groups of rows,
alone: the run becomes a column, every grouping gets it as a key, and `ago()` and `now()` count from it. Everything
else (joins, `let`, `take`, functions that look at neighbouring rows) is left to one query a run.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sentinel_kql_validator import Bound, Node, TableType
from sentinel_mcp_server import kql_text
from sentinel_mcp_server.investigations.past_runs import clock_calls, replaced

STEP = "BacktestRun"
_SHIFT = "BacktestShift"
ROWS = "BacktestRows"
MOST_OVERLAPPING = 48
"""Most runs that may see one row; beyond, copying each row for each run costs more than asking run by run."""

_KEEPS_COLUMNS = {"ExtendOperator", "FilterOperator", "ParseOperator", "ParseWhereOperator", "ProjectAwayOperator",
                  "SortOperator"}  # fmt: skip
_NAMES_COLUMNS = {"DistinctOperator", "ProjectKeepOperator", "ProjectOperator"}
_NEIGHBOURS = {"next", "prev", "row_cumsum", "row_number", "row_rank_dense", "row_rank_min", "row_window_session"}
_CHANGES = {"rand", "new_guid", "toscalar", "materialize"}


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs at `end`, `end - frequency`, ...: `count` of them, each seeing the `period` before it, its end excluded."""

    end: datetime
    frequency: timedelta
    period: timedelta
    count: int

    def moments(self) -> list[datetime]:
        """The moment of each run, the earliest first."""
        return [self.end - self.frequency * number for number in reversed(range(self.count))]

    @property
    def sees_from(self) -> datetime:
        """The earliest moment that any run sees."""
        return self.end - self.frequency * (self.count - 1) - self.period


def in_one_query(bound: Bound, runs: Runs, by: Collection[str], stored: Collection[str]) -> tuple[str | None, str]:
    """KQL with a row for each run and each combination of the columns `by`, and why there is none.

    Its columns are `STEP`, `C0`, `C1`, ... (the columns `by` as text) and `ROWS`. Runs that found nothing are not in
    the answer. `stored` are the names of functions that live in the workspace.
    """
    copies = runs.period / runs.frequency
    if copies != int(copies) or copies > MOST_OVERLAPPING:
        return None, f"the period is not 1 to {MOST_OVERLAPPING} times the frequency"
    spine = _spine(bound, stored)
    if isinstance(spine, str):
        return None, spine
    source, operators = spine
    insertions: dict[int, str] = {source.end: _told(runs, int(copies))}
    for operator in operators:
        if operator.kind in _NAMES_COLUMNS or operator.kind == "SummarizeOperator":
            insertions[operator.end] = f", {STEP}"
    text = _rewritten(bound, insertions, operators[-1].end if operators else source.end)
    keys = "".join(f", C{number}=tostring({kql_text.name(column)})" for number, column in enumerate(by))
    first = runs.end - runs.frequency * runs.count
    return (
        f"{text}\n| where {STEP} > {_moment(first)} and {STEP} <= {_moment(runs.end)}\n"
        f"| summarize {ROWS}=count() by {STEP}{keys}"
    ), ""


def _spine(bound: Bound, stored: Collection[str]) -> tuple[Node, list[Node]] | str:
    """The table and the operators in their order, or why the query is not of that form."""
    if bound.root is None:
        return "the query could not be analysed"
    statements = [node for node in bound.root.walk() if node.kind.endswith("Statement")]
    if len(statements) != 1 or statements[0].kind != "ExpressionStatement":
        return "it has a let or set statement"
    operators: list[Node] = []
    node = statements[0].children[0]
    pipes = 0
    while node.kind == "PipeExpression":
        pipes += 1
        operators.insert(0, node.children[-1])
        node = node.children[0]
    if node.kind != "NameReference" or node.symbol is None or node.symbol.kind.lower() != "table":
        return "it does not begin with one table"
    if not isinstance(node.type, TableType) or ("TimeGenerated", "datetime") not in node.type.columns:
        return "its table has no TimeGenerated"
    everything = list(bound.root.walk())
    if (
        sum(found.kind == "PipeExpression" for found in everything) != pipes
        or sum(
            found.kind == "NameReference" and found.symbol is not None and found.symbol.kind.lower() == "table"
            for found in everything
        )
        != 1
    ):
        return "it reads a table inside another expression"
    for operator in operators:
        if why := _unfit(bound, operator):
            return why
    called = {bound.source(f).partition("(")[0].strip() for f in everything if f.kind == "FunctionCallExpression"}
    if odd := sorted(called & (_NEIGHBOURS | _CHANGES | set(stored))):
        return f"it calls {odd[0]}"
    return node, operators


def _unfit(bound: Bound, operator: Node) -> str | None:
    word = bound.source(operator).split(None, 1)[0]
    if operator.kind in _KEEPS_COLUMNS:
        return None
    if operator.kind in _NAMES_COLUMNS:
        return "it has distinct *" if any(node.kind == "StarExpression" for node in operator.walk()) else None
    if operator.kind == "SummarizeOperator":
        if operator.children[-1].kind != "SummarizeByClause":
            return "it has a summarize without by"
        return None
    return f"it has the operator {word}"


def _told(runs: Runs, copies: int) -> str:
    """Tell each row the runs that see it: the next one after it, and as many more as the period reaches."""
    span = _span(runs.frequency)
    first = f"\n| extend {STEP} = bin_at(TimeGenerated, {span}, {_moment(runs.end)})"
    if copies == 1:
        return f"{first} + {span}"
    numbers = ", ".join(str(number) for number in range(1, copies + 1))
    return (
        f"{first}\n| mv-expand {_SHIFT} = dynamic([{numbers}]) to typeof(long)"
        f"\n| extend {STEP} = {STEP} + {_SHIFT} * {span}\n| project-away {_SHIFT}"
    )


def _rewritten(bound: Bound, insertions: dict[int, str], end: int) -> str:
    """The text up to `end` with the insertions, its clock calls counting from the run."""
    changes: list[tuple[int, int, str]] = [(place, place, text) for place, text in insertions.items()]
    changes += [(call.start, call.end, replaced(bound, call, STEP)) for call in clock_calls(bound)]
    text = bound.text[:end]
    for start, stop, instead in sorted(changes, key=lambda change: -change[0]):
        text = text[:start] + instead + text[stop:]
    return text


def _span(span: timedelta) -> str:
    return f"{round(span.total_seconds())}s"


def _moment(moment: datetime) -> str:
    return f"datetime({moment.isoformat()})"
