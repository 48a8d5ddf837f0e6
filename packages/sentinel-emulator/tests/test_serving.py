"""The emulator behind real sockets: TLS with its own authority, and token endpoints without."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator.serving import Serving, ServingError, address_of, serve_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def serving(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serve_in_thread(emulator, folder=tmp_path_factory.mktemp("ca")) as made:
        yield made


def managed_identity_token(serving: Serving, resource: str) -> str:
    url = f"{serving.identity_url}?api-version=2019-08-01&resource={resource}"
    with urlopen(Request(url, headers={"X-IDENTITY-HEADER": serving.identity_header})) as answer:
        return json.loads(answer.read())["access_token"]


def ask(serving: Serving, path: str, token: str, body: Any = None) -> Any:
    context = ssl.create_default_context(cafile=str(serving.ca_file))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(serving.url + path, data=data, headers=headers), context=context) as answer:
        return json.loads(answer.read())


def test_a_client_that_trusts_the_authority_gets_answers_over_tls(serving: Serving, emulator: Emulator) -> None:
    token = managed_identity_token(serving, "https://api.loganalytics.io")
    path = f"/v1/workspaces/{emulator.workspace.workspace_id}/query"
    assert ask(serving, path, token, {"query": "print 1"})["tables"][0]["rows"] == [[1]]


def test_a_client_that_does_not_trust_the_authority_gets_none(serving: Serving) -> None:
    parts = urlsplit(serving.url)
    connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, context=ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")
    connection.close()


def test_a_next_link_leads_back_to_the_host_that_was_asked(serving: Serving, emulator: Emulator) -> None:
    token = managed_identity_token(serving, "https://management.azure.com/")
    path = f"{emulator.workspace.sentinel_id}/incidents?api-version=2025-09-01&$top=2"
    first = ask(serving, path, token)
    assert first["nextLink"].startswith(f"{serving.url}/subscriptions/")
    second = ask(serving, first["nextLink"].removeprefix(serving.url), token)
    numbers = [item["properties"]["incidentNumber"] for page in (first, second) for item in page["value"]]
    assert numbers == [3, 2, 1]


def test_the_plain_endpoint_gives_tokens_and_nothing_else(serving: Serving, emulator: Emulator) -> None:
    parts = urlsplit(serving.identity_url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    connection.request("POST", f"/v1/workspaces/{emulator.workspace.workspace_id}/query", body="{}")
    assert connection.getresponse().status == 404
    connection.close()


def test_the_settings_name_everything_a_client_needs(serving: Serving, emulator: Emulator) -> None:
    workspace = emulator.workspace
    assert serving.settings == {
        "AZURE_SUBSCRIPTION_ID": workspace.subscription_id,
        "AZURE_RESOURCE_GROUP": workspace.resource_group,
        "AZURE_WORKSPACE_NAME": workspace.workspace_name,
        "AZURE_WORKSPACE_ID": workspace.workspace_id,
        "IDENTITY_ENDPOINT": serving.identity_url,
        "IDENTITY_HEADER": serving.identity_header,
        "SENTINEL_MCP_LOGS_ENDPOINT": serving.url,
        "SENTINEL_MCP_ARM_ENDPOINT": serving.url,
        "SENTINEL_MCP_CA_BUNDLE": str(serving.ca_file),
    }
    assert f"export AZURE_WORKSPACE_ID={workspace.workspace_id}" in serving.exports().splitlines()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_a_host_beyond_loopback_is_refused_with_the_reason(host: str) -> None:
    with pytest.raises(ServingError, match="127\\.0\\.0\\.1 or ::1 only"):
        address_of(host)


def test_an_address_that_others_reach_is_taken_only_when_it_is_exposed() -> None:
    assert address_of("192.0.2.1", exposed=True) == "192.0.2.1"
    with serve_in_thread(Emulator(days=1), host="0.0.0.0", exposed=True) as serving:
        assert serving.url.startswith("https://0.0.0.0:")
        port = int(serving.url.rpartition(":")[2])
        context = ssl.create_default_context(cafile=str(serving.ca_file))
        with pytest.raises(HTTPError) as refused:
            urlopen(f"https://localhost:{port}/v1/x", context=context)
        assert refused.value.code == 401
        refused.value.close()


def test_localhost_means_the_loopback_address() -> None:
    assert address_of("localhost") == "127.0.0.1"


def test_a_taken_port_is_named(emulator: Emulator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServingError, match=str(port)), serve_in_thread(emulator, port=port):
            pass


def test_a_folder_that_cannot_be_written_is_named(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ServingError, match="cannot be written"),
        serve_in_thread(emulator, folder=tmp_path / "file" / "x"),
    ):
        pass


def test_settings_are_written_for_each_shell(serving: Serving) -> None:
    workspace_id = serving.settings["AZURE_WORKSPACE_ID"]
    assert f"$env:AZURE_WORKSPACE_ID = '{workspace_id}'" in serving.exports("powershell").splitlines()
    assert f"AZURE_WORKSPACE_ID={workspace_id}" in serving.exports("env").splitlines()


def test_requests_are_recorded_without_their_tokens(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "asked.ndjson"
    with serve_in_thread(emulator, record=path) as serving:
        token = managed_identity_token(serving, "https://api.loganalytics.io")
        ask(serving, f"/v1/workspaces/{emulator.workspace.workspace_id}/query", token, {"query": "print 1"})
    (line,) = (json.loads(text) for text in path.read_text().splitlines())
    assert (line["method"], line["status"], json.loads(line["body"])) == ("POST", 200, {"query": "print 1"})
    assert token not in path.read_text()


def test_a_file_that_cannot_record_is_named(emulator: Emulator, tmp_path: Path) -> None:
    with pytest.raises(ServingError, match="cannot be recorded"), serve_in_thread(emulator, record=tmp_path):
        pass
    missing = tmp_path / "no" / "where"
    with pytest.raises(ServingError, match="cannot be recorded"), serve_in_thread(emulator, record=missing):
        pass
