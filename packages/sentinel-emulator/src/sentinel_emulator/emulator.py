"""The emulator itself: one workspace, its rows and its REST API, as an ASGI application."""

from __future__ import annotations

import asyncio
import secrets
import threading
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ._clock import Clock
from ._identity.tokens import TokenIssuer
from ._schema import workspace_catalogue
from .faults import Faults
from .workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from starlette.types import ASGIApp

    from ._arm.state import SentinelState
    from ._data.cases import Case
    from ._data.organisation import Organisation
    from ._data.plot import Intrusion
    from ._data.scenarios import Scenario
    from ._data.truth import GroundTruth
    from ._query.analysis import Validator
    from ._query.parquet import Lying
    from ._query.store import Store
    from ._query.watchlists import Watchlist
    from ._schema import Catalogue

DEFAULT_SEED = 20_260_101
DEFAULT_DAYS, LONGEST_DAYS = 14, 90
LARGEST_SCALE = 10_000
HUGE_ROWS = 10_000_000
SCENARIO_NAMES = ("quiet", "intrusion", "noisy", "huge")


class Emulator:
    """Log Analytics and Microsoft Sentinel for one made-up organisation.

    `seed` decides everything that is made up; `days` is how far back the rows reach (1 to 90); `now` stops the clock
    at a moment, so that answers repeat exactly (left out, the clock runs on from the moment the rows reach up to).
    `scenario` says what happened there: `quiet` nothing, `intrusion` one, `noisy` four at a time, and `huge` the same
    four in ten million rows, which need a `database`.
    `validator` checks queries before they run; left out, it is a `KqlValidator` over the workspace's tables.

    `scale` multiplies the ordinary traffic; `rows` chooses it so that there are about so many, 10,000 to 100,000,000.
    `database` is a DuckDB file to keep the rows in: one that exists is used as it is, with the seed, days, scale and
    scenario it was made from; the REST resources are always kept in memory. `parquet` is a folder whose files are
    queried where they lie, each table's in a folder of its name; `memory` is what queries may use, such as 512MB.

    Clients without a managed identity sign in with `client_id` and `client_secret`, or present `federated_token`.

    Making one is cheap: rows are generated when the first request needs them. Give `app` to an ASGI transport or
    server, and `await close()` when done. Safe to ask from several tasks at once.
    """

    def __init__(
        self,
        seed: int = DEFAULT_SEED,
        now: datetime | None = None,
        validator: Validator | None = None,
        days: int = DEFAULT_DAYS,
        scenario: Scenario = "intrusion",
        scale: float = 1,
        database: Path | None = None,
        rows: int | None = None,
        parquet: Path | None = None,
        memory: str = "1GB",
    ) -> None:
        self.clock = Clock(now)
        self.started = self.clock.now()
        self.database = database
        self._filled = database is not None and database.exists()
        if database is not None and self._filled:
            from ._data.origin import read_origin

            origin = read_origin(database)
            seed, days, scale, self.started = origin.seed, origin.days, origin.scale, origin.started
            scenario = cast("Scenario", origin.scenario)
        elif rows is not None or (scenario == "huge" and scale == 1):
            from ._data.sizes import scale_of

            scale = scale_of(rows if rows is not None else HUGE_ROWS, days, self.started)
        if scenario == "huge" and database is None:
            raise ValueError("The scenario 'huge' has more rows than memory should hold: give a database file.")
        if not 1 <= scale <= LARGEST_SCALE:
            raise ValueError(f"scale is {scale}, but must lie between 1 and {LARGEST_SCALE}.")
        if scenario not in SCENARIO_NAMES:
            raise ValueError(f"There is no scenario {scenario!r}; there are {', '.join(SCENARIO_NAMES)}.")
        if not 1 <= days <= LONGEST_DAYS:
            raise ValueError(f"days is {days}, but rows can reach back 1 to {LONGEST_DAYS} days.")
        self.seed = seed
        self.days = days
        self.scale = scale
        self.scenario: Scenario = scenario
        self.workspace = Workspace.seeded(seed)
        #: Every workspace of the subscription: the one with the rows, and one that has none.
        self.workspaces = (self.workspace, self.workspace.without_data(seed))
        self._parquet, self._memory = parquet, memory
        self._lying: dict[str, Lying] = {}
        if parquet is not None:
            from ._query.parquet import lying_tables

            self._lying = lying_tables(parquet.resolve())
        self.catalogue = self._catalogue()
        self.tokens = TokenIssuer(self.workspace.tenant_id)
        self.identity_header = secrets.token_hex(16)
        self.client_id = str(uuid.uuid5(uuid.UUID(self.workspace.tenant_id), "client"))
        self.client_secret = secrets.token_urlsafe(24)
        self.federated_token = secrets.token_urlsafe(48)
        self.faults = Faults()
        self._given_validator = self._validator = validator
        self._store: Store | None = None
        self._pending: list[tuple[str, dict[str, Any]]] = []
        self._lock = threading.Lock()

    @cached_property
    def app(self) -> ASGIApp:
        """The ASGI application that answers every API of the emulator."""
        from .app import build_app

        return build_app(self)

    @cached_property
    def organisation(self) -> Organisation:
        """The people and machines of the organisation."""
        from ._data.organisation import Organisation

        return Organisation.seeded(self.seed)

    @property
    def ground_truth(self) -> GroundTruth:
        """What really happened in the rows, for tests and for training.

        In a scenario with several intrusions this is the first; `ground_truths` has all. Raises `LookupError` where
        nothing happened.
        """
        if not self.intrusions:
            raise LookupError(f"Nothing happened in the scenario {self.scenario!r}.")
        return self.intrusions[0].truth

    @property
    def ground_truths(self) -> tuple[GroundTruth, ...]:
        """What really happened, intrusion by intrusion."""
        return tuple(intrusion.truth for intrusion in self.intrusions)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The incidents of every intrusion as they stand when the emulator starts."""
        return tuple(case for intrusion in self.intrusions for case in intrusion.cases)

    @cached_property
    def intrusions(self) -> tuple[Intrusion, ...]:
        """The intrusions of the scenario with their rows and incidents."""
        from ._data.scenarios import plan_scenario

        return plan_scenario(self.scenario, self.workspace, self.organisation, self.seed, self.started)

    @cached_property
    def sentinel(self) -> SentinelState:
        """The resources of Microsoft Sentinel as they stand, changed by writes."""
        from ._arm.state import SentinelState

        return SentinelState.starting(self)

    @property
    def validator(self) -> Validator:
        """What checks queries before they run."""
        with self._lock:
            if self._validator is None:
                from sentinel_kql_validator import Function, KqlValidator, Parameter, Schema

                # Which columns a watchlist has is known only once its alias is, so any name passes here.
                watchlist = Function("_GetWatchlist", (Parameter("watchlist", "string"),), open_columns=True)
                self._validator = KqlValidator(Schema(self.catalogue.query, [watchlist]), advice=False)
            return self._validator

    def store(self) -> Store:
        """Return the rows, generated on the first call (blocks for about a second then)."""
        with self._lock:
            if self._store is None:
                from ._query.store import Store

                fill = None if self._filled else self._fill
                self._store = Store(
                    fill,
                    self.workspace.workspace_id,
                    self.catalogue,
                    database=str(self.database or ":memory:"),
                    memory=self._memory,
                    lying=self._lying,
                    folder=str(self._parquet.resolve()) if self._parquet else "",
                )
                self._filled = True
                for table, row in self._pending:
                    self._store.append(table, row)
                self._pending.clear()
            return self._store

    def watchlist(self, alias: str) -> Watchlist | None:
        """Return a watchlist as queries see it, or None when there is none of that alias."""
        from ._query.watchlists import Watchlist

        with self.sentinel.lock:
            found = self.sentinel.of("watchlists").get(alias.lower())
            if found is None:
                return None
            items = self.sentinel.of("watchlists", alias, "watchlistItems").values()
            properties = found["properties"]
            values = {item["name"]: item["properties"]["itemsKeyValue"] for item in items}
            return Watchlist(properties["itemsSearchKey"], properties["updated"], values)

    def log(self, table: str, row: dict[str, Any]) -> None:
        """Add a row that a change leaves in a table; kept for later while there are no rows yet."""
        with self._lock:
            if self._store is None:
                self._pending.append((table, row))
            else:
                self._store.append(table, row)

    def issue_token(self, audience: str, *, roles: tuple[str, ...] = (), lifetime: int = 3600) -> tuple[str, int]:
        """Return a bearer token for an audience (`https://api.loganalytics.io`) and its expiry in unix time.

        `roles` are names of built-in roles such as `Microsoft Sentinel Reader`; a token without any may do everything.
        """
        from ._arm.access import ROLES

        unknown = [role for role in roles if role not in ROLES]
        if unknown:
            raise ValueError(f"There is no role {unknown[0]!r}; there are {', '.join(ROLES)}.")
        return self.tokens.issue(audience.removesuffix("/.default"), roles=roles, lifetime=lifetime)

    def load(self, table: str, rows: list[dict[str, Any]], custom: Mapping[str, str] | None = None) -> None:
        """Add many rows to a table at once; `custom` are the columns of a custom table that is new (blocks)."""
        store = self.store()
        store.load(table, rows, custom)
        if custom is not None:
            with self._lock:
                self.catalogue = self.catalogue.with_custom({table: custom})
                self._validator = None

    def reset(self) -> None:
        """Take everything back to the start: resources, rows, imported tables; the faults that are due are forgotten.

        A database file is made anew from what it was made from, when the next request needs it. Rows that were imported
        into it are gone.
        """
        with self._lock:
            store, self._store = self._store, None
            if store is not None:
                store.close()
            if self.database is not None:
                self.database.unlink(missing_ok=True)
            self._filled = False
            self._pending.clear()
            self._validator = self._given_validator
            self.catalogue = self._catalogue()
            self.__dict__.pop("sentinel", None)
        self.faults.clear()

    async def close(self) -> None:
        """Give up the rows; the emulator must not be asked afterwards."""
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            await asyncio.to_thread(store.close)

    def _catalogue(self) -> Catalogue:
        """Return the workspace's tables, those that were imported into the database, and those of the folder."""
        catalogue = workspace_catalogue()
        if self.database is not None and self._filled:
            from ._data.origin import remembered

            catalogue = catalogue.with_custom(remembered(self.database))
        if self._parquet is not None:
            from ._query.parquet import catalogue_with

            catalogue = catalogue_with(catalogue, self._lying, self._parquet)
        return catalogue

    def _fill(self, connection: DuckDBPyConnection) -> None:
        from ._data.generate import fill
        from ._data.origin import Origin, write_origin

        fill(
            connection,
            workspace=self.workspace,
            organisation=self.organisation,
            intrusions=self.intrusions,
            seed=self.seed,
            days=self.days,
            scale=self.scale,
            now=self.started,
        )
        write_origin(connection, Origin(self.seed, self.days, self.scale, self.scenario, self.started))
