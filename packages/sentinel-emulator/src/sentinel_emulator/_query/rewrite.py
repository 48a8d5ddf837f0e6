"""Says in KQL that the engine has what it lacks, where both mean the same; everything else is left for it to refuse.

Each rewrite is a pass over the query's pieces. Where one depends on which columns there are, Microsoft's analyser is
asked about the query up to that place, so that names are the service's own and never guessed.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Callable, Sequence

from .literals import literal_of, needs_rewriting, value_of
from .pieces import CLOSE, OPEN, PLAIN_NAME, arguments_of, closing, quoted, stage_end, stage_start, top, until
from .text import Token, tokens

#: Names and types of the columns a query answers with, or None when the analyser cannot tell.
Columns = tuple[tuple[str, str], ...] | None
ColumnsOf = Callable[[str], Columns]
Edit = tuple[int, int, str]

#: Older names of functions, which the service still takes (documented as aliases).
ALIASES = {
    "argmax": "arg_max",
    "argmin": "arg_min",
    "arraylength": "array_length",
    "columnifexists": "column_ifexists",
    "extractjson": "extract_json",
    "makelist": "make_list",
    "makeset": "make_set",
    "parsejson": "parse_json",
}

_MOST_EDITS = 40
_BLOCK = re.compile(r"""(["'])\d+\.\d+\.\d+\.\d+(/\d+)?\1""")
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_EPOCH = "datetime(1970-01-01)"
#: How many of a unit make a second, and how KQL writes one of it.
_UNITS = {"seconds": (1, "1s"), "milliseconds": (1000, "1ms"), "microseconds": (1_000_000, "1microsecond")}
#: A character that logs do not hold; it marks the beginning of a text that `parse` reads from there.
_MARK = "\u0001"


def rewrite(query: str, columns_of: ColumnsOf) -> str:
    """Return a query that means the same and that the engine is likelier to run."""
    for plain in (
        _literals,
        _aliases,
        _tables_by_name,
        _path_steps,
        _parenthesised_sources,
        _bare_serialize,
        _limited_arrays,
        _functions,
    ):
        query = _applied(query, plain(list(tokens(query))))
    for _ in range(_MOST_EDITS):
        held = list(tokens(query))
        edit = next(filter(None, (step(query, held, columns_of) for step in _STEPS)), None)
        if edit is None:
            break
        query = _applied(query, [edit])
    return query


def _applied(query: str, edits: Sequence[Edit]) -> str:
    for start, end, text in sorted(edits, reverse=True):
        query = query[:start] + text + query[end:]
    return query


# Rewrites that need nothing but the text.


def _literals(held: list[Token]) -> list[Edit]:
    return [
        (token.start, token.end, literal_of(value_of(token.text)))
        for token in held
        if token.kind == "string" and needs_rewriting(token.text)
    ]


def _aliases(held: list[Token]) -> list[Edit]:
    return [
        (token.start, token.end, ALIASES[token.text])
        for token, after in itertools.pairwise(held)
        if token.kind == "name" and token.text in ALIASES and after.text == "("
    ]


def _tables_by_name(held: list[Token]) -> list[Edit]:
    """`table("T")` is `T`."""
    edits: list[Edit] = []
    for index in range(len(held) - 3):
        call, bracket, name, close = held[index : index + 4]
        if call.text == "table" and bracket.text == "(" and name.kind == "string" and close.text == ")":
            plain = value_of(name.text)
            if PLAIN_NAME.fullmatch(plain) and not (index and held[index - 1].text == "."):
                edits.append((call.start, close.end, plain))
    return edits


def _path_steps(held: list[Token]) -> list[Edit]:
    """`a.[0]` is `a[0]`."""
    return [
        (dot.start, dot.end, "")
        for dot, after in itertools.pairwise(held)
        if dot.text == "." and after.text == "[" and dot.end == after.start
    ]


def _parenthesised_sources(held: list[Token]) -> list[Edit]:
    """`(T | where x) | take 1` is `T | where x | take 1`."""
    edits: list[Edit] = []
    for index, token in enumerate(held):
        if token.text != "(" or not _begins_pipeline(held, index):
            continue
        close = closing(held, index)
        if close is not None and close + 1 < len(held) and held[close + 1].text == "|":
            edits += [(token.start, token.end, " "), (held[close].start, held[close].end, " ")]
    return edits


def _begins_pipeline(held: list[Token], index: int) -> bool:
    if index == 0 or held[index - 1].text == ";":
        return True
    if held[index - 1].text == "=" and index >= 3 and held[index - 3].text == "let":
        return True
    # The source of a join or a union is a pipeline in brackets, which may begin with brackets of its own.
    if held[index - 1].text == "(" and index >= 2:
        before = held[index - 2]
        return before.text in {"join", "union", "lookup", ","} or (
            before.kind == "name" and held[index - 3].text == "="
        )
    return False


def _bare_serialize(held: list[Token]) -> list[Edit]:
    """`| serialize` alone only promises that the order stays."""
    edits: list[Edit] = []
    for index, token in enumerate(held[:-1]):
        after = held[index + 2].text if index + 2 < len(held) else ""
        if token.text == "|" and held[index + 1].text == "serialize" and after in {"", "|", ";", ")"}:
            edits.append((token.start, held[index + 1].end, " "))
    return edits


def _limited_arrays(held: list[Token]) -> list[Edit]:
    """`make_set(a, 3)` is the first three of `make_set(a)`; the engine passes over the limit without a word."""
    edits: list[Edit] = []
    for index, token in enumerate(held[:-1]):
        if token.text not in {"make_list", "make_set"} or held[index + 1].text != "(":
            continue
        close = closing(held, index + 1)
        arguments = arguments_of(held, index + 1, close)
        if close is None or arguments is None or len(arguments) != 2:
            continue
        value, limit = arguments
        stands_alone = held[index - 1].text in {"summarize", ","} and _in_no_call(held, index)
        named = stands_alone and PLAIN_NAME.fullmatch(value)
        name = f"{token.text.removeprefix('make_')}_{value} = " if named else ""
        last = int(limit) - 1 if limit.isdecimal() else f"({limit}) - 1"
        edits.append((token.start, held[close].end, f"{name}array_slice({token.text}({value}), 0, {last})"))
    return edits


def _in_no_call(held: list[Token], index: int) -> bool:
    """Whether a piece belongs to its operator directly rather than to a call in it."""
    depth = 0
    for place in range(index - 1, -1, -1):
        depth += (held[place].text in CLOSE) - (held[place].text in OPEN)
        if depth < 0:
            return False
        if held[place].text == "|" and depth == 0:
            return True
    return True


def _functions(held: list[Token]) -> list[Edit]:
    """Functions that others express; those inside another's arguments wait for that other to be understood."""
    edits: list[Edit] = []
    busy = -1
    for index, token in enumerate(held[:-1]):
        if token.start < busy or token.kind != "name" or held[index + 1].text != "(":
            continue
        close = closing(held, index + 1)
        arguments = arguments_of(held, index + 1, close)
        text = None if close is None or arguments is None else _expressed(token.text, arguments)
        if text is not None and close is not None:
            edits.append((token.start, held[close].end, text))
            busy = held[close].end
    return edits


def _expressed(name: str, arguments: list[str]) -> str | None:
    if name == "ipv4_is_private" and len(arguments) == 1:
        return f"({' or '.join(str(_in_block(arguments[0], block)) for block in _PRIVATE)})"
    if name == "ipv4_is_in_range" and len(arguments) == 2 and _BLOCK.fullmatch(arguments[1]):
        return _in_block(arguments[0], arguments[1].strip("\"'"))
    if name == "bin_at" and len(arguments) == 3:
        value, step, at = arguments
        return f"(({at}) + totimespan(bin(totimespan(({value}) - ({at})), {step})))"
    if name == "make_datetime" and len(arguments) == 1:
        return f"todatetime({arguments[0]})"
    unit = re.fullmatch(r"unixtime_(\w+)_todatetime", name)
    if unit and unit.group(1) in _UNITS and len(arguments) == 1:
        (per_second, one), value = _UNITS[unit.group(1)], f"tolong({arguments[0]})"
        rest = "" if per_second == 1 else f" + {one} * ({value} % {per_second})"
        return f"({_EPOCH} + 1s * ({value} / {per_second}){rest})"
    return None


def _in_block(value: str, block: str) -> str | None:
    """Compare an address as a number; what is no address stays null, as in the functions this stands for."""
    try:
        network = ipaddress.IPv4Network(block, strict=False)
    except ValueError:
        return None
    return f"(parse_ipv4({value}) between ({int(network[0])} .. {int(network[-1])}))"


# Rewrites that need the columns.


def _project_columns(query: str, held: list[Token], columns_of: ColumnsOf) -> Edit | None:
    """`project-reorder`, `project-keep`, and `project-away` with a wildcard are `project` of the columns they leave."""
    for index, token in enumerate(held):
        if token.text not in {"project-reorder", "project-keep", "project-away"}:
            continue
        end = stage_end(held, index)
        stop = held[end].start if end < len(held) else len(query)
        if token.text == "project-away" and "*" not in {item.text for item in held[index:end]}:
            continue
        columns = columns_of(until(query, held, index, stop))
        if columns:
            return token.start, stop, f"project {', '.join(quoted(name) for name, _ in columns)} "
    return None


def _expanded_names(query: str, held: list[Token], columns_of: ColumnsOf) -> Edit | None:
    """Name what `mv-expand` makes from an unnamed expression as the service would."""
    for index, token in enumerate(held):
        if token.text != "mv-expand":
            continue
        end = stage_end(held, index)
        stop = held[end].start if end < len(held) else len(query)
        inside = held[index + 1 : end]
        computed = any(item.text in {".", "(", "["} for item in inside)
        if not inside or not computed or any(item.text in {"=", ","} for item in top(inside)):
            continue
        before = columns_of(until(query, held, index - 1, held[index - 1].start))
        after = columns_of(until(query, held, index, stop))
        if before is None or after is None:
            continue
        fresh = [name for name, _ in after if name not in {known for known, _ in before}]
        if len(fresh) == 1:
            return inside[0].start, inside[0].start, f"{quoted(fresh[0])} = "
    return None


def _columns_if_they_exist(query: str, held: list[Token], columns_of: ColumnsOf) -> Edit | None:
    """`column_ifexists("c", d)` is `c` or `d`, as the columns before it decide."""
    for index, token in enumerate(held[:-2]):
        name = held[index + 2]
        if token.text != "column_ifexists" or name.kind != "string":
            continue
        close = closing(held, index + 1)
        arguments = arguments_of(held, index + 1, close)
        stage = stage_start(held, index)
        if close is None or arguments is None or len(arguments) != 2 or stage is None:
            continue
        columns = columns_of(until(query, held, stage, held[stage].start))
        if columns is None:
            continue
        wanted = value_of(name.text)
        known = wanted in {column for column, _ in columns}
        return token.start, held[close].end, quoted(wanted) if known else f"({arguments[1]})"
    return None


def _percentiles(_query: str, held: list[Token], _: ColumnsOf) -> Edit | None:
    """`percentiles(x, 50, 95)` is one `percentile` a number, named as the service names them."""
    for index, token in enumerate(held[:-2]):
        if token.text != "percentiles" or held[index + 1].text != "(" or held[index - 1].text not in {"summarize", ","}:
            continue
        close = closing(held, index + 1)
        arguments = arguments_of(held, index + 1, close)
        if close is None or not arguments or not PLAIN_NAME.fullmatch(arguments[0]):
            continue
        numbers = arguments[1:]
        if numbers and all(number.isdigit() for number in numbers):
            column = arguments[0]
            made = (f"percentile_{column}_{number}=percentile({column}, {number})" for number in numbers)
            return token.start, held[close].end, ", ".join(made)
    return None


def _parse_from_the_start(query: str, held: list[Token], _: ColumnsOf) -> Edit | None:
    """`parse x with a "-" b` reads from the beginning of `x`, which a mark put there makes plain."""
    for index, token in enumerate(held):
        if token.text not in {"parse", "parse-where"} or index == 0 or held[index - 1].text != "|":
            continue
        end = stage_end(held, index)
        stage = held[index:end]
        with_ = next((i for i, item in enumerate(stage) if item.text == "with"), None)
        if with_ is None or with_ + 1 >= len(stage) or stage[1].text == "kind" or stage[with_ + 1].kind != "name":
            continue
        stop = held[end].start if end < len(held) else len(query)
        source = query[stage[1].start : stage[with_].start].strip()
        pattern = query[stage[with_].end : stop].strip()
        text = (
            f'extend parsed_ = strcat("{_MARK}", {source}) | {token.text} parsed_ with * "{_MARK}" {pattern} '
            "| project-away parsed_ "
        )
        return token.start, stop, text
    return None


_STEPS = (_percentiles, _parse_from_the_start, _columns_if_they_exist, _project_columns, _expanded_names)
