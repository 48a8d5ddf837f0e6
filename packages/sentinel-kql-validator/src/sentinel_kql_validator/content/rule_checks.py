"""The rule around a query: its schedule, threshold, tactics, and entity mappings against the query's columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from sentinel_kql_validator.result import Facts

    from .model import ContentQuery

_SHORT = re.compile(r"(\d+)([dhm])")
_ISO = re.compile(r"P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
_OPERATORS = {"gt", "lt", "eq", "ne", "greaterthan", "lessthan", "equal", "notequal"}
_KINDS = {"scheduled", "nrt"}
_SEVERITIES = {"high", "medium", "low", "informational"}
# Members of Sentinel's AttackTactic in the stable API 2025-09-01.
_TACTICS = frozenset(
    {
        "Collection",
        "CommandAndControl",
        "CredentialAccess",
        "DefenseEvasion",
        "Discovery",
        "Execution",
        "Exfiltration",
        "Impact",
        "ImpairProcessControl",
        "InhibitResponseFunction",
        "InitialAccess",
        "LateralMovement",
        "Persistence",
        "PreAttack",
        "PrivilegeEscalation",
        "Reconnaissance",
        "ResourceDevelopment",
    }
)
_LONGEST = timedelta(days=14)
_SHORTEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One remark about a rule: code (`SKC...`), severity, message, and the field it is about."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    field: str = ""


def check_rule(query: ContentQuery, facts: Facts, now: datetime | None = None) -> tuple[RuleFinding, ...]:
    """Check the rule around a query against the query's facts. A bare query has no rule and gets no remark.

    `now` is the moment that `facts` were resolved with; the present by default.
    """
    if query.kind not in {"analytic rule", "hunting query"}:
        return ()
    found = [*_attack(query.fields), *_entities(query.fields, facts)]
    if query.kind == "analytic rule":
        found += [*_required(query.fields), *_schedule(query.fields), *_window(query.fields, facts, now)]
    return tuple(found)


def duration(value: object) -> timedelta | None:
    """Read `5m`, `1h`, `14d` or an ISO 8601 duration; None for anything else."""
    text = str(value).strip()
    short = _SHORT.fullmatch(text)
    if short:
        unit = {"d": "days", "h": "hours", "m": "minutes"}[short[2]]
        return timedelta(**{unit: int(short[1])})
    iso = _ISO.fullmatch(text.upper())
    if iso and text.upper() not in {"P", "PT"}:
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return None


def _required(fields: Mapping[str, Any]) -> Iterator[RuleFinding]:
    kind = str(fields.get("kind") or "Scheduled").lower()
    if kind not in _KINDS:
        yield RuleFinding("SKC202", "error", f"The kind {fields['kind']!r} is none that runs KQL.", "kind")
    wanted = ["severity"]
    if kind == "scheduled":
        wanted += ["queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold"]
    for name in wanted:
        if fields.get(name) is None:
            yield RuleFinding("SKC201", "error", f"The rule has no {name}.", name)
    severity = fields.get("severity")
    if severity is not None and str(severity).lower() not in _SEVERITIES:
        yield RuleFinding(
            "SKC203", "error", f"The severity {severity!r} is none of High, Medium, Low, Informational.", "severity"
        )
    operator = fields.get("triggerOperator")
    if operator is not None and str(operator).lower() not in _OPERATORS:
        yield RuleFinding(
            "SKC204", "error", f"The trigger operator {operator!r} is none of gt, lt, eq, ne.", "triggerOperator"
        )
    threshold = fields.get("triggerThreshold")
    if threshold is not None and not re.fullmatch(r"\d{1,5}", str(threshold)):
        yield RuleFinding("SKC205", "error", f"The threshold {threshold!r} is no whole number.", "triggerThreshold")


def _schedule(fields: Mapping[str, Any]) -> Iterator[RuleFinding]:
    spans: dict[str, timedelta] = {}
    for name in ("queryFrequency", "queryPeriod"):
        if fields.get(name) is not None:
            span = duration(fields[name])
            if span is None:
                told = f"{name} is {fields[name]!r}; write a duration such as 1h, 14d or PT5M."
                yield RuleFinding("SKC206", "error", told, name)
            elif not _SHORTEST <= span <= _LONGEST:
                yield RuleFinding("SKC207", "error", f"{name} is {fields[name]}; it may be 5 minutes to 14 days.", name)
            else:
                spans[name] = span
    frequency, period = spans.get("queryFrequency"), spans.get("queryPeriod")
    if frequency and period:
        if frequency > period:
            runs, back = fields["queryFrequency"], fields["queryPeriod"]
            told = f"The rule runs every {runs} and looks back {back}: the time between is never looked at."
            yield RuleFinding("SKC208", "error", told, "queryPeriod")
        if period >= timedelta(days=2) and frequency < timedelta(hours=1):
            told = "A rule that looks back two days or more may run once an hour at most."
            yield RuleFinding("SKC209", "error", told, "queryFrequency")


def _window(fields: Mapping[str, Any], facts: Facts, now: datetime | None) -> Iterator[RuleFinding]:
    period = duration(fields.get("queryPeriod"))
    starts = [f.start for f in facts.time_filters if f.start]
    if period and starts:
        reach = (now or datetime.now(UTC)) - min(starts)
        # A minute for the moment between resolving and comparing, a day for startofday() and its like.
        if reach > period + timedelta(minutes=1):
            told = (
                f"The query looks back {_told(reach)} and the rule lets it see {fields['queryPeriod']}: "
                "what is older is never there; make queryPeriod as long."
            )
            yield RuleFinding("SKC210", "warning", told, "queryPeriod")


def _told(span: timedelta) -> str:
    hours = round(span.total_seconds() / 3600)
    return f"{hours // 24}d" if hours >= 24 and hours % 24 == 0 else f"{hours}h" if hours else f"{span.seconds // 60}m"


def _attack(fields: Mapping[str, Any]) -> Iterator[RuleFinding]:
    for tactic in _list(fields.get("tactics")):
        if str(tactic) not in _TACTICS:
            yield RuleFinding("SKC211", "error", f"{tactic!r} is no tactic that Sentinel knows.", "tactics")
    for technique in _list(fields.get("relevantTechniques")):
        if not _TECHNIQUE.fullmatch(str(technique)):
            told = f"{technique!r} is no technique's identifier, such as T1078 or T1078.004."
            yield RuleFinding("SKC212", "error", told, "relevantTechniques")


def _entities(fields: Mapping[str, Any], facts: Facts) -> Iterator[RuleFinding]:
    known = facts.output_columns
    if not facts.complete or known is None or facts.output_open:
        return
    columns = {name for name, _ in known}
    for mapping in _list(fields.get("entityMappings")):
        entity = _mapping(mapping)
        for pair in _list(entity.get("fieldMappings")):
            wanted = _mapping(pair).get("columnName")
            if wanted is not None and wanted not in columns:
                told = f"The entity {entity.get('entityType')} is mapped to {wanted}, which the query does not give."
                yield RuleFinding("SKC213", "error", told, "entityMappings")


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
