"""Where clients get their tokens, and every way in which they do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from sentinel_emulator.testing import ARM, LOGS, Answer, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_emulator import Emulator

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "payloads" / "recordings"
LOGIN = "https://login.microsoftonline.com"
IMDS = "http://169.254.169.254/metadata/identity/oauth2/token"
MSI = "http://127.0.0.1/msi/token"


def recorded(name: str) -> Any:
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    return json.loads((RECORDINGS / name).read_text())["response"]["body"]


def sign_in(client: Client, tenant: str = "", **change: str) -> Answer:
    emulator = client.emulator
    form = {
        "grant_type": "client_credentials",
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "scope": f"{LOGS}/.default",
    } | change
    url = f"{LOGIN}/{tenant or emulator.workspace.tenant_id}/oauth2/v2.0/token"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.send("POST", url, urlencode(form).encode(), headers, token=None)


def test_imds_gives_a_token_for_a_resource(client: Client) -> None:
    answer = client.send("GET", f"{IMDS}?resource={LOGS}", headers={"Metadata": "true"}, token=None)
    body = answer.json()
    assert body["resource"] == LOGS
    assert int(body["expires_on"]) - int(body["not_before"]) == 3600
    assert client.query("print 1", token=body["access_token"]).status == 200
    assert client.arm("GET", "", token=body["access_token"]).status == 401


def test_imds_wants_its_header_and_a_resource(client: Client) -> None:
    assert client.send("GET", f"{IMDS}?resource={LOGS}", token=None).status == 400
    assert client.send("GET", IMDS, headers={"Metadata": "true"}, token=None).status == 400


def test_app_service_wants_its_secret_header(client: Client, emulator: Emulator) -> None:
    good = {"X-IDENTITY-HEADER": emulator.identity_header}
    body = client.send("GET", f"{MSI}?resource={ARM}/", headers=good, token=None).json()
    assert client.arm("GET", "", token=body["access_token"]).status == 200
    for bad in ({}, {"X-IDENTITY-HEADER": "guess"}):
        assert client.send("GET", f"{MSI}?resource={ARM}/", headers=bad, token=None).status == 401


def test_a_client_secret_gives_a_token_in_the_recorded_shape(client: Client) -> None:
    body = sign_in(client).json()
    assert list(body) == list(recorded("entra_200_token.json"))
    assert client.query("print 1", token=body["access_token"]).status == 200


def test_a_wrong_secret_is_refused_in_the_recorded_shape(client: Client) -> None:
    expected = recorded("entra_401_invalid_client.json")
    answer = sign_in(client, client_secret="guess")
    assert answer.status == 401
    assert list(answer.json()) == list(expected)
    assert answer.json()["error_codes"] == expected["error_codes"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 700016),
        ({"grant_type": "password"}, 70003),
        ({"scope": LOGS}, 1002012),
    ],
)
def test_a_sign_in_that_cannot_be_has_its_code(client: Client, change: dict[str, str], code: int) -> None:
    answer = sign_in(client, **change)
    assert (answer.status, answer.json()["error_codes"]) == (400, [code])


def test_an_unknown_tenant_is_named(client: Client) -> None:
    assert "AADSTS90002" in sign_in(client, tenant="nobody").json()["error_description"]
    answer = client.send("GET", f"{LOGIN}/nobody/v2.0/.well-known/openid-configuration", token=None)
    assert answer.status == 400


def test_a_federated_assertion_does_instead_of_a_secret(client: Client, emulator: Emulator) -> None:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    good = sign_in(client, client_secret="", client_assertion_type=kind, client_assertion=emulator.federated_token)
    assert good.status == 200
    bad = sign_in(client, client_assertion_type=kind, client_assertion="guess")
    assert (bad.status, bad.json()["error_codes"]) == (401, [700213])


def test_the_configuration_leads_to_the_token_endpoint(client: Client, emulator: Emulator) -> None:
    url = f"{LOGIN}/{emulator.workspace.tenant_id}/v2.0/.well-known/openid-configuration"
    body = client.send("GET", url, token=None).json()
    assert body["token_endpoint"] == f"{LOGIN}/{emulator.workspace.tenant_id}/oauth2/v2.0/token"


def test_a_token_says_whose_it_is_and_when_it_ends(emulator: Emulator) -> None:
    token, expires_on = emulator.issue_token(f"{LOGS}/.default", roles=("Microsoft Sentinel Reader",), lifetime=60)
    claims = emulator.tokens.check(f"Bearer {token}", frozenset({LOGS}))
    assert (claims.audience, claims.roles, claims.expires_on) == (LOGS, ("Microsoft Sentinel Reader",), expires_on)


@pytest.fixture
def failing(client: Client) -> Iterator[Client]:
    yield client
    client.emulator.faults.clear()


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("secret-expired", 401, 7000222),
        ("assertion-expired", 401, 700024),
        ("blocked", 400, 53003),
        ("no-identity", 400, 700016),
    ],
)
def test_entra_fails_as_it_is_told_to_once(failing: Client, kind: Any, status: int, code: int) -> None:
    failing.emulator.faults.add(kind)
    answer = sign_in(failing)
    assert (answer.status, answer.json()["error_codes"]) == (status, [code])
    assert answer.json()["error_description"].startswith(f"AADSTS{code}: ")
    assert sign_in(failing).status == 200


def test_a_managed_identity_that_is_not_there_has_no_token(failing: Client, emulator: Emulator) -> None:
    for path, headers in ((IMDS, {"Metadata": "true"}), (MSI, {"X-IDENTITY-HEADER": emulator.identity_header})):
        other = failing.send("GET", f"{path}?resource={ARM}&client_id=other", headers=headers, token=None)
        assert (other.status, "Identity not found" in other.content.decode()) == (400, True)
        own = f"{path}?resource={ARM}&client_id={emulator.client_id}"
        assert failing.send("GET", own, headers=headers, token=None).status == 200
        failing.emulator.faults.add("no-identity")
        assert failing.send("GET", own, headers=headers, token=None).status == 400
        assert failing.send("GET", own, headers=headers, token=None).status == 200
