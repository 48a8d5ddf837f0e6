"""The way into ARM: tokens, api-versions, paths, and the 404 of each level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sentinel_emulator.testing import ARM, LOGS, Client

if TYPE_CHECKING:
    from sentinel_emulator import Emulator


def code(client: Client, url: str, **options: str | None) -> tuple[int, str]:
    answer = client.send("GET", f"{ARM}{url}", **options)  # pyright: ignore[reportArgumentType]
    return answer.status, answer.json()["error"]["code"]


def test_an_api_version_is_required(client: Client, emulator: Emulator) -> None:
    assert code(client, emulator.workspace.resource_id) == (400, "MissingApiVersionParameter")
    assert code(client, f"{emulator.workspace.resource_id}?api-version=1") == (400, "InvalidApiVersionParameter")


def test_a_token_is_required_and_must_be_for_arm(client: Client, emulator: Emulator) -> None:
    url = f"{emulator.workspace.resource_id}?api-version=2025-07-01"
    assert code(client, url, token=None) == (401, "AuthenticationFailed")
    assert code(client, url, token=emulator.issue_token(LOGS)[0]) == (401, "InvalidAuthenticationTokenAudience")
    assert code(client, url, token=emulator.tokens.issue(ARM, lifetime=-1)[0]) == (401, "ExpiredAuthenticationToken")
    assert code(client, url, token="a.b.c") == (401, "InvalidAuthenticationToken")
    answer = client.send("GET", f"{ARM}{url}", token=None)
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_token_for_either_name_of_arm_will_do(client: Client, emulator: Emulator) -> None:
    for audience in ("https://management.core.windows.net/", "https://management.azure.com/.default"):
        assert client.arm("GET", "", token=emulator.issue_token(audience)[0]).status == 200


def test_every_level_of_a_path_has_its_own_404(client: Client, emulator: Emulator) -> None:
    workspace = emulator.workspace
    group = f"/subscriptions/{workspace.subscription_id}/resourceGroups/{workspace.resource_group}"
    version = "?api-version=2025-09-01"
    assert code(client, f"/subscriptions/nope/resourceGroups/x{version}") == (404, "SubscriptionNotFound")
    assert code(client, f"/subscriptions/{workspace.subscription_id}/resourceGroups/x/providers/y{version}") == (
        404,
        "ResourceGroupNotFound",
    )
    other = f"{group}/providers/Microsoft.OperationalInsights/workspaces/other"
    assert code(client, f"{other}{version}") == (404, "ResourceNotFound")
    assert code(client, f"{other}/providers/Microsoft.SecurityInsights/incidents{version}") == (404, "ResourceNotFound")
    assert code(client, f"{workspace.sentinel_id}/unheardOf{version}") == (404, "EmulatorUnsupportedOperation")
    assert code(client, f"/{version}")[0] == 404


def test_paths_are_found_in_any_case(client: Client, emulator: Emulator) -> None:
    upper = emulator.workspace.resource_id.upper()
    answer = client.send("GET", f"{ARM}{upper}/PROVIDERS/MICROSOFT.SECURITYINSIGHTS/INCIDENTS?api-version=2025-09-01")
    assert len(answer.json()["value"]) == 3


def test_answers_carry_the_ids_and_limits_that_arm_sends(client: Client) -> None:
    headers = client.sentinel("GET", "incidents").headers
    assert headers["x-ms-request-id"] == headers["x-ms-correlation-request-id"]
    assert headers["x-ms-routing-request-id"].endswith(headers["x-ms-request-id"])
    assert headers["x-ms-ratelimit-remaining-subscription-reads"].isdigit()
    assert headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_method_that_a_path_does_not_have_is_refused(client: Client, method: str) -> None:
    answer = client.arm(method, "/tables/SigninLogs", {})
    assert (answer.status, answer.json()["error"]["code"]) == (404, "EmulatorUnsupportedOperation")


def test_an_unknown_api_version_is_answered_with_those_that_there_are(client: Client, emulator: Emulator) -> None:
    tables = client.arm("GET", "/tables", version="2030-01-01")
    assert (tables.status, tables.json()["error"]["code"]) == (400, "NoRegisteredProviderFound")
    assert "for type 'workspaces/tables'. The supported api-versions are '2015-03-20, " in tables.content.decode()
    comments = client.sentinel("GET", "incidents/x/comments", version="2025-09-02")
    assert (comments.status, comments.json()["error"]["code"]) == (404, "InvalidResourceType")
    start = "The resource type 'incidents/comments' could not be found in the namespace 'Microsoft.SecurityInsights'"
    assert comments.json()["error"]["message"].startswith(start)
    for version in ("2019-01-01-preview", "2021-10-01", "2025-10-01-preview"):
        assert client.sentinel("GET", "incidents", version=version).status == 200
    assert client.sentinel("GET", "incidents", version="2025-07-01").status == 404


def test_answers_count_down_what_is_left(fresh: Client) -> None:
    start = "x-ms-ratelimit-remaining-subscription"
    reads = [fresh.sentinel("GET", "bookmarks").headers for _ in range(2)]
    assert [int(headers[f"{start}-reads"]) for headers in reads] == [1099, 1098]
    assert [int(headers[f"{start}-global-reads"]) for headers in reads] == [16_499, 16_498]
    assert int(fresh.sentinel("GET", "dataConnectors").headers[f"{start}-resource-requests"]) == 1097
    incident = fresh.sentinel("PUT", "incidents/x", {"properties": {"title": "x", "severity": "Low", "status": "New"}})
    assert incident.headers[f"{start}-resource-requests"] == "799"
    deleted = fresh.sentinel("DELETE", "incidents/x").headers
    assert (deleted[f"{start}-deletes"], deleted[f"{start}-global-deletes"]) == ("799", "11999")
    assert deleted["x-ms-operation-identifier"].startswith(f"tenantId={fresh.emulator.workspace.tenant_id},objectId=")
