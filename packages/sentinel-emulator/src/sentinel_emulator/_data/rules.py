"""The analytics rules of the organisation: those behind the incidents, and the rest of a small team's rule book."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule or template. `active` ones exist as rules, the others as templates only.

    `properties` are the REST API's; `name` is set where the service fixes it. `tables` and `connector` say what feeds
    it.
    """

    key: str
    kind: str
    active: bool
    enabled: bool
    properties: dict[str, Any]
    tables: tuple[str, ...]
    connector: str
    name: str = ""


@cache
def rules_of() -> tuple[Rule, ...]:
    """Return every rule, in the order of the file that holds them."""
    text = files("sentinel_emulator._data").joinpath("rules.json").read_text(encoding="utf-8")
    return tuple(_rule(item) for item in json.loads(text))


def _rule(item: dict[str, Any]) -> Rule:
    kind = item.get("kind", "Scheduled")
    properties: dict[str, Any] = {
        "displayName": item["title"],
        "description": item["description"],
        "severity": item.get("severity", "Medium"),
        "tactics": item.get("tactics", []),
        "techniques": item.get("techniques", []),
    }
    if kind in {"Scheduled", "NRT"}:
        properties |= {
            "query": "\n".join(item["query"]),
            "suppressionDuration": "PT5H",
            "suppressionEnabled": False,
            "eventGroupingSettings": {"aggregationKind": "SingleAlert"},
            "entityMappings": [_mapping(kind_, columns) for kind_, columns in item.get("entities", {}).items()],
        }
    if kind == "Scheduled":
        properties |= {
            "queryFrequency": item.get("frequency", "PT1H"),
            "queryPeriod": item.get("period", "PT1H"),
            "triggerOperator": "GreaterThan",
            "triggerThreshold": 0,
        }
    if kind == "MicrosoftSecurityIncidentCreation":
        properties |= {"productFilter": item["product"], "severitiesFilter": ["High", "Medium"]}
    return Rule(
        key=item["key"],
        kind=kind,
        active=item.get("active", True),
        enabled=item.get("enabled", True),
        properties=properties,
        tables=tuple(item.get("tables", ())),
        connector=item.get("connector", ""),
        name=item.get("name", ""),
    )


def _mapping(kind: str, columns: dict[str, str]) -> dict[str, Any]:
    mappings = [{"identifier": identifier, "columnName": column} for identifier, column in columns.items()]
    return {"entityType": kind, "fieldMappings": mappings}
