import pytest

from sentinel_mcp_server.testing import Session


def test_every_incident_is_listed_and_counted(offline: Session) -> None:
    answer = offline.answer("incident_list")
    assert answer["total_count"] == len(answer["incidents"]) >= 3
    assert answer["skip_token"] is None
    created = [incident["created_at"] for incident in answer["incidents"]]
    assert created == sorted(created, reverse=True)


def test_pages_follow_one_another_without_loss(offline: Session) -> None:
    everything = [incident["name"] for incident in offline.answer("incident_list")["incidents"]]
    paged: list[str] = []
    token: str | None = None
    for _ in everything:
        arguments = {"limit": 1} | ({"skip_token": token} if token else {})
        page = offline.answer("incident_list", **arguments)
        paged += [incident["name"] for incident in page["incidents"]]
        token = page["skip_token"]
    assert paged == everything
    assert token is None


def test_filters_narrow_the_list(offline: Session) -> None:
    everything = offline.answer("incident_list")["incidents"]
    high = offline.answer("incident_list", severity=["High"])["incidents"]
    assert high == [incident for incident in everything if incident["severity"] == "High"]
    assert 0 < len(high) < len(everything)
    active = offline.answer("incident_list", status=["Active"])["incidents"]
    assert active == [incident for incident in everything if incident["status"] == "Active"]


def test_a_title_is_found_whatever_quotes_it_is_searched_with(offline: Session) -> None:
    title = offline.answer("incident_list")["incidents"][0]["title"]
    assert offline.answer("incident_list", title_contains=title)["total_count"] == 1
    for hostile in ("' or 1 eq 1 or '", "x') or true or contains(properties/title,'", "%27", "\\"):
        assert offline.answer("incident_list", title_contains=hostile)["incidents"] == []


def test_without_counting_the_total_is_not_known(offline: Session) -> None:
    assert offline.answer("incident_list", count_total=False, limit=1)["total_count"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"severity": ["Critical"]}, "severity.0: input should be 'High', 'Medium', 'Low' or 'Informational'"),
        ({"created_after": "soon"}, "'soon' is no moment"),
        ({"limit": 1000}, "limit: input should be less than or equal to 200"),
        ({"state": "New"}, "there is no argument 'state'"),
    ],
)
def test_bad_input_is_named_in_a_sentence(offline: Session, arguments: dict[str, object], says: str) -> None:
    assert says in offline.refusal("incident_list", **arguments)


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("incident_list")
