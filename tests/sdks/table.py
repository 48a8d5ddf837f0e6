"""A table of client and operation: what was called, what came of it, and what a client has that was not called."""

# pyright: basic
# The SDKs' clients are typed by their documentation.

import asyncio
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any


class Table:
    """Keeps what was called, under names that begin with `prefix`, and what failed."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.called: list[str] = []
        self.failed: dict[str, str] = {}

    def call(self, name: str, operation: Callable[[], Any]) -> Any:
        """The result of an operation; a failure is noted under its name."""
        self.called.append(name)
        try:
            return operation()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is the finding
            self.failed[name] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            return None

    def print(self) -> None:
        """Write the table."""
        rows = [f"{self.prefix + name:85} {self.failed.get(name, 'answered')}" for name in self.called]
        sys.stdout.write("\n" + "\n".join(rows) + "\n")

    def not_called(self, client: str, operations: set[str], left_out: Mapping[str, str]) -> set[str]:
        """The operations of a client that were neither called nor left out, alone or with their group."""
        called = {
            name.split(" ")[0].removeprefix(f"{client}.") for name in self.called if name.startswith(f"{client}.")
        }
        return {name for name in operations - called if name not in left_out and name.split(".")[0] not in left_out}


def operations_of(client: Any) -> set[str]:
    """The names of a client's public operations, those of its groups as `group.operation`."""
    found: set[str] = set()
    for group, held in vars(client).items():
        if not group.startswith("_") and type(held).__name__.endswith("Operations"):
            found |= {f"{group}.{name}" for name in _methods(held)}
    return found | (_methods(client) - {"close", "send_request"})


def _methods(held: Any) -> set[str]:
    return {name for name, _ in inspect.getmembers(type(held), inspect.isfunction) if not name.startswith("_")}


class Waiting:
    """An async client asked as if it were a sync one: it waits for each answer, and reads every page."""

    def __init__(self, held: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._held = held
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        """A group of operations, or an operation that waits."""
        member = getattr(self._held, name)
        if not callable(member):
            return Waiting(member, self._loop)
        return lambda *positional, **named: self._waited(member(*positional, **named))

    def _waited(self, result: Any) -> Any:
        if inspect.isawaitable(result):
            result = self._loop.run_until_complete(_awaited(result))
        if hasattr(result, "__aiter__"):
            return self._loop.run_until_complete(_read(result))
        return Waiting(result, self._loop) if hasattr(result, "polling_method") else result


async def _awaited(result: Any) -> Any:
    return await result


async def _read(pages: Any) -> list[Any]:
    return [item async for item in pages]
