"""Answers held against SQL over the generated rows themselves: neither KQL nor any code under test is in between."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Inside

HAS_ADDRESS = "regexp_matches(\"ClientIP\", '(^|[^0-9])' || replace(?, '.', '[.]') || '($|[^0-9])')"
WITHIN = '"TimeGenerated" between cast(? as timestamp) and cast(? as timestamp)'


def window(answer: dict[str, Any]) -> list[str]:
    """Both ends as SQL takes them; the data are in UTC without a zone."""
    return [datetime.fromisoformat(answer[side]).replace(tzinfo=None).isoformat(" ") for side in ("start", "end")]


def sql(inside: "Inside", table: str, condition: str, *values: object, span: list[str]) -> int:
    store = inside.emulator.store()
    rows = store.read(f'select count(*) from store."{table}" where {WITHIN} and ({condition})', [*span, *values])
    return rows[0][0]


@pytest.mark.parametrize(
    ("kind", "value", "conditions"),
    [
        (
            "ip",
            "203.0.113.77",
            {
                "SigninLogs": '"IPAddress" = ?',
                "OfficeActivity": HAS_ADDRESS,
                "ThreatIntelIndicators": '"ObservableValue" = ?',
                "DeviceNetworkEvents": '"RemoteIP" = ?',
            },
        ),
        (
            "user",
            "Dana.Willow@contoso.com",
            {
                "SigninLogs": 'lower("UserPrincipalName") = lower(?)',
                "OfficeActivity": 'lower("UserId") = lower(?)',
                "AuditLogs": "lower(\"InitiatedBy\" ->> '$.user.userPrincipalName') = lower(?)",
                "DeviceProcessEvents": "lower(\"AccountName\") = lower(split_part(?, '@', 1))",
            },
        ),
        (
            "host",
            "lt-004",
            {
                "DeviceProcessEvents": "regexp_matches(\"DeviceName\", '(?i)(^|[^a-z0-9])' || ? || '([^a-z0-9]|$)')",
                "Heartbeat": "regexp_matches(\"Computer\", '(?i)(^|[^a-z0-9])' || ? || '([^a-z0-9]|$)')",
            },
        ),
    ],
)
def test_entity_pivot_counts_what_sql_counts(
    inside: "Inside", kind: str, value: str, conditions: dict[str, str]
) -> None:
    answer = inside.session.answer("entity_pivot", kind=kind, value=value, timespan="13d", limit=500)
    seen = {table["table"]: table for table in answer["seen"]}
    expected = {
        table: sql(inside, table, condition, value, span=window(answer)) for table, condition in conditions.items()
    }
    assert sum(expected.values()) > 0
    assert {table: seen[table]["rows"] for table in conditions} == expected
    for table, condition in conditions.items():
        if expected[table]:
            ends = 'min("TimeGenerated"), max("TimeGenerated")'
            (found,) = inside.emulator.store().read(
                f'select {ends} from store."{table}" where {WITHIN} and ({condition})', [*window(answer), value]
            )
            told = [datetime.fromisoformat(seen[table][end]).replace(tzinfo=None) for end in ("first", "last")]
            assert [abs((a - b).total_seconds()) < 0.001 for a, b in zip(told, found, strict=True)] == [True, True]


def zero(inside: "Inside", query: str, timespan: str) -> tuple[dict[str, Any], list[str]]:
    answer = inside.session.answer("query_run", query=query, timespan=timespan)
    assert answer["row_count"] == 0
    return answer["zero_rows"], window(answer["window"])


def test_zero_rows_names_the_newest_record_that_sql_finds(inside: "Inside") -> None:
    why, _ = zero(inside, "SigninLogs | take 5", "2020-01-01/2020-01-02")
    ((newest,),) = inside.emulator.store().read('select max("TimeGenerated") from store."SigninLogs"')
    told = datetime.fromisoformat(why["tables"][0]["newest"]).replace(tzinfo=None)
    assert why["reason"] == "table empty in the window"
    assert abs((told - newest).total_seconds()) < 0.001


@pytest.mark.parametrize(
    ("steps", "conditions", "removed_by"),
    [
        (
            ['where ResultType == "0"', 'where AppDisplayName == "no such app"'],
            ["\"ResultType\" = '0'"],
            'where AppDisplayName == "no such app"',
        ),
        (
            ['where Location == "DE"', 'where ResultType != "0"', 'where UserPrincipalName startswith "zzz"'],
            ["\"Location\" = 'DE'", "\"ResultType\" <> '0'"],
            'where UserPrincipalName startswith "zzz"',
        ),
    ],
)
def test_zero_rows_tells_how_many_rows_reached_the_step_that_removed_them(
    inside: "Inside", steps: list[str], conditions: list[str], removed_by: str
) -> None:
    why, span = zero(inside, " | ".join(["SigninLogs", *steps]), "7d")
    reached = sql(inside, "SigninLogs", " and ".join(conditions), span=span)
    assert reached > 0
    assert why["removed_by"] == removed_by
    assert why["explanation"].startswith(f"{reached} rows reach the step")
    assert why["tables"][0]["rows_in_window"] == sql(inside, "SigninLogs", "true", span=span)


def test_a_query_counts_what_sql_counts(inside: "Inside") -> None:
    answer = inside.session.answer(
        "query_run", query="SigninLogs | summarize n = count() by ResultType | order by ResultType asc", timespan="9d"
    )
    expected = inside.emulator.store().read(
        f'select "ResultType", count(*) from store."SigninLogs" where {WITHIN} group by 1 order by 1',
        window(answer["window"]),
    )
    assert [tuple(row) for row in answer["tables"][0]["rows"]] == expected
