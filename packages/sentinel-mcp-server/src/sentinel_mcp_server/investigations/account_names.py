"""Whose account a person's name means, as far as the workspace's own sign-ins tell it."""

from datetime import timedelta

from sentinel_azure_clients import AzureServicesContext, QueryRequest, logs
from sentinel_mcp_server import kql_text
from sentinel_mcp_server.errors import Refused

LOOK_BACK = timedelta(days=30)
_MOST = 5


async def account_of(azure: AzureServicesContext, owner: str) -> str:
    """The user principal name that `owner` is, or that the person of this display name signs in with.

    Raises:
        Refused: nobody of that name has signed in, or several have; the sentence names them.
        SentinelError: the sign-ins could not be asked.
    """
    if "@" in owner:
        return owner
    query = (
        f"SigninLogs | where UserDisplayName =~ {kql_text.string(owner)}"
        f" | distinct UserPrincipalName | take {_MOST + 1} | order by UserPrincipalName asc"
    )
    response = await logs.run_query(azure, QueryRequest(query=query, timespan=LOOK_BACK))
    found = [str(row[0]) for table in response.result_tables for row in table.rows if row[0]]
    if len(found) == 1 and response.status == "complete":
        return found[0]
    if found:
        more = " and others" if len(found) > _MOST else ""
        raise Refused(f"Several accounts may be {owner!r}: {', '.join(found[:_MOST])}{more}. Give the one you mean.")
    raise Refused(
        f"Nobody called {owner!r} has signed in within {LOOK_BACK.days} days: give the user principal name, such as "
        "name@contoso.com."
    )
