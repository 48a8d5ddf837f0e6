"""The fields of an analytic rule as tools take them, and as the API names them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import Field, StringConstraints

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.window import parse_timespan

Query = Annotated[str | None, Field(min_length=1, description="KQL; it is checked first")]
Title = Annotated[str | None, Field(min_length=1, max_length=250, description="Title of the rule and its alerts")]
Severity = Annotated[Literal["High", "Medium", "Low", "Informational"] | None, Field(description="Of its alerts")]
Description = Annotated[str | None, Field(max_length=5000, description="What it finds and why")]
Frequency = Annotated[str | None, Field(max_length=40, description="How often it runs: 1h, PT5M; 5 minutes to 14 days")]
Period = Annotated[
    str | None, Field(max_length=40, description="How far back it looks: 1d, PT1H; 5 minutes to 14 days")
]
Operator = Annotated[
    Literal["GreaterThan", "LessThan", "Equal", "NotEqual"] | None, Field(description="Compares rows with threshold")
]
Threshold = Annotated[int | None, Field(ge=0, le=10_000, description="Rows that raise an alert")]
Tactics = Annotated[list[str] | None, Field(max_length=20, description="ATT&CK tactics, such as InitialAccess")]
Techniques = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^T\d{4}$")]] | None,
    Field(max_length=50, description="ATT&CK techniques, such as T1078"),
]
Entities = Annotated[
    dict[str, dict[str, str]] | None,
    Field(description='Entity type to identifier to column: {"Account": {"FullName": "UserPrincipalName"}}'),
]

SCHEDULE = ("queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold")
"""What only rules that run on a schedule have."""

_WIRE = {
    "title": "displayName",
    "description": "description",
    "severity": "severity",
    "enabled": "enabled",
    "query": "query",
    "frequency": "queryFrequency",
    "period": "queryPeriod",
    "operator": "triggerOperator",
    "threshold": "triggerThreshold",
    "tactics": "tactics",
    "techniques": "techniques",
    "entities": "entityMappings",
}


def on_the_wire(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, under the API's names and in its shapes.

    Raises:
        InvalidTimespan: frequency or period is no duration.
        Refused: one of them is a span between two moments.
    """
    wanted = {name: value for name, value in given.items() if value is not None}
    for name in ("frequency", "period"):
        if name in wanted:
            wanted[name] = _iso(name, wanted[name])
    if "entities" in wanted:
        wanted["entities"] = [
            {
                "entityType": kind,
                "fieldMappings": [{"identifier": key, "columnName": column} for key, column in fields.items()],
            }
            for kind, fields in wanted["entities"].items()
        ]
    return {_WIRE[name]: value for name, value in wanted.items()}


def argument_of(wire: str) -> str:
    """The argument that sets a property of the API."""
    return next(name for name, known in _WIRE.items() if known == wire)


def as_argument(wire: str, value: object) -> object:
    """The value of a property as an argument takes it, so that what is told can be called."""
    if value is None:
        return "" if wire in ("description", "displayName", "query") else None
    if wire != "entityMappings" or not isinstance(value, list):
        return value
    mappings = cast("list[dict[str, Any]]", value)
    return {
        str(mapping.get("entityType")): {
            str(field.get("identifier")): str(field.get("columnName")) for field in mapping.get("fieldMappings") or ()
        }
        for mapping in mappings
    }


def iso_duration(span: timedelta) -> str:
    """A duration, in whole seconds and at least one, as the API writes it: `PT5M`, `P1D`, `P1DT12H`."""
    seconds = max(1, round(span.total_seconds()))
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    time = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count)
    date = f"{days}D" if days else ""
    return f"P{date}T{time}" if time else f"P{date}"


def _iso(name: str, text: str) -> str:
    span = parse_timespan(text)
    if not isinstance(span, timedelta):
        raise Refused(f"{name} is a duration, such as 1h or PT5M, not a span between two moments.")
    return iso_duration(span)
