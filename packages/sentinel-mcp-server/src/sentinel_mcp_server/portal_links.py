"""Links into the Azure portal, of the one form that holds for every resource: `#resource` and the resource's id.

Pages of the portal that have no such form (a rule, a query with its text) are left out rather than guessed. Incidents
and alerts carry the links that the service itself gives.
"""

from urllib.parse import quote

from sentinel_mcp_server.context import Services

_PORTALS = {
    "public": "https://portal.azure.com",
    "usgov": "https://portal.azure.us",
    "china": "https://portal.azure.cn",
}


def resource_link(services: Services, resource_id: str) -> str | None:
    """The resource's page in the portal of its cloud; None for the embedded workspace, whose resources are nowhere."""
    if services.settings.offline:
        return None
    return f"{_PORTALS[services.azure.config.cloud]}/#resource/{quote(resource_id.strip('/'), safe='/')}"
