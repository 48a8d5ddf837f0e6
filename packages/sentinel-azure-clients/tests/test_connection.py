from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from sentinel_azure_clients import AzureServicesContext, connection, coverage
from sentinel_azure_clients.asgi import AsgiTransport
from sentinel_azure_clients.testing import FakeAzure, FakeCredential, fake_config, fake_context

READS = ["sign-in for queries", "sign-in for Azure Resource Manager", "workspace", "query", "tables", "incidents"]


def working(*actions: str, not_actions: tuple[str, ...] = ()) -> FakeAzure:
    azure = FakeAzure()
    azure.answer("GET", "/workspaces/law-soc", json={"id": "/w", "name": "w", "properties": {"customerId": "g"}})
    azure.answer("POST", "/query", json={"tables": []})
    azure.answer("GET", "/tables", json={"value": []})
    azure.answer("GET", "/incidents", json={"value": []})
    grant: dict[str, Any] = {"actions": list(actions), "notActions": list(not_actions)}
    azure.answer("GET", "/permissions", json={"value": [grant]})
    return azure


async def test_everything_that_was_tried_works_and_nothing_is_written() -> None:
    azure = working("*")
    async with fake_context(azure) as context:
        report = await connection.test_connection(context)
    assert report.works
    assert [c.name for c in report.capabilities[:6]] == READS
    assert {c.outcome for c in report.capabilities} == {"works"}
    assert all(c.latency_ms is not None for c in report.capabilities[:6])
    assert {(r.method, r.path.rsplit("/", 1)[-1]) for r in azure.requests} == {
        ("GET", "law-soc"),
        ("POST", "query"),
        ("GET", "tables"),
        ("GET", "incidents"),
        ("GET", "permissions"),
    }


async def test_a_denied_read_names_its_role_and_scope() -> None:
    azure = working("*/read")
    error = {"code": "AuthorizationFailed", "message": "no action 'x' over scope '/subscriptions/s'"}
    azure.answer("GET", "/incidents", status=403, json={"error": error})
    async with fake_context(azure) as context:
        report = await connection.test_connection(context)
    (denied,) = [c for c in report.capabilities if c.name == "incidents"]
    assert (denied.outcome, denied.role, denied.scope) == ("denied", "Microsoft Sentinel Reader", "/subscriptions/s")
    assert not report.works


async def test_writes_are_judged_from_patterns_of_actions() -> None:
    azure = working(
        "Microsoft.SecurityInsights/incidents/*", not_actions=("microsoft.securityinsights/incidents/DELETE",)
    )
    async with fake_context(azure) as context:
        report = await connection.test_connection(context)
    found = {c.name: (c.outcome, c.role) for c in report.capabilities if c.writes}
    assert found["incident write"] == ("works", None)
    assert found["incident delete"] == ("denied", "Microsoft Sentinel Contributor")
    assert found["watchlist write"] == ("denied", "Microsoft Sentinel Contributor")


async def test_a_responder_as_published_may_write_incidents_and_delete_nothing() -> None:
    azure = working(
        "Microsoft.SecurityInsights/*/read",
        "Microsoft.SecurityInsights/automationRules/*",
        "Microsoft.SecurityInsights/incidents/*",
        "Microsoft.SecurityInsights/entities/runPlaybook/action",
        "Microsoft.SecurityInsights/threatIntelligence/indicators/appendTags/action",
        not_actions=("Microsoft.SecurityInsights/incidents/*/Delete",),
    )
    async with fake_context(azure) as context:
        report = await connection.test_connection(context)
    found = {c.name for c in report.capabilities if c.writes and c.outcome == "works"}
    assert found == {
        "incident write",
        "incident comment write",
        "incident relation write",
        "incident task write",
        "playbook run on an incident",
        "playbook run on an entity",
        "automation rule write",
        "automation rule delete",
        "threat intelligence tagging",
    }
    asked = {c.name: c.role for c in report.capabilities if c.writes and c.outcome == "denied"}
    assert {asked[name] for name in asked} == {"Microsoft Sentinel Contributor"}


async def test_every_write_of_the_table_is_judged() -> None:
    async with fake_context(working()) as context:
        report = await connection.test_connection(context)
    judged = {str(c.detail).rsplit(" ", 1)[-1].rstrip(".") for c in report.capabilities if c.writes}
    assert judged == {call.permission for call in coverage.operations() if call.effect == "write"}


async def test_permissions_that_cannot_be_read_leave_writes_untried() -> None:
    azure = working()
    azure.answer("GET", "/permissions", status=404)
    async with fake_context(azure) as context:
        report = await connection.test_connection(context)
    writes = [c for c in report.capabilities if c.writes]
    assert {c.outcome for c in writes} == {"not tried"}
    assert report.works


async def test_what_is_not_configured_is_not_tried() -> None:
    async with fake_context(working("*"), resource_group=None) as context:
        report = await connection.test_connection(context)
    outcomes = {c.name: c.outcome for c in report.capabilities}
    assert outcomes["query"] == "works"
    assert outcomes["workspace"] == outcomes["tables"] == outcomes["incident write"] == "not tried"


class NoToken(FakeCredential):
    async def get_token(self, *scopes: str, **_options: object) -> Any:
        raise ClientAuthenticationError("No credential in this chain provided a token.\nAttempted: everything")


async def test_without_a_token_nothing_else_is_tried() -> None:
    azure = working("*")
    async with AzureServicesContext(fake_config(), credential=NoToken(), transport=AsgiTransport(azure)) as context:
        report = await connection.test_connection(context)
    assert [c.outcome for c in report.capabilities[:2]] == ["denied", "denied"]
    assert "No credential in this chain provided a token." in (report.capabilities[0].detail or "")
    assert {c.outcome for c in report.capabilities[2:]} == {"not tried"}
    assert azure.requests == []


@pytest.mark.parametrize("status", [500, 404])
async def test_a_read_that_fails_is_failed_not_denied(status: int) -> None:
    azure = working("*")
    azure.answer("GET", "/tables", status=status)
    async with fake_context(azure, max_retries=0) as context:
        report = await connection.test_connection(context)
    assert {c.name: c.outcome for c in report.capabilities}["tables"] == "failed"
