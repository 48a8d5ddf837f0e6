"""Enrichment of entities: where an address is, and to whom a domain belongs.

The answers are made up for the addresses and domains of the organisation; about any other the emulator says that it
knows nothing, rather than to invent something.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from sentinel_emulator._data.organisation import SITES

from .faults import ArmFault, bad_request
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
_COUNTRIES = {"DE": "germany", "US": "united states", "GB": "united kingdom", "NL": "netherlands"}


def operations() -> list[Operation]:
    """Return the operations of enrichment, below the workspace (2024-10-01-preview)."""
    return [
        operation(
            "POST", "enrichment/main/listGeodataByIp", "Microsoft.SecurityInsights/enrichment/ip/geodata/read", _geodata
        ),
        operation(
            "POST",
            "enrichment/main/listWhoisByDomain",
            "Microsoft.SecurityInsights/enrichment/domain/whois/read",
            _whois,
        ),
    ]


def of_resource_group(call: Call) -> Reply:
    """Answer the older operations below a resource group, whose arguments are parameters (still answered in 2026)."""
    asked = {name.lower(): value for name, value in call.query.items()}
    return _place_of(asked.get("ipaddress", "")) if call.names["what"] == "ip" else _owner_of(asked.get("domain", ""))


def _geodata(call: Call) -> Reply:
    return _place_of(str(call.body().get("ipAddress", "")))


def _place_of(sent: str) -> Reply:
    try:
        address = str(ipaddress.ip_address(sent))
    except ValueError as error:
        raise bad_request(f"The value '{sent}' of 'ipAddress' is not an IP address.") from error
    if address.startswith("203.0.113."):
        place = ("NL", "amsterdam", "noord-holland", "europe", "52.374", "4.89", "tulip hosting (example)")
    else:
        site = next((site for site in SITES if site.address == address), None)
        if site is None:
            raise ArmFault(404, "NotFound", f"There is no geodata for the address '{address}'.")
        continent = "north america" if site.country == "US" else "europe"
        where = (str(site.latitude), str(site.longitude))
        place = (site.country, site.city.lower(), site.state.lower(), continent, *where, "contoso (example)")
    country, city, state, continent, latitude, longitude, organisation = place
    body: Resource = {
        "asn": "64496",
        "carrier": organisation,
        "city": city,
        "cityCf": 90,
        "continent": continent,
        "country": _COUNTRIES[country],
        "countryCf": 99,
        "ipAddr": address,
        "ipRoutingType": "fixed",
        "latitude": latitude,
        "longitude": longitude,
        "organization": organisation,
        "organizationType": "hosting" if country == "NL" else "Internet Service Provider",
        "region": state,
        "state": state,
        "stateCf": None,
        "stateCode": None,
    }
    return Reply(body)


def _whois(call: Call) -> Reply:
    return _owner_of(str(call.body().get("domain", "")))


def _owner_of(sent: str) -> Reply:
    domain = sent.lower()
    if not _DOMAIN.fullmatch(domain):
        raise bad_request(f"The value '{domain}' of 'domain' is not a domain name.")
    if not domain.endswith((".example", "contoso.com", "fabrikam.com")):
        raise ArmFault(404, "NotFound", f"There is no registration data for the domain '{domain}'.")
    contact: Resource = {
        "name": "Registrant",
        "org": "Contoso" if "contoso" in domain else "Unknown",
        "street": ["1 Example Street"],
        "city": "Berlin",
        "state": "",
        "postal": "",
        "country": "Germany",
        "phone": "",
        "fax": "",
        "email": f"hostmaster@{domain}",
    }
    registrar: Resource = {
        "name": "Example Registrar",
        "abuseContactPhone": "",
        "abuseContactEmail": "abuse@registrar.example",
        "ianaId": "9999",
        "url": "https://registrar.example",
        "whoisServer": "whois.registrar.example",
    }
    whois: Resource = {
        "registrar": registrar,
        "contacts": {"admin": contact, "registrant": contact, "billing": None, "tech": contact},
        "nameServers": [f"ns1.{domain}", f"ns2.{domain}"],
        "statuses": ["clientTransferProhibited"],
    }
    moments: Resource = {
        "server": "whois.registrar.example",
        "created": "2004-02-10T00:00:00Z",
        "updated": "2025-02-10T00:00:00Z",
        "expires": "2030-02-10T00:00:00Z",
    }
    return Reply({"domain": domain, **moments, "parsedWhois": whois})
