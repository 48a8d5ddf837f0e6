"""Links into the Azure portal: `#resource` with an id, which holds for every resource, and a query with its text.

The second is what the portal's own "copy link to query" gives: the text gzipped, in base64. Pages without a form of
that kind (a rule) are left out rather than guessed. Incidents and alerts carry the links that the service itself gives.
"""

import gzip
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import quote

from sentinel_mcp_server.context import Services
from sentinel_mcp_server.window import Window

_PORTALS = {
    "public": "https://portal.azure.com",
    "usgov": "https://portal.azure.us",
    "china": "https://portal.azure.cn",
}

_LONGEST = 2000
"""Longest link given, in characters: browsers and chat windows cut longer ones, and each costs a reader's attention."""


def resource_link(services: Services, resource_id: str) -> str | None:
    """The resource's page in the portal of its cloud; None for the embedded workspace, whose resources are nowhere."""
    if services.settings.offline:
        return None
    return f"{_PORTALS[services.azure.config.cloud]}/#resource/{quote(resource_id.strip('/'), safe='/')}"


def query_link(services: Services, query: str, window: Window) -> str | None:
    """The page with this query over this window; None where the workspace's place is not known or the link too long.

    None too under pseudonyms: the link would carry the names that they hide.
    """
    config = services.azure.config
    if services.settings.offline or services.pseudonyms is not None:
        return None
    if not (config.subscription_id and config.resource_group and config.workspace_name):
        return None
    resource = (
        f"/subscriptions/{config.subscription_id}/resourceGroups/{config.resource_group}"
        f"/providers/Microsoft.OperationalInsights/workspaces/{config.workspace_name}"
    )
    packed = b64encode(gzip.compress(query.encode(), mtime=0)).decode()
    link = (
        f"{_PORTALS[config.cloud]}/#blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView"
        f"/resourceId/{quote(resource, safe='')}/source/LogsBlade.AnalyticsShareLinkToQuery/q/{quote(packed, safe='')}"
    )
    if window.start is not None and window.end is not None:
        link += f"/timespan/{quote(f'{_moment(window.start)}/{_moment(window.end)}', safe='')}"
    return link if len(link) <= _LONGEST else None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
