"""The schema that queries are checked against: the workspace's own where it can be read, the built-in one otherwise."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from sentinel_azure_clients import AzureServicesContext, SchemaSnapshot, SentinelError, tables
from sentinel_kql_validator import KqlValidator, Schema, SchemaError
from sentinel_kql_validator.validator import EngineName

Plan: TypeAlias = Literal["Analytics", "Basic", "Auxiliary"]

REFRESH_AFTER = timedelta(minutes=1)
"""How old a schema is at least before a name that it lacks has it read again."""


@dataclass(frozen=True, slots=True)
class CheckedAgainst:
    """A validator and where its schema comes from.

    `why_not_live` is set when the workspace could not be asked. `opaque_functions` are functions of the workspace whose
    parameters could not be read: an error about a call of one may be ours rather than the query's. `plans` names the
    tables that are not on the plan Analytics.
    """

    validator: KqlValidator
    source: Literal["workspace", "built-in"]
    why_not_live: str | None = None
    opaque_functions: frozenset[str] = frozenset()
    plans: Mapping[str, str] = field(default_factory=dict[str, str])

    def plan_of(self, tables: Iterable[str]) -> Plan:
        """The plan that a query of these tables goes by: the cheapest among them, as the service wants it."""
        named = {self.plans.get(table) for table in tables}
        if "Auxiliary" in named:
            return "Auxiliary"
        return "Basic" if "Basic" in named else "Analytics"


def plan_named(name: str | None) -> Plan:
    """The plan that the service calls so; one that it does not tell is Analytics, which most tables are on."""
    return "Basic" if name == "Basic" else "Auxiliary" if name == "Auxiliary" else "Analytics"


class WorkspaceSchema:
    """Keeps one validator for the workspace's schema, and has it forget its verdicts when the schema's version changes.

    `now` is the clock. A schema is read again on demand only where it is older than `refresh_after`, because a real
    workspace has hundreds of tables, and most names that it lacks are misspelt.
    """

    def __init__(
        self,
        azure: AzureServicesContext,
        engine: EngineName,
        *,
        now: Callable[[], datetime],
        refresh_after: timedelta = REFRESH_AFTER,
    ) -> None:
        self._azure = azure
        self._engine: EngineName = engine
        self._now = now
        self._refresh_after = refresh_after
        self._live: tuple[SchemaSnapshot, CheckedAgainst] | None = None
        self._built_in: KqlValidator | None = None
        self._lock = asyncio.Lock()
        self._others: dict[str, WorkspaceSchema] = {}

    def of(self, name: str, azure: AzureServicesContext) -> "WorkspaceSchema":
        """The schema of another workspace, kept under its name."""
        if name not in self._others:
            other = WorkspaceSchema(azure, self._engine, now=self._now, refresh_after=self._refresh_after)
            self._others[name] = other
        return self._others[name]

    async def current(self) -> CheckedAgainst:
        """The validator for now; asking is cheap, since the clients cache the schema and tell its version."""
        return await self._checked(fresh=False)

    async def refreshed(self, before: CheckedAgainst) -> CheckedAgainst | None:
        """The validator for a schema read again, or None where nothing has changed since `before` or it is fresh."""
        if self._live is None or before.source != "workspace":
            return None
        if self._now() - self._live[0].read_at < self._refresh_after:
            return None
        after = await self._checked(fresh=True)
        return after if after is not before and after.source == "workspace" else None

    async def _checked(self, *, fresh: bool) -> CheckedAgainst:
        try:
            snapshot = await tables.get_schema(self._azure, fresh=fresh)
        except SentinelError as error:
            return CheckedAgainst(self._fallback(), "built-in", str(error))
        async with self._lock:
            if self._live is None or self._live[0].version != snapshot.version:
                validator = None if self._live is None else self._live[1].validator
                self._live = (snapshot, self._check_against(snapshot, validator))
            else:
                self._live = (snapshot, self._live[1])
            return self._live[1]

    def _check_against(self, snapshot: SchemaSnapshot, validator: KqlValidator | None) -> CheckedAgainst:
        readable = {name: told for name, function in snapshot.functions.items() if (told := _declared(name, function))}
        # What every workspace has without listing it: _GetWatchlist, the ASIM parsers.
        schema = Schema(_known_types(snapshot.tables), Schema.sentinel().functions).with_functions(readable)
        if validator is None:
            validator = KqlValidator(schema, engine=self._engine)
        else:
            validator.use_schema(schema)
        return CheckedAgainst(
            validator,
            "workspace",
            opaque_functions=frozenset(snapshot.functions) - frozenset(readable),
            plans=snapshot.plans,
        )

    def _fallback(self) -> KqlValidator:
        if self._built_in is None:
            self._built_in = KqlValidator(engine=self._engine)
        return self._built_in


def _declared(name: str, function: Any) -> dict[str, Any] | None:  # noqa: ANN401 - plain data of the clients
    """A function as the validator takes it, rows among its parameters or not; None where it cannot take it."""
    parameters = function.get("parameters", function.get("tabular_parameters"))
    if parameters is None:
        return None
    told = {**function, "parameters": parameters}
    try:
        Schema({}, {name: told})
    except SchemaError:
        return None
    return told


def _known_types(tables: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The tables, where a type that the validator does not know counts as dynamic: it takes part in any expression."""
    unknown: set[str] = set()
    for kind in {kind for columns in tables.values() for kind in columns.values()}:
        try:
            Schema({"T": {"c": kind}})
        except SchemaError:
            unknown.add(kind)
    return {
        table: {column: "dynamic" if kind in unknown else kind for column, kind in columns.items()}
        for table, columns in tables.items()
    }
