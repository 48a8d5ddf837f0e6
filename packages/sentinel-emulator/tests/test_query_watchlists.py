"""Watchlists in queries, as the REST API left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client


def test_a_query_reads_a_watchlist_by_its_alias(client: Client) -> None:
    answer = client.query("_GetWatchlist('HighValueAssets') | project SearchKey, Owner, Tier | sort by SearchKey asc")
    assert answer.status == 200, answer.content
    assert answer.json()["tables"][0]["rows"][0] == ["DC01.contoso.com", "faye.fern@contoso.com", "0"]


def test_rows_are_matched_with_a_watchlist(client: Client) -> None:
    kql = (
        "let offices = _GetWatchlist('OfficeAddresses') | project Address = SearchKey, Office; "
        "SigninLogs | where ResultType == '0' | lookup kind=leftouter offices on $left.IPAddress == $right.Address "
        "| summarize SignIns = count() by Office | where isnotempty(Office) | sort by Office asc"
    )
    assert [row[0] for row in client.rows(kql)] == ["Berlin", "London", "Seattle"]


def test_a_query_sees_what_was_written_to_a_watchlist(fresh: Client) -> None:
    values = {"Asset": "we\"ird\\'", "a column": "é"}
    path = "watchlists/HighValueAssets/watchlistItems/new"
    assert fresh.sentinel("PUT", path, {"properties": {"itemsKeyValue": values}}).status == 201
    kql = "_GetWatchlist('highvalueassets') | where _DTItemId == 'new' | project SearchKey, ['a column'], WatchlistItem"
    ((key, column, item),) = fresh.rows(kql)
    assert (key, column) == (values["Asset"], values["a column"])
    assert "é" in item


def test_a_watchlist_that_is_not_there_is_named(client: Client) -> None:
    inner = client.query("_GetWatchlist('Nope') | take 1").json()["error"]["innererror"]
    assert inner["code"] == "EmulatorUnsupportedError"
    assert "'Nope'" in inner["innererror"]["message"]


def test_the_columns_of_a_watchlist_are_checked_like_any_other(client: Client) -> None:
    answer = client.query("_GetWatchlist('OfficeAddresses') | project Nope")
    assert answer.status == 400
    assert answer.json()["error"]["innererror"]["innererror"]["code"] == "SEM0100"
