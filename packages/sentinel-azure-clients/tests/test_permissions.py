import pytest

from sentinel_azure_clients import Grant, MalformedAnswer, Permissions, permissions
from sentinel_azure_clients.testing import FakeAzure, fake_context

ACTION = "Microsoft.SecurityInsights/incidents/write"


@pytest.mark.parametrize(
    ("pattern", "action", "matches"),
    [
        ("*", ACTION, True),
        ("*/read", ACTION, False),
        ("microsoft.securityinsights/INCIDENTS/*", ACTION, True),
        ("Microsoft.SecurityInsights/incidents", ACTION, False),
        ("Microsoft.SecurityInsights/*/write", ACTION, True),
        ("Microsoft.OperationalInsights/workspaces/*/read", "Microsoft.OperationalInsights/workspaces/read", True),
        ("Microsoft.OperationalInsights/workspaces/*/read", "Microsoft.OperationalInsights/workspacesread", False),
        ("Microsoft.OperationalInsights/workspaces/*/read", "Microsoft.OperationalInsights/workspaces/a/b/read", True),
        ("a.b/c", "axb/c", False),
    ],
)
def test_a_pattern_covers_an_action(pattern: str, action: str, matches: bool) -> None:
    assert Grant((pattern,), ()).allows(action) is matches
    assert Grant(("*",), (pattern,)).allows(action) is not matches


def test_what_one_role_takes_back_another_may_grant() -> None:
    less = Grant(("Microsoft.SecurityInsights/*",), ("Microsoft.SecurityInsights/incidents/write",))
    assert not Permissions("/w", (less,)).allows(ACTION)
    assert Permissions("/w", (less, Grant((ACTION,), ()))).allows(ACTION)
    assert not Permissions("/w", ()).allows(ACTION)


async def test_the_effective_permissions_are_read_page_by_page() -> None:
    azure = FakeAzure()
    more = "https://management.azure.com/more/permissions"
    azure.answer("GET", "/permissions", json={"value": [{"actions": ["*/read"], "notActions": []}], "nextLink": more})
    azure.answer("GET", "/more/permissions", json={"value": [{"actions": [ACTION], "notActions": []}]})
    async with fake_context(azure) as context:
        found = await permissions.get_permissions(context)
        assert found.scope == context.workspace_path()
    assert found.allows(ACTION)
    assert found.allows("Microsoft.Logic/workflows/read")
    assert not found.allows("Microsoft.SecurityInsights/incidents/delete")


async def test_permissions_that_were_not_all_read_deny_nothing() -> None:
    azure = FakeAzure()
    more = "https://management.azure.com/more/permissions"
    azure.answer("GET", "/permissions", json={"value": [{"actions": ["*/read"], "notActions": []}], "nextLink": more})
    async with fake_context(azure, page_limit=1) as context:
        with pytest.raises(MalformedAnswer, match="Not all of the effective permissions"):
            await permissions.get_permissions(context)
