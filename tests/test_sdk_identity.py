"""Every credential of azure-identity that needs no browser, against the emulator, and the ways in which each fails."""

# pyright: basic

import asyncio
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    ClientSecretCredential,
    CredentialUnavailableError,
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)
from azure.monitor.query import LogsQueryClient

from sentinel_emulator import Emulator
from sentinel_emulator.azure_cli import write_azure_cli
from sentinel_emulator.serving import Serving, serve_in_thread

pytestmark = [pytest.mark.timeout(120), pytest.mark.filterwarnings("ignore::DeprecationWarning")]
LOGS = "https://api.loganalytics.io"
SCOPE = f"{LOGS}/.default"


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Emulator, Serving]]:
    emulator = Emulator(days=1)
    with serve_in_thread(emulator) as serving:
        yield emulator, serving
    asyncio.run(emulator.close())


@pytest.fixture(autouse=True)
def nothing_is_due(served: tuple[Emulator, Serving], monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_"))]:
        monkeypatch.delenv(name)
    yield
    served[0].faults.clear()


def entra(served: tuple[Emulator, Serving]) -> dict[str, Any]:
    """What a credential needs to sign in at the emulator instead of Entra."""
    emulator, serving = served
    return {
        "tenant_id": emulator.workspace.tenant_id,
        "client_id": emulator.client_id,
        "authority": serving.url,
        "disable_instance_discovery": True,
        "connection_verify": str(serving.ca_file),
    }


def assert_it_works(served: tuple[Emulator, Serving], credential: Any) -> None:
    emulator, serving = served
    with LogsQueryClient(
        credential, endpoint=serving.url, audience=LOGS, connection_verify=str(serving.ca_file)
    ) as client:
        answer = client.query_workspace(emulator.workspace.workspace_id, "print 1", timespan=None)
    assert answer.tables[0].rows[0][0] == 1  # type: ignore[union-attr]


def test_a_managed_identity_of_app_service_signs_in(
    served: tuple[Emulator, Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER"):
        monkeypatch.setenv(name, served[1].settings[name])
    assert_it_works(served, ManagedIdentityCredential())
    assert_it_works(served, DefaultAzureCredential())
    with pytest.raises(ClientAuthenticationError):
        ManagedIdentityCredential(client_id="other").get_token(SCOPE)
    monkeypatch.setenv("IDENTITY_HEADER", "guess")
    with pytest.raises(ClientAuthenticationError):
        ManagedIdentityCredential().get_token(SCOPE)


def test_a_managed_identity_of_a_machine_signs_in(
    served: tuple[Emulator, Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator, serving = served
    host = serving.identity_url.partition("/msi/")[0]
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", host)
    assert_it_works(served, ManagedIdentityCredential())
    emulator.faults.add("no-identity")
    with pytest.raises(CredentialUnavailableError, match=r"not been assigned|Identity not found"):
        ManagedIdentityCredential().get_token(SCOPE)


def test_a_client_secret_signs_in_and_fails_in_every_way(served: tuple[Emulator, Serving]) -> None:
    emulator = served[0]
    good = {**entra(served), "client_secret": emulator.client_secret}
    assert_it_works(served, ClientSecretCredential(**good))
    for change, code in (
        ({"client_secret": "guess"}, "AADSTS7000215"),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, "AADSTS700016"),
    ):
        with pytest.raises(ClientAuthenticationError, match=code):
            ClientSecretCredential(**{**good, **change}).get_token(SCOPE)
    for kind, code in (("secret-expired", "AADSTS7000222"), ("blocked", "AADSTS53003")):
        emulator.faults.add(kind)  # type: ignore[arg-type]
        with pytest.raises(ClientAuthenticationError, match=code):
            ClientSecretCredential(**good).get_token(SCOPE)


def test_a_workload_identity_signs_in_and_fails_in_every_way(served: tuple[Emulator, Serving], tmp_path: Path) -> None:
    emulator = served[0]
    path = tmp_path / "token"
    path.write_text(emulator.federated_token)
    good = {**entra(served), "token_file_path": str(path)}
    assert_it_works(served, WorkloadIdentityCredential(**good))
    emulator.faults.add("assertion-expired")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700024"):
        WorkloadIdentityCredential(**good).get_token(SCOPE)
    path.write_text("guess")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700213"):
        WorkloadIdentityCredential(**good).get_token(SCOPE)


def test_the_stand_in_for_the_azure_cli_signs_in_and_fails_in_every_way(
    served: tuple[Emulator, Serving], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator, serving = served
    folder = tmp_path / "with space"
    write_azure_cli(folder, serving)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert_it_works(served, AzureCliCredential(process_timeout=60))
    assert AzureCliCredential(tenant_id=emulator.workspace.tenant_id, process_timeout=60).get_token(SCOPE).token
    with pytest.raises(ClientAuthenticationError, match="AADSTS90002"):
        AzureCliCredential(tenant_id="00000000-0000-0000-0000-000000000000", process_timeout=60).get_token(SCOPE)
    emulator.faults.add("no-identity")
    with pytest.raises(CredentialUnavailableError, match="az login"):
        AzureCliCredential(process_timeout=60).get_token(SCOPE)
    emulator.faults.add("blocked")
    with pytest.raises(ClientAuthenticationError, match="AADSTS53003"):
        AzureCliCredential(process_timeout=60).get_token(SCOPE)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent / "nowhere"))
    with pytest.raises(CredentialUnavailableError, match="not found"):
        AzureCliCredential().get_token(SCOPE)


def test_no_credential_at_all_names_the_ways_that_were_tried(
    served: tuple[Emulator, Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent / "nowhere"))
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "dev")
    with pytest.raises(ClientAuthenticationError, match="AzureCliCredential"):
        DefaultAzureCredential(disable_instance_discovery=True).get_token(SCOPE)
