import base64
from typing import Any

import pytest
from mcp_types import ImageContent

from sentinel_mcp_server import Settings, chart_drawing
from sentinel_mcp_server.testing import Session, connected, text

pytestmark = pytest.mark.usefixtures("drawing")
BY_HOUR = "SigninLogs | summarize n=count() by bin(TimeGenerated, 1h), ResultType | render timechart"


@pytest.fixture
def drawing() -> None:
    pytest.importorskip("vl_convert", reason="the extra `charts` is not installed")


def test_the_picture_comes_beside_the_text_and_the_rows_behind_it(offline: Session) -> None:
    result = offline.call("query_chart", query=BY_HOUR, timespan="3d", title="Sign-ins")
    assert not result.is_error
    _, picture = result.content
    assert isinstance(picture, ImageContent)
    assert picture.mime_type == "image/png"
    assert base64.b64decode(picture.data).startswith(b"\x89PNG")
    answer = result.structured_content
    assert answer is not None
    same = f"{answer['window']['start']}/{answer['window']['end']}"
    run = offline.answer("query_run", query=BY_HOUR, timespan=same, max_rows=1000)
    assert answer["row_count"] == run["row_count"]
    assert sorted(answer["table"]["rows"]) == sorted(run["tables"][0]["rows"])
    assert answer["layout"] == {
        "kind": "line",
        "x": "TimeGenerated",
        "y": ["n"],
        "series": ["ResultType"],
        "of_time": True,
    }
    assert (answer["status"], answer["query_hash"]) == ("complete", run["query_hash"])


def test_too_many_series_are_said_before_the_fence(offline: Session) -> None:
    query = "SigninLogs | summarize n=count() by bin(TimeGenerated, 1d), UserPrincipalName"
    shown = text(offline.call("query_chart", query=query, timespan="14d"))
    assert "series; the 12 largest are drawn" in shown[: shown.index("<untrusted-")]


def test_a_chart_of_no_rows_is_refused_with_the_reason(offline: Session) -> None:
    refusal = offline.refusal("query_chart", query="AWSCloudTrail | summarize count() by EventName", timespan="1d")
    assert "so there is nothing to draw" in refusal


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"query": "SigninLogs | where Nope == 1"}, "it is invalid"),
        ({"query": "SigninLogs | project UserPrincipalName | take 3"}, "no column of numbers"),
        ({"query": BY_HOUR, "y": ["Nope"]}, "no column 'Nope'"),
        ({"query": BY_HOUR, "kind": "radar"}, "kind: input should be 'line'"),
        ({"query": BY_HOUR, "timespan": "soon"}, "is no timespan"),
    ],
)
def test_bad_input_is_named_in_a_sentence(offline: Session, arguments: dict[str, Any], says: str) -> None:
    assert says in offline.refusal("query_chart", **({"timespan": "3d"} | arguments))


def test_without_the_library_nothing_is_sent_and_the_way_to_it_is_told(
    offline: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str) -> None:
        assert name == "vl_convert"

    monkeypatch.setattr(chart_drawing, "find_spec", nothing)
    assert "extra `charts`" in offline.refusal("query_chart", query=BY_HOUR)


def test_under_pseudonyms_the_picture_is_drawn_from_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, Any]] = []

    def note(chart: dict[str, Any]) -> bytes:
        drawn.append(chart)
        return b"\x89PNG"

    monkeypatch.setattr("sentinel_mcp_server.chart_drawing.draw", note)
    with connected(Settings(offline=True, pseudonymise=True)) as session:
        query = "SigninLogs | summarize n=count() by UserPrincipalName | top 5 by n"
        result = session.call("query_chart", query=query, timespan="7d")
    assert not result.is_error, text(result)
    assert "contoso.com" not in str(drawn)
    assert str(drawn).count("pn-") >= 5
