"""What an identity may do: reads with the Reader role, refusals by name, and the connection test's judgement."""

import pytest
from azure.core.credentials import AccessToken

from sentinel_azure_clients import (
    AzureServicesContext,
    NotAllowed,
    QueryRequest,
    connection,
    incidents,
    logs,
    watchlists,
)
from sentinel_azure_clients.asgi import AsgiTransport
from sentinel_emulator import Emulator

from .conftest import EmulatorCredential, config_of

pytestmark = pytest.mark.anyio


class RoleCredential(EmulatorCredential):
    """Tokens of somebody with one role."""

    def __init__(self, emulator: Emulator, role: str) -> None:
        super().__init__(emulator)
        self._issuer = emulator
        self._role = role

    async def get_token(self, *scopes: str, **_: object) -> AccessToken:
        """A token for the audience of the scope."""
        return AccessToken(*self._issuer.issue_token(scopes[0].removesuffix("/.default"), roles=(self._role,)))


def context_as(emulator: Emulator, role: str) -> AzureServicesContext:
    """The workspace as somebody with a role sees it."""
    credential = RoleCredential(emulator, role)
    return AzureServicesContext(config_of(emulator), credential=credential, transport=AsgiTransport(emulator.app))


async def test_a_reader_reads_and_a_write_names_the_role_that_is_missing(emulator: Emulator) -> None:
    async with context_as(emulator, "Microsoft Sentinel Reader") as azure:
        incident = (await incidents.list_page(azure)).items[0]
        assert (await logs.run_query(azure, QueryRequest("print x=1"))).row_count == 1
        with pytest.raises(NotAllowed) as denied:
            await incidents.add_comment(azure, incident.name, "hello")
        assert denied.value.role == "Microsoft Sentinel Responder"
        assert denied.value.action == "Microsoft.SecurityInsights/incidents/comments/write"
        assert denied.value.scope is not None
        with pytest.raises(NotAllowed) as denied:
            await watchlists.delete_watchlist(azure, "any")
        assert denied.value.role == "Microsoft Sentinel Contributor"


async def test_a_responder_may_comment_but_not_delete_incidents(emulator: Emulator) -> None:
    async with context_as(emulator, "Microsoft Sentinel Responder") as azure:
        incident = (await incidents.list_page(azure)).items[0]
        await incidents.add_comment(azure, incident.name, "hello")
        with pytest.raises(NotAllowed) as denied:
            await incidents.delete(azure, incident.name)
        assert denied.value.role == "Microsoft Sentinel Contributor"


ANSWERING = {"incident write", "incident comment write", "incident relation write", "incident task write"}
PLAYBOOKS = {"playbook run on an incident", "playbook run on an entity"}
CONTENT = {"alert rule write", "watchlist write", "bookmark write", "saved search write", "threat intelligence write"}


@pytest.mark.parametrize(
    ("role", "works", "denied"),
    [
        ("Microsoft Sentinel Reader", set[str](), {*ANSWERING, *PLAYBOOKS, *CONTENT, "automation rule write"}),
        (
            "Microsoft Sentinel Responder",
            {*ANSWERING, *PLAYBOOKS, "automation rule write", "threat intelligence tagging"},
            {*CONTENT, "incident delete", "watchlist delete", "threat intelligence delete"},
        ),
        (
            "Microsoft Sentinel Contributor",
            {*ANSWERING, *PLAYBOOKS, *CONTENT, "automation rule write", "incident delete", "incident comment delete"},
            set[str](),
        ),
    ],
)
async def test_the_connection_test_judges_writes_without_writing(
    emulator: Emulator, role: str, works: set[str], denied: set[str]
) -> None:
    async with context_as(emulator, role) as azure:
        before = (await incidents.list_page(azure, top=200)).items
        report = await connection.test_connection(azure)
        after = (await incidents.list_page(azure, top=200)).items
    writes = [c for c in report.capabilities if c.writes]
    assert {c.outcome for c in writes if c.name in works} <= {"works"}
    assert {c.outcome for c in writes if c.name in denied} <= {"denied"}
    assert works | denied <= {c.name for c in writes}
    assert all(c.role and c.scope for c in writes if c.outcome == "denied")
    assert before == after


async def test_without_any_sentinel_role_incidents_are_denied_and_queries_work(emulator: Emulator) -> None:
    async with context_as(emulator, "Log Analytics Reader") as azure:
        report = await connection.test_connection(azure)
    outcomes = {c.name: c.outcome for c in report.capabilities}
    assert outcomes["query"] == "works"
