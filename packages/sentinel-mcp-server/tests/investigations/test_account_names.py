from typing import Any

import pytest

from sentinel_azure_clients import Column, Table
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations import account_names
from sentinel_mcp_server.investigations.account_names import account_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def signed_in(monkeypatch: pytest.MonkeyPatch, *accounts: str) -> None:
    table = Table("PrimaryResult", (Column("UserPrincipalName", "string"),), tuple((a,) for a in accounts))

    async def run(*_: Any) -> Any:
        class Answer:
            status = "complete"
            result_tables = (table,)

        return Answer()

    monkeypatch.setattr(account_names.logs, "run_query", run)


async def test_an_account_is_itself_and_nobody_is_asked() -> None:
    azure: Any = object()
    assert await account_of(azure, "dana@contoso.com") == "dana@contoso.com"


async def test_several_accounts_of_a_name_are_named_rather_than_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    azure: Any = object()
    signed_in(monkeypatch, *(f"dana{number}@contoso.com" for number in range(6)))
    with pytest.raises(Refused, match=r"dana0@contoso\.com, .* and others\. Give the one you mean"):
        await account_of(azure, "Dana Willow")
    signed_in(monkeypatch, "dana@contoso.com")
    assert await account_of(azure, "Dana Willow") == "dana@contoso.com"
