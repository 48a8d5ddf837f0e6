"""What was found, written for people (`text`), programs (`json`, `sarif`) and GitHub's log (`github`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from sentinel_kql_validator.checking import FileReport

from .github import github
from .plain import plain
from .sarif import sarif
from .text import text

Reporter: TypeAlias = Callable[[Sequence[FileReport]], Iterator[str]]

FORMATS: dict[str, Reporter] = {"text": text, "json": plain, "sarif": sarif, "github": github}

__all__ = ["FORMATS", "Reporter"]
