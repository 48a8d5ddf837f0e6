from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.portal_links import resource_link

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w"


def services(cloud: str, *, offline: bool = False) -> Any:
    config = SimpleNamespace(config=SimpleNamespace(cloud=cloud))
    return cast("Any", SimpleNamespace(settings=SimpleNamespace(offline=offline), azure=config))


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
