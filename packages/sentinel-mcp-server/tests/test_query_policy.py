import pytest

from sentinel_kql_validator import Facts, KqlValidator, Result
from sentinel_mcp_server.query_policy import refusals

VALIDATOR = KqlValidator()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SigninLogs | take 1\n.drop table SigninLogs", "control command"),
        ("SigninLogs | take 1\n\n.drop table SigninLogs", "control command"),
        (".show tables", "control command"),
        ("SigninLogs | take 1; AuditLogs | take 2", "several statements"),
        ('externaldata(a:string)["https://x.example/y.csv"]', "externaldata reads from outside"),
        ('let x = externaldata(a:string)["https://x.example/y"]; x', "externaldata reads from outside"),
        ('evaluate http_request("https://x.example")', "plugin http_request"),
        ("SigninLogs | evaluate python(typeof(*), 'x')", "plugin python"),
        ('workspace("other").SigninLogs | take 1', "other workspaces"),
        ('cluster("c").database("d").T | take 1', "another cluster"),
        ('adx("https://c.example/d").T | take 1', "another cluster, database or service"),
    ],
)
def test_what_reaches_beyond_the_workspace_is_refused_by_name(query: str, says: str) -> None:
    assert says in " ".join(refusals(query, VALIDATOR.validate(query), frozenset()))


@pytest.mark.parametrize(
    "query",
    [
        "SigninLogs | take 1",
        'SigninLogs | where UserAgent has ".drop table" or UserAgent == "externaldata"',
        "SigninLogs | where TimeGenerated > ago(1d) // .drop table SigninLogs",
        "let d = 1d;\nSigninLogs | where TimeGenerated > ago(d)",
        "AuditLogs | evaluate bag_unpack(AdditionalDetails)",
    ],
)
def test_a_query_that_stays_inside_passes_whatever_its_strings_say(query: str) -> None:
    assert refusals(query, VALIDATOR.validate(query), frozenset()) == ()


def test_a_setting_opens_what_it_names_and_nothing_else() -> None:
    query = 'externaldata(a:string)["https://x.example/y.csv"]'
    result = VALIDATOR.validate(query)
    assert refusals(query, result, frozenset({"externaldata"})) == ()
    assert refusals(query, result, frozenset({"plugins"}))


def test_nothing_opens_control_commands() -> None:
    everything = frozenset({"externaldata", "plugins", "other-workspaces", "other-clusters", "statements"})
    assert refusals(".show tables", VALIDATOR.validate(".show tables"), everything)


def test_where_nobody_could_look_a_word_that_leads_out_is_enough() -> None:
    unseen = Result("unknown", "basic", None, (), Facts(complete=False), reason="too deep")
    assert "externaldata" in refusals("T | join (externaldata(a:string)['x']) on a", unseen, frozenset())[0]
    assert refusals("T | take 1", unseen, frozenset()) == ()
