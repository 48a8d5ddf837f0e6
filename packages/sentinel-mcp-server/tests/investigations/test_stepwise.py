from datetime import UTC, datetime, timedelta

import pytest

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server.investigations.stepwise import MOST_OVERLAPPING, ROWS, STEP, Runs, in_one_query

VALIDATOR = KqlValidator()
END = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY = Runs(END, HOUR, HOUR, 24)


def query_of(text: str, runs: Runs = HOURLY, by: tuple[str, ...] = ()) -> str:
    query, why_not = in_one_query(VALIDATOR.bind(text), runs, by, VALIDATOR.schema.functions)
    assert query is not None, why_not
    result = VALIDATOR.validate(query)
    assert result.verdict == "valid", (query, result.diagnostics)
    assert result.facts.output_columns is not None
    names = [name for name, _ in result.facts.output_columns]
    assert sorted(names) == sorted([STEP, ROWS, *(f"C{number}" for number in range(len(by)))])
    return query


def why_not(text: str, runs: Runs = HOURLY) -> str:
    query, why = in_one_query(VALIDATOR.bind(text), runs, (), VALIDATOR.schema.functions)
    assert query is None
    return why


def test_runs_are_counted_back_and_see_their_period() -> None:
    runs = Runs(END, HOUR, 3 * HOUR, 2)
    assert runs.moments() == [END - HOUR, END]
    assert runs.sees_from == END - 4 * HOUR


@pytest.mark.parametrize(
    "text",
    [
        "SigninLogs",
        "SigninLogs | where ResultType == '0' | extend X = 1 | project X, IPAddress | where X > 0 | order by X",
        "SigninLogs | summarize N=count() by IPAddress, bin(TimeGenerated, 1h) | where N > 2",
        "SigninLogs | summarize N=count() by IPAddress | summarize M=max(N) by IPAddress // at the end",
        "SigninLogs | summarize arg_max(TimeGenerated, *) by IPAddress",
        "SigninLogs | distinct IPAddress, UserPrincipalName",
        "SigninLogs | project-away UserPrincipalName | project-keep IPAddress;",
    ],
)
def test_rows_and_groups_are_counted_by_run(text: str) -> None:
    query_of(text, by=("IPAddress",) if "project X, IPAddress" not in text else ())
    query_of(text, Runs(END, HOUR, 24 * HOUR, 24))


def test_the_clock_counts_from_the_run_everywhere() -> None:
    query = query_of(
        "Heartbeat | where TimeGenerated > ago(5h) | summarize Last=max(TimeGenerated) by Computer"
        " | where Last < ago(2h)"
    )
    assert f"({STEP} - (5h))" in query
    assert f"({STEP} - (2h))" in query
    assert "ago(" not in query
    assert f"by Computer, {STEP}" in query


def test_a_period_of_several_frequencies_copies_each_row() -> None:
    assert "mv-expand" not in query_of("SigninLogs")
    assert "dynamic([1, 2, 3])" in query_of("SigninLogs", Runs(END, HOUR, 3 * HOUR, 24))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("let x = 1; SigninLogs | where x == 1", "let"),
        ("SigninLogs | take 5", "the operator take"),
        ("SigninLogs | summarize count()", "a summarize without by"),
        ("SigninLogs | distinct *", "distinct *"),
        ("SigninLogs | join kind=inner (AuditLogs) on CorrelationId", "a table inside another expression"),
        ("SigninLogs | where IPAddress in ((AuditLogs | project OperationName))", "a table inside another expression"),
        ("union SigninLogs, AuditLogs", "does not begin with one table"),
        ("print 1", "does not begin with one table"),
        ("_GetWatchlist('x')", "does not begin with one table"),
        ("SigninLogs | sort by TimeGenerated | extend P = prev(IPAddress)", "it calls prev"),
        ("SigninLogs | where rand() > 0.5", "it calls rand"),
    ],
)
def test_what_is_not_exact_is_left_to_one_query_a_run(text: str, why: str) -> None:
    assert why in why_not(text)


def test_periods_that_do_not_fit_the_frequency_are_left_to_one_query_a_run() -> None:
    assert "times the frequency" in why_not("SigninLogs", Runs(END, HOUR, 1.5 * HOUR, 24))
    assert "times the frequency" in why_not("SigninLogs", Runs(END, HOUR, (MOST_OVERLAPPING + 1) * HOUR, 24))


def test_a_column_of_any_name_is_quoted() -> None:
    query, _ = in_one_query(VALIDATOR.bind("SigninLogs"), HOURLY, ["a'] | take 1 //"], ())
    assert query is not None
    assert "tostring(['a\\'] | take 1 //'])" in query
