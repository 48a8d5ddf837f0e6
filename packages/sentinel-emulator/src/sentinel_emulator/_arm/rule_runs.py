"""Running an analytics rule on demand: a long-running operation that really runs the rule's query."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sentinel_emulator._query.execute import Request, execute
from sentinel_emulator._query.faults import QueryFault
from sentinel_emulator._query.timespan import Window, parse_timespan

from .collections import Kind, operations_of, properties_of
from .etags import new_etag
from .faults import bad_request
from .moments import zulu
from .routing import Call, Operation, Reply, operation
from .rules import RULES

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

_SECONDS = 60.0

RUNS = Kind("triggeredAnalyticsRuleRuns", "triggeredAnalyticsRuleRuns", "Triggered rule run")


def operations() -> list[Operation]:
    """Return the operations on runs of rules."""
    trigger = operation(
        "POST", f"{RULES.pattern}/triggerRuleRun", f"{RULES.permission}/triggerRuleRun/action", _trigger
    )
    return [trigger, *operations_of(RUNS, write=False)]


def _trigger(call: Call) -> Reply:
    """Run a scheduled rule as of a moment; answers 202 and where to see what came of it."""
    rule = RULES.found(call)
    if rule["kind"] != "Scheduled":
        raise bad_request(f"Rules of the kind {rule['kind']} cannot be run on demand.")
    moment = _moment(properties_of(call.body()).get("executionTimeUtc"), call.now)
    name = str(uuid.uuid4())
    identity = f"{call.emulator.workspace.sentinel_id}/{RUNS.wire}/{name}"
    call.emulator.sentinel.of(RUNS.segment)[name] = {
        "id": identity,
        "name": name,
        "etag": new_etag(call.now),
        "type": f"Microsoft.SecurityInsights/{RUNS.wire}",
        "properties": {
            "executionTimeUtc": zulu(moment),
            "ruleId": rule["name"],
            "triggeredAnalyticsRuleRunId": name,
            **_outcome(call, rule["properties"], moment),
        },
    }
    where = f"{call.origin}{identity}?api-version={call.query['api-version']}"
    return Reply(status=202, headers={"Location": where, "Retry-After": "0"})


def _outcome(call: Call, properties: Resource, moment: datetime) -> Resource:
    """Run the query over the period before the moment; a query that fails is a run that failed."""
    emulator = call.emulator
    start = parse_timespan(str(properties["queryPeriod"]), moment).start
    request = Request(str(properties["query"]), Window(start, moment), _SECONDS, statistics=False, render=False)
    try:
        body = execute(request, emulator.validator, emulator.store, emulator.catalogue, moment, emulator.watchlist)
    except QueryFault as fault:
        return {"provisioningState": "Failed", "ruleRunAdditionalData": {"error": str(fault)}}
    return {"provisioningState": "Succeeded", "ruleRunAdditionalData": {"results": len(body["tables"][0]["rows"])}}


def _moment(sent: object, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(sent))
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise bad_request("The property 'executionTimeUtc' must be a moment such as 2026-01-31T08:00:00Z.") from error
    if not now - timedelta(days=30) <= moment <= now:
        raise bad_request("The property 'executionTimeUtc' must lie within the last 30 days.")
    return moment
