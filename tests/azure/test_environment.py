"""What the machine's own settings do to connections: proxies are used, passwords kept for other programs are not."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sentinel_azure_clients import AzureServicesContext, Unreachable, incidents
from sentinel_azure_clients.testing import FakeCredential, fake_config

from .faulty import Behaviour, faulty_service

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def refusing_proxy() -> AsyncGenerator[tuple[str, list[str]]]:
    """The address of a proxy that lets nothing through, and the lines of the requests that it has had."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.extend((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def list_incidents(url: str, ca_file: Path | None) -> None:
    """Ask once, as in production."""
    config = fake_config(arm_endpoint=url, ca_bundle=str(ca_file) if ca_file else None, max_retries=0)
    async with AzureServicesContext(config, credential=FakeCredential()) as context:
        await incidents.list_page(context)


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with refusing_proxy() as (proxy, asked):
        named = proxy.replace("//", "//me:secret@")
        monkeypatch.setenv("HTTPS_PROXY", named)
        monkeypatch.setenv("https_proxy", named)
        with pytest.raises(Unreachable) as failed:
            await list_incidents("https://azure.example", None)
    assert asked[0] == "CONNECT azure.example:443 HTTP/1.1"
    assert f"Proxy-Authorization: Basic {b64encode(b'me:secret').decode()}" in asked
    assert not any("Bearer" in line for line in asked)
    assert "secret" not in str(failed.value)


async def test_a_host_that_needs_no_proxy_is_asked_directly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with refusing_proxy() as (proxy, asked), faulty_service([Behaviour()], tmp_path) as service:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "127.0.0.1")
        await list_incidents(service.url, service.ca_file)
    assert asked == []


async def test_a_password_file_of_other_programs_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    async with faulty_service([Behaviour()], tmp_path) as service:
        await list_incidents(service.url, service.ca_file)
    assert len(service.requests) == 1
