"""Whatever JSON the service sends, a model is made of it or it is called malformed; nothing else ever happens."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients import (
    MalformedAnswer,
    _wire,
    alert_rules,
    automation_rules,
    bookmarks,
    data_connectors,
    enrichment,
    entities,
    hunts,
    incidents,
    metadata,
    playbooks,
    resource,
    saved_searches,
    tables,
    threat_intelligence,
    threat_objects,
    usage,
    watchlists,
    workspace,
)

Json = dict[str, Any]
READERS: tuple[Callable[[Json], Any], ...] = (
    incidents.from_wire,
    incidents.alert_from_wire,
    incidents.entity_from_wire,
    incidents.comment_from_wire,
    incidents.relation_from_wire,
    incidents.task_from_wire,
    alert_rules.from_wire,
    alert_rules.template_from_wire,
    automation_rules.from_wire,
    bookmarks.from_wire,
    data_connectors.from_wire,
    data_connectors.definition_from_wire,
    entities.insights_from_wire,
    entities.timeline_from_wire,
    hunts.from_wire,
    metadata.from_wire,
    playbooks.from_wire,
    resource.from_wire,
    saved_searches.from_wire,
    tables.from_wire,
    threat_intelligence.from_wire,
    threat_intelligence.metrics_from_wire,
    threat_objects.from_wire,
    watchlists.from_wire,
    watchlists.item_from_wire,
    workspace.from_wire,
    usage.limit_from_wire,
    usage.tier_from_wire,
    enrichment.geodata_from_wire,
    enrichment.whois_from_wire,
)
NAMES = st.sampled_from(
    [
        "additionalData",
        "alertDisplayName",
        "author",
        "columns",
        "conditions",
        "confidence",
        "created",
        "createdBy",
        "createdTimeUtc",
        "customerId",
        "dailyQuotaGb",
        "dataTypes",
        "displayName",
        "enabled",
        "incidentNumber",
        "itemsKeyValue",
        "labelName",
        "labels",
        "limit",
        "name",
        "owner",
        "pattern",
        "parsedWhois",
        "query",
        "queryResult",
        "requiredDataConnectors",
        "relatedResourceId",
        "schema",
        "severity",
        "sku",
        "standardColumns",
        "state",
        "tactics",
        "tags",
        "techniques",
        "title",
        "triggeringLogic",
        "type",
        "value",
        "workspaceCapping",
        "actions",
        "isEnabled",
        "order",
        "domain",
        "ipAddr",
        "connectorId",
        "dataTypes",
        "alertsCount",
        "tags",
        "version",
        "updated",
        "threatTypes",
        "aggregations",
        "chartQueryResults",
        "connectivityCriteria",
        "connectorUiConfig",
        "count",
        "data",
        "errors",
        "kind",
        "metricName",
        "metricValue",
        "queryTimeInterval",
        "rows",
        "sourceMetrics",
        "startTime",
        "tableQueryResults",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats()
    | st.sampled_from(
        ["", "x", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00", "yesterday", "9999-12-31T23:59:59.9999999Z"]
    )
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("/a/b") | JSON,
        "name": st.just("b") | JSON,
        "etag": JSON,
        "kind": JSON,
        "properties": st.dictionaries(NAMES, JSON, max_size=8) | JSON,
        "ipAddr": JSON,
        "domain": JSON,
        "created": JSON,
        "parsedWhois": JSON,
        "currentValue": JSON,
        "tags": JSON,
        "location": JSON,
        "serviceTier": JSON,
        "tables": JSON,
        "value": JSON,
        "metaData": JSON,
    },
)


@pytest.mark.parametrize("read", READERS, ids=lambda read: f"{read.__module__.rsplit('.', 1)[-1]}.{read.__name__}")
@settings(max_examples=60, deadline=None)
@given(source=OBJECTS)
def test_any_object_is_read_or_malformed(read: Callable[[Json], Any], source: Json) -> None:
    with suppress(MalformedAnswer):
        found = read(source)
        assert found.raw is source


FIELDS: list[tuple[Callable[[Json, str], Any], object, object]] = [
    (_wire.text, "x", 1),
    (_wire.whole, 3, 3.5),
    (_wire.whole, 3.0, True),
    (_wire.real, 1, "1"),
    (_wire.flag, False, 0),
    (_wire.moment, "2026-01-01", "soon"),
    (_wire.strings, ["a"], ["a", 1]),
    (_wire.strings, [], "a"),
    (_wire.objects, [{}], [1]),
    (_wire.section, {}, []),
]


@pytest.mark.parametrize(("reader", "good", "bad"), FIELDS)
def test_a_field_of_another_type_is_named(reader: Callable[[Json, str], Any], good: object, bad: object) -> None:
    assert reader({"field": good}, "field") is not None
    assert reader({}, "field") in (None, (), {})
    assert reader({"field": None}, "field") in (None, (), {})
    with pytest.raises(MalformedAnswer, match="in 'field' where"):
        reader({"field": bad}, "field")


def test_a_time_without_a_zone_is_taken_as_utc() -> None:
    found = _wire.moment({"t": "2026-01-01T00:00:00"}, "t")
    assert found is not None
    assert found.isoformat() == "2026-01-01T00:00:00+00:00"
