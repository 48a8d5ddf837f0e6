import gzip
import random
from base64 import b64decode
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.portal_links import query_link, resource_link
from sentinel_mcp_server.window import Window

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w"


WINDOW = Window(datetime(2026, 1, 30, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC), "argument")


def services(cloud: str, *, offline: bool = False, pseudonyms: object = None, group: str | None = "rg soc") -> Any:
    config = SimpleNamespace(cloud=cloud, subscription_id="0a1b", resource_group=group, workspace_name="law/x")
    azure, settings = SimpleNamespace(config=config), SimpleNamespace(offline=offline)
    return cast("Any", SimpleNamespace(settings=settings, azure=azure, pseudonyms=pseudonyms))


@pytest.mark.parametrize(
    ("cloud", "host"), [("public", "portal.azure.com"), ("usgov", "portal.azure.us"), ("china", "portal.azure.cn")]
)
def test_a_resource_has_its_page_in_the_portal_of_its_cloud(cloud: str, host: str) -> None:
    assert resource_link(services(cloud), WORKSPACE) == f"https://{host}/#resource{WORKSPACE}"


def test_what_is_embedded_has_no_page() -> None:
    assert resource_link(services("public", offline=True), WORKSPACE) is None


@given(st.text())
def test_no_id_leads_elsewhere(text: str) -> None:
    link = resource_link(services("public"), f"/subscriptions/{text}")
    assert link is not None
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path, parts.query) == ("https", "portal.azure.com", "/", "")
    assert unquote(parts.fragment) == f"resource/{f'/subscriptions/{text}'.strip('/')}"


@given(st.text(max_size=200))
def test_a_query_link_carries_the_query_and_the_window_whatever_the_query_holds(query: str) -> None:
    link = query_link(services("usgov"), query, WINDOW)
    assert link is not None
    host, _, fragment = link.partition("/#")
    assert host == "https://portal.azure.us"
    found = [unquote(part) for part in fragment.split("/")]
    assert gzip.decompress(b64decode(found[found.index("q") + 1])).decode() == query
    assert found[found.index("timespan") + 1] == "2026-01-30T00:00:00.000Z/2026-01-31T00:00:00.000Z"
    resource = "/subscriptions/0a1b/resourceGroups/rg soc/providers/Microsoft.OperationalInsights/workspaces/law/x"
    assert found[found.index("resourceId") + 1] == resource


def test_a_query_has_no_link_where_it_would_lead_nowhere_tell_names_or_be_too_long() -> None:
    chance = random.Random(1)
    noise = "".join(chr(chance.randrange(33, 500)) for _ in range(3000))
    assert query_link(services("public"), noise, WINDOW) is None
    assert query_link(services("public", group=None), "T", WINDOW) is None
    assert query_link(services("public", offline=True), "T", WINDOW) is None
    assert query_link(services("public", pseudonyms=object()), "T", WINDOW) is None
    assert "timespan" not in (query_link(services("public"), "T", Window(None, None, "query")) or "timespan")
