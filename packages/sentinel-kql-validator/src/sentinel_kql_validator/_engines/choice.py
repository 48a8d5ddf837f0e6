"""Which engine answers: the one asked for, or the best that loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sentinel_kql_validator.errors import EngineUnavailable

if TYPE_CHECKING:
    from . import Engine

NAMES = ("auto", "dotnet", "v8", "basic")


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine at work (None is `basic`) and, where a better one failed, why in one sentence."""

    engine: Engine | None
    note: str | None = None


def choose(asked: str) -> Choice:
    """Load the engine, or raise `EngineUnavailable` where one was asked for by name and cannot load."""
    if asked not in NAMES:
        raise EngineUnavailable(f"There is no engine {asked!r}; choose one of {', '.join(NAMES)}.")
    if asked == "basic":
        return Choice(None)
    from . import dotnet, v8

    failures: list[str] = []
    engines = [shared() for name, shared in (("dotnet", dotnet.shared), ("v8", v8.shared)) if asked in {"auto", name}]
    for engine in engines:
        try:
            engine.start()
        except EngineUnavailable as error:
            if asked != "auto":
                raise
            failures.append(f"{engine.name}: {error}")
        else:
            return Choice(engine, " ".join(failures) or None)
    return Choice(None, " ".join(failures))
