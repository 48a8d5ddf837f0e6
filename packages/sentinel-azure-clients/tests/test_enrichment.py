from datetime import UTC, datetime

import pytest

from sentinel_azure_clients import InvalidInput, enrichment
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_an_address_and_a_domain_are_looked_up() -> None:
    azure = FakeAzure()
    geo = {"ipAddr": "192.0.2.1", "asn": "64500", "country": "x", "countryCf": 99, "latitude": "1.5"}
    whois = {"domain": "example.com", "created": "2026-01-01T00:00:00Z", "parsedWhois": {"registrar": {"name": "R"}}}
    azure.answer("POST", "/enrichment/main/listGeodataByIp", json=geo)
    azure.answer("POST", "/enrichment/main/listWhoisByDomain", json=whois)
    async with fake_context(azure) as context:
        found = await enrichment.get_geodata(context, " 192.0.2.1 ")
        domain = await enrichment.get_whois(context, "example.com.")
    assert (found.ip, found.asn, found.country, found.latitude, found.raw) == ("192.0.2.1", "64500", "x", "1.5", geo)
    assert (domain.registrar, domain.created_at, domain.expires_at) == ("R", datetime(2026, 1, 1, tzinfo=UTC), None)
    assert [request.body for request in azure.requests] == [{"ipAddress": "192.0.2.1"}, {"domain": "example.com"}]


@pytest.mark.parametrize("ip", ["", "example.com", "300.1.1.1", "1.2.3.4/24", "' or 1"])
async def test_what_is_no_address_is_refused_unsent(ip: str) -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput, match="no IP address"):
            await enrichment.get_geodata(context, ip)
    assert azure.requests == []


@pytest.mark.parametrize("domain", ["", "localhost", "a b.c", "http://a.b", "a.b/c", "a." * 200])
async def test_what_is_no_domain_is_refused_unsent(domain: str) -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput, match="no domain name"):
            await enrichment.get_whois(context, domain)
    assert azure.requests == []
