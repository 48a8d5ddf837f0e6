"""Incidents over ARM, compared with what the service was recorded to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from sentinel_emulator.testing import ARM, Client

if TYPE_CHECKING:
    from sentinel_emulator import Emulator

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "payloads" / "recordings"


def recorded(name: str) -> Any:
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    return json.loads((RECORDINGS / name).read_text())["response"]["body"]


def listed(client: Client, query: str = "") -> list[Any]:
    answer = client.sentinel("GET", f"incidents{query}")
    assert answer.status == 200, answer.content
    return answer.json()["value"]


def filtered(client: Client, condition: str) -> list[int]:
    return [item["properties"]["incidentNumber"] for item in listed(client, f"?$filter={quote(condition)}")]


def test_the_intrusion_yields_three_incidents_newest_first(client: Client, emulator: Emulator) -> None:
    titles = [item["properties"]["title"] for item in listed(client)]
    assert titles == list(reversed(emulator.ground_truth.incidents))


def test_an_incident_has_the_recorded_members_in_their_order(client: Client) -> None:
    expected = next(
        item for item in recorded("arm_incident_list_200_excerpt.json")["value"] if "description" in item["properties"]
    )
    (found,) = (
        item
        for item in listed(client)
        if item["properties"]["owner"]["objectId"] is None and item["properties"]["incidentNumber"] == 3
    )
    assert list(found) == list(expected)
    assert list(found["properties"]) == list(expected["properties"])
    assert list(found["properties"]["owner"].items()) == list(expected["properties"]["owner"].items())
    # Newer captures of the service carry `techniques` too.
    assert list(found["properties"]["additionalData"])[:-1] == list(expected["properties"]["additionalData"])
    assert found["type"] == expected["type"]


def test_alerts_and_entities_have_the_recorded_members_in_their_order(client: Client) -> None:
    name = listed(client)[-1]["name"]
    alerts = client.sentinel("POST", f"incidents/{name}/alerts").json()
    expected = recorded("arm_incident_alerts_post_200.json")
    assert list(alerts["value"][0]) == list(expected["value"][0])
    assert list(alerts["value"][0]["properties"]) == list(expected["value"][0]["properties"])
    entities = client.sentinel("POST", f"incidents/{name}/entities").json()
    expected = recorded("arm_incident_entities_post_200.json")
    address = next(item for item in entities["entities"] if item["kind"] == "Ip")
    assert list(entities) == list(expected)
    assert list(address) == list(expected["entities"][0])
    assert list(address["properties"]) == list(expected["entities"][0]["properties"])
    assert list(entities["metaData"][0]) == list(expected["metaData"][0])


def test_comments_have_the_recorded_members_in_their_order(client: Client) -> None:
    name = listed(client)[-1]["name"]
    comments = client.sentinel("GET", f"incidents/{name}/comments").json()["value"]
    expected = recorded("arm_incident_comment_create_201.json")
    assert list(comments[0]) == list(expected)
    assert list(comments[0]["properties"]) == list(expected["properties"])
    assert list(comments[0]["properties"]["author"]) == list(expected["properties"]["author"])
    one = client.sentinel("GET", f"incidents/{name}/comments/{comments[0]['name']}")
    assert one.json() == comments[0]


def test_the_entities_of_an_incident_are_those_of_its_rows(client: Client, emulator: Emulator) -> None:
    truth = emulator.ground_truth
    seen: set[str] = set()
    for incident in listed(client):
        for entity in client.sentinel("POST", f"incidents/{incident['name']}/entities").json()["entities"]:
            properties = entity["properties"]
            seen.add(str(properties.get("address") or properties.get("accountName") or properties.get("hostName")))
    assert set(truth.attacker_addresses) | {truth.victim.partition("@")[0], truth.device.partition(".")[0]} <= seen


def test_the_alert_rows_name_the_alerts_of_the_incidents(client: Client) -> None:
    ids = {row[0] for row in client.rows("SecurityAlert | project SystemAlertId")}
    alerts = {
        alert["name"]
        for incident in listed(client)
        for alert in client.sentinel("POST", f"incidents/{incident['name']}/alerts").json()["value"]
    }
    assert ids == alerts


def test_the_latest_incident_rows_agree_with_the_incidents(client: Client) -> None:
    rows = client.rows("SecurityIncident | summarize arg_max(TimeGenerated, Status, Severity, Title) by IncidentName")
    assert sorted((row[0], row[2], row[3], row[4]) for row in rows) == sorted(
        (item["name"], item["properties"]["status"], item["properties"]["severity"], item["properties"]["title"])
        for item in listed(client)
    )


def test_incidents_are_listed_a_page_at_a_time(client: Client) -> None:
    answer = client.sentinel("GET", "incidents?$top=2").json()
    numbers = [item["properties"]["incidentNumber"] for item in answer["value"]]
    link = answer["nextLink"]
    assert link.startswith(f"{ARM}/subscriptions/")
    assert "&$skipToken=" in link
    rest = client.send("GET", link).json()
    assert "nextLink" not in rest
    assert [*numbers, *(item["properties"]["incidentNumber"] for item in rest["value"])] == [3, 2, 1]


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ("properties/severity eq 'High'", [3, 1]),
        ("properties/status ne 'New'", [1]),
        ("properties/status eq 'New' and properties/severity eq 'Medium'", [2]),
        ("properties/createdTimeUtc gt 2026-03-11T00:00:00Z", [3]),
        ("properties/createdTimeUtc le 2026-03-11T00:00:00Z or properties/incidentNumber eq 3", [3, 2, 1]),
        ("contains(properties/title, 'Mailbox')", [2]),
        ("not (properties/severity eq 'High')", [2]),
        ("properties/owner/assignedTo eq 'Faye Fern'", [1]),
        ("properties/labels/any(l: l/labelName eq 'password-spray')", [1]),
        ("properties/incidentNumber in (1, 2)", [2, 1]),
        ("startswith(properties/title, 'Password')", [1]),
        ("endswith(properties/title, 'laptop')", [3]),
        ("tolower(properties/severity) eq 'medium'", [2]),
        ("toupper(properties/severity) eq 'MEDIUM'", [2]),
        ("length(properties/severity) gt 4", [2]),
        ("properties/incidentNumber lt 2", [1]),
        ("properties/incidentNumber ge 2 and properties/incidentNumber le 2", [2]),
        ("properties/classification eq null", [3, 2, 1]),
        ("properties/labels/any()", [1]),
        ("properties/severity eq 'it''s'", []),
    ],
)
def test_incidents_are_filtered_as_odata_says(client: Client, condition: str, numbers: list[int]) -> None:
    assert filtered(client, condition) == numbers


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("CreatedTimeUtc gt 2026-01-01T00:00:00Z", "Could not find a property named 'CreatedTimeUtc'"),
        ("properties/Severity eq 'High'", "Could not find a property named 'Severity'"),
        ("properties/severity = 'High'", "OData query syntax error"),
        ("properties/severity eq", "OData query syntax error"),
        ("properties/labels/all(l: l/labelName eq 'a')", "OData query syntax error"),
        ("properties/severity eq 'High' and properties/labels/any(l: l/labelName eq 'a')", "OData query syntax error"),
        ("foo(properties/title)", "OData query syntax error"),
        ("(" * 3000, "OData query syntax error"),
    ],
)
def test_a_filter_the_service_refuses_is_refused_in_its_words(client: Client, condition: str, message: str) -> None:
    answer = client.sentinel("GET", f"incidents?$filter={quote(condition)}")
    assert answer.status == 400
    assert answer.json() == {"error": {"code": "BadRequest", "message": message}}


def test_incidents_are_ordered_as_odata_says(client: Client) -> None:
    query = f"?$orderby={quote('properties/severity asc, properties/incidentNumber desc')}"
    assert [item["properties"]["incidentNumber"] for item in listed(client, query)] == [3, 1, 2]
    answer = client.sentinel("GET", "incidents?$orderby=properties/nothing")
    assert (answer.status, answer.json()["error"]["code"]) == (400, "BadRequest")


@pytest.mark.parametrize("query", ["$top=0", "$top=x", "$top=1001", "$skipToken=abc", "$skipToken=H4sIAAAA"])
def test_pages_that_cannot_be_are_refused(client: Client, query: str) -> None:
    assert client.sentinel("GET", f"incidents?{query}").status == 400


@pytest.mark.parametrize("path", ["incidents/nope", "incidents/nope/comments", "dataConnectors/nope"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    answer = client.sentinel("GET", path)
    assert answer.status == 404
    assert "nope" in answer.json()["error"]["message"]
