"""The schema that queries are checked against: the workspace's own where it can be read, the built-in one otherwise."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from sentinel_azure_clients import AzureServicesContext, SchemaSnapshot, SentinelError, tables
from sentinel_kql_validator import KqlValidator, Schema
from sentinel_kql_validator.validator import EngineName


@dataclass(frozen=True, slots=True)
class CheckedAgainst:
    """A validator and where its schema comes from.

    `why_not_live` is set when the workspace could not be asked. `opaque_functions` are functions of the workspace whose
    parameters could not be read: an error about a call of one may be ours rather than the query's.
    """

    validator: KqlValidator
    source: Literal["workspace", "built-in"]
    why_not_live: str | None = None
    opaque_functions: frozenset[str] = frozenset()


class WorkspaceSchema:
    """Keeps one validator for the workspace's schema and replaces it when the schema's version changes."""

    def __init__(self, azure: AzureServicesContext, engine: EngineName) -> None:
        self._azure = azure
        self._engine: EngineName = engine
        self._live: tuple[str, CheckedAgainst] | None = None
        self._built_in: KqlValidator | None = None
        self._lock = asyncio.Lock()

    async def current(self) -> CheckedAgainst:
        """The validator for now; asking is cheap, since the clients cache the schema and tell its version."""
        try:
            snapshot = await tables.get_schema(self._azure)
        except SentinelError as error:
            return CheckedAgainst(self._fallback(), "built-in", str(error))
        async with self._lock:
            if self._live is None or self._live[0] != snapshot.version:
                self._live = (snapshot.version, self._check_against(snapshot))
            return self._live[1]

    def _check_against(self, snapshot: SchemaSnapshot) -> CheckedAgainst:
        readable = {name: function for name, function in snapshot.functions.items() if "parameters" in function}
        # What every workspace has without listing it: _GetWatchlist, the ASIM parsers.
        schema = Schema(snapshot.tables, Schema.sentinel().functions).with_functions(readable)
        return CheckedAgainst(
            KqlValidator(schema, engine=self._engine),
            "workspace",
            opaque_functions=frozenset(snapshot.functions) - frozenset(readable),
        )

    def _fallback(self) -> KqlValidator:
        if self._built_in is None:
            self._built_in = KqlValidator(engine=self._engine)
        return self._built_in
