import pytest

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server import kql_text
from sentinel_mcp_server.investigations.sightings import SIGHTINGS, EntityKind, Sighting
from sentinel_mcp_server.testing import Session

SPRAYER = "203.0.113.77"
VICTIM = "dana.willow@contoso.com"
EVERYTHING = [(kind, sighting) for kind, sightings in SIGHTINGS.items() for sighting in sightings]


def rows(session: Session, query: str) -> int:
    return session.answer("query_run", query=f"{query} | count", timespan="14d")["tables"][0]["rows"][0][0]


@pytest.mark.parametrize(("kind", "sighting"), EVERYTHING, ids=lambda item: getattr(item, "table", item))
def test_every_sighting_is_valid_kql_over_the_known_tables(kind: EntityKind, sighting: Sighting) -> None:
    hostile = "x' or 1==1 | take 1 // "
    query = f"{sighting.table} | where {sighting.condition(hostile)} | project What={sighting.what}"
    bound = KqlValidator().bind(query)
    assert bound.result.verdict == "valid", [d.message for d in bound.result.errors]
    assert bound.result.facts.operators == ("where", "project")
    assert set(bound.result.facts.tables[sighting.table]) <= set(sighting.columns)


def test_an_address_is_counted_in_each_table_as_a_query_of_that_table_counts_it(offline: Session) -> None:
    answer = offline.answer("entity_pivot", kind="ip", value=SPRAYER, timespan="14d")
    seen = {table["table"]: table["rows"] for table in answer["seen"]}
    assert seen["SigninLogs"] == rows(offline, f"SigninLogs | where IPAddress == {kql_text.string(SPRAYER)}") > 40
    for table in ("CommonSecurityLog", "ThreatIntelIndicators"):
        column = "ObservableValue" if table == "ThreatIntelIndicators" else "DestinationIP"
        other = "" if table == "ThreatIntelIndicators" else f" or SourceIP == {kql_text.string(SPRAYER)}"
        assert seen[table] == rows(offline, f"{table} | where {column} == {kql_text.string(SPRAYER)}{other}")


def test_a_user_has_one_timeline_over_all_tables_in_order(offline: Session) -> None:
    answer = offline.answer("entity_pivot", kind="user", value=VICTIM.upper(), timespan="14d", limit=500)
    times = [event["time"] for event in answer["timeline"]]
    assert times == sorted(times)
    tables = {table["table"] for table in answer["seen"] if table["rows"]}
    assert {"SigninLogs", "OfficeActivity", "AuditLogs"} <= tables
    assert len(times) == min(500, sum(table["rows"] for table in answer["seen"]))


def test_a_short_timeline_says_that_it_is_not_everything(offline: Session) -> None:
    answer = offline.answer("entity_pivot", kind="user", value=VICTIM, timespan="14d", limit=3)
    assert len(answer["timeline"]) == 3
    assert "newest 3 of" in answer["status_reason"]


@pytest.mark.parametrize("kind", list(SIGHTINGS))
def test_an_unknown_entity_is_seen_nowhere_and_every_table_says_so(offline: Session, kind: str) -> None:
    answer = offline.answer("entity_pivot", kind=kind, value="nobody-at-all.example", timespan="14d")
    assert answer["seen"]
    assert all(table["rows"] == 0 for table in answer["seen"])
    assert answer["timeline"] == []


@pytest.mark.parametrize("value", ["' or 1==1 //", "x\\", "a\nb", '" | take 1', "];--"])
def test_a_hostile_value_finds_nothing_rather_than_everything(offline: Session, value: str) -> None:
    answer = offline.answer("entity_pivot", kind="user", value=value, timespan="14d")
    assert sum(table["rows"] for table in answer["seen"] if table["table"] != "SecurityAlert") == 0


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "kind: input should be 'user'" in offline.refusal("entity_pivot", kind="planet", value="x1")
    assert "value: string should have at least 2 characters" in offline.refusal("entity_pivot", kind="ip", value="x")
