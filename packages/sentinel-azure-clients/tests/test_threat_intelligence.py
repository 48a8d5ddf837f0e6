from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import InvalidInput, threat_intelligence
from sentinel_azure_clients.testing import Answer, FakeAzure, Request, fake_context

INDICATOR: dict[str, Any] = {
    "id": "/i",
    "name": "i1",
    "kind": "indicator",
    "properties": {"displayName": "bad", "pattern": "[url:value = 'x']", "threatTypes": ["c2"], "confidence": 80},
}
ARM = "https://management.azure.com"


async def test_a_query_goes_through_its_pages_with_the_same_conditions() -> None:
    azure = FakeAzure()

    def answer(request: Request) -> Answer:
        more = {} if "$skipToken" in request.query else {"nextLink": f"{ARM}{request.path}?$skipToken=2"}
        return Answer(json={"value": [INDICATOR], **more})

    azure.answer("POST", "/threatIntelligence/main/queryIndicators", answer)
    async with fake_context(azure) as context:
        found = await threat_intelligence.query_indicators(
            context, keywords=["bad"], pattern_types=["url"], min_confidence=10, max_confidence=90
        )
        with pytest.raises(InvalidInput, match="page_size is 0"):
            await threat_intelligence.query_indicators(context, page_size=0)
    assert [indicator.display_name for indicator in found] == ["bad", "bad"]
    assert [request.body for request in azure.requests] == [
        {
            "pageSize": 100,
            "includeDisabled": False,
            "keywords": ["bad"],
            "patternTypes": ["url"],
            "minConfidence": 10,
            "maxConfidence": 90,
        }
    ] * 2


async def test_an_indicator_is_made_tagged_read_and_deleted() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/threatIntelligence/main/createIndicator", status=201, json=INDICATOR)
    azure.answer("POST", "/indicators/i1/appendTags")
    kept = azure.keep("/threatIntelligence/main/indicators", INDICATOR)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    async with fake_context(azure) as context:
        made = await threat_intelligence.create_indicator(
            context,
            display_name="bad",
            pattern="[url:value = 'x']",
            pattern_type="url",
            source="me",
            threat_types=["c2"],
            valid_from=moment,
            confidence=80,
        )
        assert (made.name, made.confidence, made.threat_types) == ("i1", 80, ("c2",))
        await threat_intelligence.append_tags(context, "i1", ["seen"])
        assert await threat_intelligence.get_indicator(context, "i1") == made
        assert [i.name for i in await threat_intelligence.list_indicators(context)] == ["i1"]
        with pytest.raises(InvalidInput, match="at least one tag"):
            await threat_intelligence.append_tags(context, "i1", [])
        await threat_intelligence.delete_indicator(context, "i1")
    sent = azure.requests[0].body
    assert (sent["kind"], sent["properties"]["validFrom"]) == ("indicator", "2026-01-01T00:00:00Z")
    assert "validUntil" not in sent["properties"]
    assert azure.requests[1].body == {"threatIntelligenceTags": ["seen"]}
    assert kept == {}


@pytest.mark.parametrize("wrong", [{"pattern": " "}, {"display_name": ""}, {"confidence": 101}])
async def test_an_indicator_that_cannot_be_is_refused_unsent(wrong: dict[str, Any]) -> None:
    azure = FakeAzure()
    good: dict[str, Any] = {
        "display_name": "bad",
        "pattern": "[url:value = 'x']",
        "pattern_type": "url",
        "source": "me",
        "threat_types": [],
        "valid_from": datetime(2026, 1, 1, tzinfo=UTC),
    }
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput):
            await threat_intelligence.create_indicator(context, **{**good, **wrong})
    assert azure.requests == []


async def test_the_numbers_of_indicators_are_read() -> None:
    azure = FakeAzure()
    properties = {
        "lastUpdatedTimeUtc": "2026-01-01T00:00:00Z",
        "threatTypeMetrics": [{"metricName": "c2", "metricValue": 4}],
        "patternTypeMetrics": [{"metricName": "url", "metricValue": 3}],
        "sourceMetrics": [{"metricName": "me", "metricValue": 7}],
    }
    azure.answer("GET", "/threatIntelligence/main/metrics", json={"value": [{"properties": properties}]})
    async with fake_context(azure) as context:
        found = await threat_intelligence.get_metrics(context)
    assert (found.by_source, found.by_pattern, found.by_threat) == ({"me": 7}, {"url": 3}, {"c2": 4})
