"""Signing in with azure-identity's own credentials against addresses of this machine."""

import os
from pathlib import Path

import pytest

from sentinel_azure_clients import AzureServicesContext, NotSignedIn, incidents
from sentinel_azure_clients.testing import fake_config

from .faulty import Behaviour, faulty_service

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_sign_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own sign-ins."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


async def test_a_client_secret_signs_in_at_a_private_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TENANT_ID", "tenant")
    monkeypatch.setenv("AZURE_CLIENT_ID", "client")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "secret")
    async with faulty_service([Behaviour()], tmp_path) as service:
        config = fake_config(
            credential="environment",
            authority_host=service.url,
            disable_instance_discovery=True,
            ca_bundle=str(service.ca_file),
            arm_endpoint=service.url,
        )
        async with AzureServicesContext(config) as context:
            assert (await incidents.list_page(context)).items == ()
    asked = [path.rsplit("/", 1)[-1] for _, path in service.requests]
    assert asked == ["token", "incidents"]


async def test_without_any_sign_in_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    async with faulty_service([Behaviour()], tmp_path) as service:
        config = fake_config(ca_bundle=str(service.ca_file), arm_endpoint=service.url)
        async with AzureServicesContext(config) as context:
            with pytest.raises(NotSignedIn) as refused:
                await incidents.list_page(context)
    assert "listing incidents" in str(refused.value)
    assert "AzureCliCredential: " in str(refused.value)
    assert service.requests == []
