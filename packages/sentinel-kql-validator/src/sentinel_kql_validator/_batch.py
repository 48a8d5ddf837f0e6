"""Many files at once: over several processes, with a bar that tells how far it is."""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from .checking import FileReport, check_file
from .schema import Schema
from .schema_file import read_schema
from .validator import EngineName, KqlValidator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .policy import Policy

_MANY = 60
"""Files from which on starting more processes earns more than the second that each takes to load its engine."""
_WIDTH = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """How to check, in a form that travels to another process."""

    engine: EngineName
    schema: str | None
    lint: bool
    advice: bool
    policy: Policy | None
    fix: bool

    def validator(self) -> KqlValidator:
        """Make the validator. Raises `SchemaError`."""
        schema = Schema.sentinel() | read_schema(self.schema) if self.schema else None
        return KqlValidator(schema, self.engine, advice=self.advice, lint=self.lint)


_worker: tuple[KqlValidator, Settings] | None = None


def _start(settings: Settings) -> None:
    global _worker  # noqa: PLW0603 - the state of a process of the pool
    _worker = (settings.validator(), settings)


def _check(job: tuple[str, bool]) -> FileReport:
    if _worker is None:
        raise RuntimeError("The process was not started by _start.")
    validator, settings = _worker
    path, named = job
    return check_file(validator, path, named=named, policy=settings.policy, fix=settings.fix)


def check_all(files: Sequence[tuple[str, bool]], settings: Settings, jobs: int | None) -> list[FileReport]:
    """Check files in order. `jobs` is the number of processes; None chooses by the number of files."""
    validator = settings.validator()  # here too, so that a schema that cannot be read is told once
    wanted = jobs or (min(os.cpu_count() or 1, 8) if len(files) >= _MANY else 1)
    done: list[FileReport] = []
    with _Progress(len(files)) as progress:
        for report in _reports(files, settings, validator, min(wanted, max(1, len(files)))):
            done.append(report)
            progress.show(len(done))
    return done


def _reports(
    files: Sequence[tuple[str, bool]], settings: Settings, validator: KqlValidator, jobs: int
) -> Iterator[FileReport]:
    if jobs == 1:
        for path, named in files:
            yield check_file(validator, path, named=named, policy=settings.policy, fix=settings.fix)
        return
    # Spawned, not forked: an engine that was loaded already would not live through a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(settings,)) as pool:
        yield from pool.map(_check, files, chunksize=max(1, len(files) // (jobs * 8)))


class _Progress:
    """A bar on the error stream, where that is a terminal and there is much to do."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._write: Callable[[str], object] | None = None
        if total >= _MANY // 2 and sys.stderr.isatty():
            self._write = sys.stderr.write

    def __enter__(self) -> Self:
        return self

    def show(self, done: int) -> None:
        if self._write:
            filled = _WIDTH * done // self._total
            self._write(f"\r[{'#' * filled}{' ' * (_WIDTH - filled)}] {done}/{self._total}")
            sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self._write:
            self._write("\r" + " " * (_WIDTH + 24) + "\r")
