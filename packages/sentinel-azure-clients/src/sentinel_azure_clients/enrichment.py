"""What Microsoft knows about an address or a domain: geodata and whois."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import CONTRIBUTOR
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

# The newest version whose examples have these calls; the stable one has none. They are POSTs, so their permissions are
# most likely actions, which the Reader does not have; no public list has them.
_AREA = Area("enrichment", "enrichment", "enrichment/main", api="2024-10-01-preview", reader=CONTRIBUTOR)
_GEO = _AREA.reading("IP geodata", method="POST", where="enrichment/main/listGeodataByIp")
_WHOIS = _AREA.reading("domain whois", method="POST", where="enrichment/main/listWhoisByDomain")


@dataclass(frozen=True, slots=True)
class Geodata:
    """Where an address is and whose it is. `raw` has the figures of confidence too."""

    ip: str
    asn: str | None
    carrier: str | None
    organization: str | None
    organization_type: str | None
    continent: str | None
    country: str | None
    state: str | None
    city: str | None
    latitude: str | None
    longitude: str | None
    routing_type: str | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Whois:
    """The registration of a domain. `raw` has the contacts and name servers in full."""

    domain: str
    server: str | None
    registrar: str | None
    created_at: datetime | None
    modified_at: datetime | None
    expires_at: datetime | None
    raw: Json = field(repr=False)


async def get_geodata(context: AzureServicesContext, ip: str) -> Geodata:
    """What is known about an IP address."""
    try:
        address = str(ipaddress.ip_address(ip.strip()))
    except ValueError as error:
        raise InvalidInput(f"{ip[:60]!r} is no IP address.") from error
    path = context.sentinel_path("enrichment", "main", "listGeodataByIp")
    return geodata_from_wire(await arm(context, _GEO, "POST", path, body={"ipAddress": address}))


async def get_whois(context: AzureServicesContext, domain: str) -> Whois:
    """The registration of a domain."""
    name = domain.strip().rstrip(".")
    if not name or len(name) > 253 or "." not in name or any(c.isspace() or c in "/:@?#" for c in name):
        raise InvalidInput(f"{domain[:60]!r} is no domain name, such as example.com.")
    path = context.sentinel_path("enrichment", "main", "listWhoisByDomain")
    return whois_from_wire(await arm(context, _WHOIS, "POST", path, body={"domain": name}))


def geodata_from_wire(source: Json) -> Geodata:
    """Make `Geodata` of the object that the service sends."""
    return Geodata(
        ip=_wire.needed(source, "ipAddr"),
        asn=_wire.text(source, "asn"),
        carrier=_wire.text(source, "carrier"),
        organization=_wire.text(source, "organization"),
        organization_type=_wire.text(source, "organizationType"),
        continent=_wire.text(source, "continent"),
        country=_wire.text(source, "country"),
        state=_wire.text(source, "state"),
        city=_wire.text(source, "city"),
        latitude=_wire.text(source, "latitude"),
        longitude=_wire.text(source, "longitude"),
        routing_type=_wire.text(source, "ipRoutingType"),
        raw=source,
    )


def whois_from_wire(source: Json) -> Whois:
    """Make a `Whois` of the object that the service sends."""
    parsed = _wire.section(source, "parsedWhois")
    return Whois(
        domain=_wire.needed(source, "domain"),
        server=_wire.text(source, "server"),
        registrar=_wire.text(_wire.section(parsed, "registrar"), "name"),
        created_at=_wire.moment(source, "created"),
        modified_at=_wire.moment(source, "updated"),
        expires_at=_wire.moment(source, "expires"),
        raw=source,
    )
