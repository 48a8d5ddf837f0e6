"""What the workspace can tell about an entity: queries over its rows, by the kind of the entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sentinel_emulator._query.literals import literal_of
from sentinel_emulator.workspace import seeded_guid

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource


@dataclass(frozen=True, slots=True)
class Insight:
    """One question about entities of a kind. `table` and `chart` are KQL over what `base` leaves."""

    key: str
    kind: str
    title: str
    description: str
    source: str
    base: str
    table: str
    chart: str

    @property
    def id(self) -> str:
        """The id of the query, the same in every workspace."""
        return seeded_guid(0, "insight", self.key)

    def queries(self, value: str) -> tuple[str, str]:
        """Return the queries of the table and of the chart for one entity."""
        base = self.base.replace("{value}", literal_of(value))
        return f"{base} | {self.table}", f"{base} | {self.chart}"


_HOURLY = "summarize Count=count() by Time=bin(TimeGenerated, 1h) | sort by Time asc"

INSIGHTS = (
    Insight(
        "account-sign-ins",
        "Account",
        "Sign-ins by result",
        "How the account signed in, and how often each result came.",
        "SigninLogs",
        "SigninLogs | where UserPrincipalName =~ {value}",
        "summarize Count=count(), LastSeen=max(TimeGenerated) by ResultType, ResultDescription | top 10 by Count",
        _HOURLY,
    ),
    Insight(
        "account-changes",
        "Account",
        "Changes in the directory",
        "What the account changed in the directory.",
        "AuditLogs",
        "AuditLogs | where InitiatedBy has {value}",
        "summarize Count=count() by OperationName, Result | top 10 by Count",
        _HOURLY,
    ),
    Insight(
        "address-sign-ins",
        "Ip",
        "Accounts that signed in from the address",
        "Which accounts tried to sign in from the address, and how many tries succeeded.",
        "SigninLogs",
        "SigninLogs | where IPAddress == {value}",
        "summarize Count=count(), Successes=countif(ResultType == '0') by UserPrincipalName | top 10 by Count",
        _HOURLY,
    ),
    Insight(
        "address-indicators",
        "Ip",
        "Indicators that name the address",
        "Whether threat intelligence knows the address.",
        "ThreatIntelIndicators",
        "ThreatIntelIndicators | where ObservableValue == {value}",
        "summarize Confidence=max(Confidence), LastSeen=max(TimeGenerated) by Source, ObservableKey",
        _HOURLY,
    ),
    Insight(
        "host-processes",
        "Host",
        "Processes on the machine",
        "Which programs ran on the machine most.",
        "DeviceProcessEvents",
        "DeviceProcessEvents | where DeviceName =~ {value}",
        "summarize Count=count(), LastSeen=max(TimeGenerated) by FileName | top 10 by Count",
        _HOURLY,
    ),
)


def value_of_entity(entity: Resource) -> str:
    """Return the text by which logs know an entity: an address, a user principal name, a machine's full name."""
    properties: Resource = entity["properties"]
    if entity["kind"] == "Account":
        return f"{properties['accountName']}@{properties['upnSuffix']}"
    if entity["kind"] == "Host":
        return f"{properties['hostName']}.{properties['dnsDomain']}"
    return str(properties.get("address", properties["friendlyName"]))
