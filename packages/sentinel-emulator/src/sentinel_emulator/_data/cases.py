"""What detection made of the rows: entities, the alerts that name them, and the incidents that gather the alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .organisation import DOMAIN, NETBIOS, Person
from .rules import rules_of

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entity:
    """Something an alert is about. `properties` are as the REST API names them, `log` as `SecurityAlert.Entities`."""

    kind: str
    key: str
    properties: dict[str, Any]
    log: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of an analytics rule."""

    key: str
    rule: str
    title: str
    description: str
    severity: str
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    start: datetime
    end: datetime
    raised: datetime
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """What an analyst wrote under an incident."""

    author: Person
    written: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Case:
    """One incident as it stands when the emulator starts."""

    key: str
    number: int
    title: str
    description: str
    severity: str
    status: str
    owner: Person | None
    labels: tuple[str, ...]
    created: datetime
    modified: datetime
    alerts: tuple[Alert, ...]
    comments: tuple[Comment, ...] = ()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Every entity of the alerts, once."""
        return tuple({entity.key: entity for alert in self.alerts for entity in alert.entities}.values())

    @property
    def tactics(self) -> tuple[str, ...]:
        """The tactics of the alerts, in the order of the attack, once."""
        return tuple(dict.fromkeys(tactic for alert in self.alerts for tactic in alert.tactics))

    @property
    def techniques(self) -> tuple[str, ...]:
        """The techniques of the alerts, once."""
        return tuple(dict.fromkeys(technique for alert in self.alerts for technique in alert.techniques))


def raised_by(
    rule: str, *, start: datetime, end: datetime, raised: datetime, entities: tuple[Entity, ...], key: str = ""
) -> Alert:
    """Return an alert of a rule, with the rule's words; `key` tells it from others of the same rule."""
    properties = next(known.properties for known in rules_of() if known.key == rule)
    return Alert(
        key=key or rule,
        rule=rule,
        title=properties["displayName"],
        description=properties["description"],
        severity=properties["severity"],
        tactics=tuple(properties["tactics"]),
        techniques=tuple(properties["techniques"]),
        start=start,
        end=end,
        raised=raised,
        entities=entities,
    )


def account(person: Person) -> Entity:
    """Return the account entity of somebody."""
    return Entity(
        "Account",
        f"account|{person.upn}",
        {
            "accountName": person.account,
            "ntDomain": NETBIOS,
            "upnSuffix": DOMAIN,
            "aadUserId": person.object_id,
            "sid": person.sid,
            "isDomainJoined": True,
            "friendlyName": person.account,
        },
        {
            "Type": "account",
            "Name": person.account,
            "NTDomain": NETBIOS,
            "UPNSuffix": DOMAIN,
            "AadUserId": person.object_id,
            "Sid": person.sid,
        },
    )


def ip(address: str) -> Entity:
    """Return the entity of an address."""
    return Entity(
        "Ip",
        f"ip|{address}",
        {"address": address, "friendlyName": address},
        {"Type": "ip", "Address": address},
    )


def host(device: str) -> Entity:
    """Return the entity of a machine, given its full name."""
    name, _, domain = device.partition(".")
    return Entity(
        "Host",
        f"host|{device}",
        {
            "hostName": name,
            "netBiosName": name.upper(),
            "dnsDomain": domain,
            "osFamily": "Windows",
            "friendlyName": name,
        },
        {"Type": "host", "HostName": name, "NetBiosName": name.upper(), "DnsDomain": domain, "OSFamily": "Windows"},
    )


def process(process_id: int, command_line: str, created: datetime) -> Entity:
    """Return the entity of a process."""
    moment = created.isoformat().replace("+00:00", "Z")
    return Entity(
        "Process",
        f"process|{process_id}|{command_line}",
        {
            "processId": str(process_id),
            "commandLine": command_line,
            "creationTimeUtc": moment,
            "friendlyName": str(process_id),
        },
        {"Type": "process", "ProcessId": str(process_id), "CommandLine": command_line, "CreationTimeUtc": moment},
    )


def cloud_application(app_id: int, name: str) -> Entity:
    """Return the entity of a cloud application."""
    return Entity(
        "CloudApplication",
        f"cloud-application|{app_id}",
        {"appId": app_id, "appName": name, "friendlyName": name},
        {"Type": "cloud-application", "AppId": app_id, "Name": name},
    )


def mailbox(person: Person) -> Entity:
    """Return the entity of somebody's mailbox."""
    return Entity(
        "Mailbox",
        f"mailbox|{person.upn}",
        {
            "mailboxPrimaryAddress": person.upn,
            "displayName": person.display_name,
            "upn": person.upn,
            "friendlyName": person.upn,
        },
        {
            "Type": "mailbox",
            "MailboxPrimaryAddress": person.upn,
            "DisplayName": person.display_name,
            "Upn": person.upn,
        },
    )
