"""Names never leave under pseudonyms, stand-ins come back as names, and both only within one session."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server import Settings
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.pseudonyms import Pseudonyms
from sentinel_mcp_server.testing import Session, connected, text
from sentinel_mcp_server.trust import Json

STAND_IN = re.compile(r"pn-(user|host|ip|mail)-[a-z2-7]{10}(\.\d+)?")


def rows(columns: list[str], *cells: list[Json]) -> Json:
    return {"columns": [{"name": column, "type": "string"} for column in columns], "rows": list(cells)}


def cells(answer: Json) -> list[Any]:
    assert isinstance(answer, dict)
    found: Any = answer["rows"]
    return found[0]


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("UserPrincipalName", "dana.willow@contoso.com", "mail"),
        ("Account", "CONTOSO\\dana.willow", "user"),
        ("AccountName", "dana", "user"),
        ("Computer", "LT-004.contoso.com", "host"),
        ("IPAddress", "203.0.113.77", "ip"),
        ("AnyColumn", "203.0.113.77", "ip"),
        ("AnyColumn", "2001:db8::1", "ip"),
        ("AnyColumn", "dana.willow@contoso.com", "mail"),
    ],
)
def test_a_name_in_its_column_becomes_a_stand_in_and_comes_back_as_itself(column: str, value: str, kind: str) -> None:
    pseudonyms = Pseudonyms()
    (shown,) = cells(pseudonyms.hide("me", rows([column], [value])))
    match = STAND_IN.fullmatch(shown)
    assert match is not None
    assert match[1] == kind
    assert pseudonyms.reveal("me", {"value": shown}) == {"value": value}


def test_the_same_name_has_the_same_stand_in_and_another_spelling_a_number() -> None:
    pseudonyms = Pseudonyms()
    first, again, other = cells(pseudonyms.hide("me", rows(["Computer"] * 3, ["LT-004", "LT-004", "lt-004"])))
    assert first == again
    assert other == f"{first}.2"
    assert pseudonyms.reveal("me", {"a": [first, other]}) == {"a": ["LT-004", "lt-004"]}


def test_a_name_that_was_seen_in_a_column_is_hidden_in_text_and_json_from_then_on() -> None:
    pseudonyms = Pseudonyms()
    answer = pseudonyms.hide(
        "me",
        {
            "text": "Dana Willow signed in on LT-004, as CONTOSO\\dwillow, from 203.0.113.77.",
            "inner": rows(
                ["Dynamic"], ['{"User":"CONTOSO\\\\dwillow","DeviceName":"LT-004","other":"dwillow was here"}']
            ),
            "people": rows(["UserDisplayName", "Computer", "Account"], ["Dana Willow", "LT-004", "CONTOSO\\dwillow"]),
        },
    )
    shown = json.dumps(answer)
    for name in ("Dana", "Willow", "LT-004", "dwillow", "203.0"):
        assert name not in shown
    assert isinstance(answer, dict)
    inner: Any = answer["inner"]
    assert json.loads(inner["rows"][0][0])["DeviceName"].startswith("pn-host-")


def test_a_full_host_name_in_a_domain_that_mail_has_shown_is_hidden_in_any_text() -> None:
    pseudonyms = Pseudonyms()
    pseudonyms.hide("me", "dana.willow@contoso.com")
    shown = str(pseudonyms.hide("me", "to DC01.contoso.com and www.example.com"))
    assert re.fullmatch(r"to pn-host-[a-z2-7]{10} and www\.example\.com", shown)


def test_words_that_only_look_like_names_stay() -> None:
    pseudonyms = Pseudonyms()
    pseudonyms.hide("me", rows(["AccountName"], ["High"]))
    left: Json = {
        "severity": "High",
        "at": "2026-01-31T13:53:22Z",
        "build": "10.0.19041.1",
        "owner": "unassigned",
        "n": 4,
    }
    assert pseudonyms.hide("me", left) == left


def test_an_entity_is_named_by_its_kind() -> None:
    shown: Any = Pseudonyms().hide(
        "me", {"entities": [{"kind": "Host", "name": "LT-004"}, {"kind": "File", "name": "a.exe"}]}
    )
    assert shown["entities"][0]["name"].startswith("pn-host-")
    assert shown["entities"][1]["name"] == "a.exe"


def test_json_that_was_cut_short_gives_its_names_too() -> None:
    shown = str(
        Pseudonyms().hide("me", rows(["Details"], ['{"n":1,"deviceName":"LT-004","userDisplayName":"Dana Wil…[9']))
    )
    assert "LT-004" not in shown
    assert "Dana" not in shown


def test_sessions_share_nothing() -> None:
    pseudonyms = Pseudonyms()
    (mine,) = cells(pseudonyms.hide("me", rows(["Computer"], ["LT-004"])))
    (theirs,) = cells(pseudonyms.hide("you", rows(["Computer"], ["LT-004"])))
    assert mine != theirs
    with pytest.raises(Refused, match="stands for nothing in this session"):
        pseudonyms.reveal("you", {"value": mine})


@pytest.mark.parametrize("name", ['dana"; drop', "dana`x", "a\nb", "x|take 1"])
def test_a_name_that_would_change_a_query_is_refused_there_and_given_elsewhere(name: str) -> None:
    pseudonyms = Pseudonyms()
    (shown,) = cells(pseudonyms.hide("me", rows(["AccountName"], [name])))
    with pytest.raises(Refused, match="cannot be put into a query safely"):
        pseudonyms.reveal("me", {"query": f'T | where A == "{shown}"'})
    assert pseudonyms.reveal("me", {"value": shown}) == {"value": name}


def test_a_backslash_is_escaped_in_a_plain_string_and_refused_in_a_verbatim_one() -> None:
    pseudonyms = Pseudonyms()
    (shown,) = cells(pseudonyms.hide("me", rows(["Account"], ["CONTOSO\\dana"])))
    assert pseudonyms.reveal("me", {"query": f'A == "{shown}"'}) == {"query": 'A == "CONTOSO\\\\dana"'}
    with pytest.raises(Refused):
        pseudonyms.reveal("me", {"query": f'A == @"{shown}"'})


@given(st.text(), st.sampled_from(["Computer", "Account", "Message"]))
def test_no_text_breaks_it_and_hiding_twice_hides_no_more(value: str, column: str) -> None:
    pseudonyms = Pseudonyms()
    once = pseudonyms.hide("me", rows([column], [value]))
    assert pseudonyms.hide("me", once) == once


@pytest.fixture(scope="module")
def hidden() -> Iterator[Session]:
    with connected(Settings(offline=True, toolsets=frozenset({"all"}), pseudonymise=True)) as session:
        yield session


@pytest.fixture(scope="module")
def names(offline: Session) -> set[str]:
    """Everybody and everything that the workspace names in these columns."""
    query = (
        "union isfuzzy=true (SigninLogs | project N = UserPrincipalName), (SigninLogs | project N = IPAddress), "
        "(Heartbeat | project N = Computer), (DeviceProcessEvents | project N = DeviceName), "
        "(SigninLogs | project N = UserDisplayName), "
        "(SecurityEvent | project N = Account), (SecurityEvent | project N = TargetUserName) | distinct N"
    )
    found = offline.answer("query_run", query=query, timespan="14d", max_rows=10_000)
    assert found["status"] == "complete"
    return {row[0] for row in found["tables"][0]["rows"] if row[0] and re.search(r"[. \\]", row[0])}


@pytest.mark.thorough
def test_no_tool_shows_a_name_of_the_workspace(
    hidden: Session, names: set[str], good_calls: Callable[[Session], dict[str, dict[str, Any]]]
) -> None:
    assert len(names) > 50
    leaks: dict[str, list[str]] = {}
    for tool, arguments in good_calls(hidden).items():
        result = hidden.call(tool, **arguments)
        assert not result.is_error, text(result)
        shown = text(result) + json.dumps(result.structured_content)
        given = json.dumps(arguments)
        if found := [name for name in names if name in shown and name not in given]:
            leaks[tool] = found
    assert leaks == {}


def test_a_stand_in_of_one_answer_is_understood_by_the_next(hidden: Session) -> None:
    answer = hidden.answer(
        "query_run", query="SigninLogs | top 1 by TimeGenerated | project UserPrincipalName", timespan="14d"
    )
    stand_in = answer["tables"][0]["rows"][0][0]
    assert STAND_IN.fullmatch(stand_in)
    query = f'SigninLogs | where UserPrincipalName == "{stand_in}" | summarize n = count() by UserPrincipalName'
    again = hidden.answer("query_run", query=query, timespan="14d")["tables"][0]["rows"][0]
    assert again[1] > 0
    assert again[0] == stand_in
    assert hidden.answer("entity_pivot", kind="user", value=stand_in, timespan="14d")["timeline"]
    assert "stands for nothing" in hidden.refusal("query_run", query='print "pn-user-aaaaaaaaaa"')


def test_the_sentence_of_a_refusal_names_nobody(hidden: Session) -> None:
    refusal = hidden.refusal(
        "query_run", query="SigninLogs | where Nope == 'dana.willow@contoso.com' | Nope2 203.0.113.77"
    )
    assert "contoso.com" not in refusal
    assert "203.0" not in refusal


def test_a_kept_result_is_under_pseudonyms_too(hidden: Session) -> None:
    query = "SigninLogs | project UserPrincipalName, IPAddress"
    answer = hidden.answer("query_run", query=query, timespan="14d", max_rows=1)
    for address in ("", "/csv"):
        uri = f"sentinel://results/{answer['result_id']}{address}"
        (file,) = hidden.portal.call(hidden.client.read_resource, uri).contents
        shown = str(file)
        assert "pn-mail-" in shown
        assert "@contoso.com" not in shown
