import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import NotSignedIn
from sentinel_mcp_server.investigations.tenant import tenant_of


def token(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{payload}.signature"


@given(st.text(min_size=1))
def test_the_tenant_is_the_claim_of_that_name(tenant: str) -> None:
    assert tenant_of(token({"tid": tenant, "oid": "x"})) == tenant


@pytest.mark.parametrize("claims", [{}, {"tid": ""}, {"tid": 3}, [], "tid", None])
def test_a_token_that_names_no_tenant_is_said_so(claims: object) -> None:
    with pytest.raises(NotSignedIn, match="does not name it"):
        tenant_of(token(claims))


@given(st.text())
def test_what_is_no_such_token_is_said_so_and_never_shown(text: str) -> None:
    with pytest.raises(NotSignedIn) as caught:
        tenant_of(text)
    assert str(caught.value) == "The tenant is not known: the token for Azure Resource Manager does not name it"
