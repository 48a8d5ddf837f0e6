"""What an editor asks: completions, what stands under the cursor, the query in good form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._engines import Cancellation, EngineFailure
from ._text import Positions
from .errors import KqlValidatorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._engines import Engine
    from .schema import Schema


class CannotAnswer(KqlValidatorError):
    """The text cannot be worked with: too long, too deep, no engine for it. The message says which."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that may be written at a place: replace `length` characters from `start` by `text`.

    `name` is what to show, `kind` the library's word for what it is (`Column`, `Table`, `ScalarFunction`, ...); the
    cursor belongs `after` characters before the end of `text`.
    """

    name: str
    kind: str
    text: str
    start: int
    length: int
    after: int = 0


def ask(
    engine: Engine, operation: str, schema: Schema, text: str, options: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    """Ask an engine for what an editor needs, or raise `CannotAnswer`."""
    try:
        return engine.call(operation, schema, text, options, timeout=seconds, cancellation=Cancellation())
    except EngineFailure as failure:
        raise CannotAnswer(failure.reason) from failure


def completions(answer: Mapping[str, Any], text: str, position: int, schema: Schema) -> tuple[Completion, ...]:
    """Give what fits the word before the cursor: what begins with it first, then what holds it.

    The engine knows the tables that the text mentions; the schema's others are added where it offers tables at all.
    """
    start, length = Positions(text).span(answer["start"], answer["length"])
    typed = text[start:position].casefold()
    items: list[tuple[str, str, str, str]] = [(k, n, b, a) for k, n, b, a in answer["items"]]
    if any(name.startswith("materialized_view(") for _, name, *_ in items):  # where rows may begin
        offered = {name for _, name, *_ in items}
        items = [("Table", name, name, "") for name in schema.tables if name not in offered] + items
    ranks = {kind: rank for rank, kind in enumerate(dict.fromkeys(kind for kind, *_ in items))}
    found = [
        Completion(name, kind, before + after, start, length, len(after))
        for kind, name, before, after in items
        if typed in name.casefold()
    ]
    found.sort(key=lambda c: (not c.name.casefold().startswith(typed), ranks[c.kind], c.name.casefold(), c.name))
    return tuple(found)
