from pathlib import Path

import pytest

from sentinel_mcp_server import Settings, SettingsError


def test_the_environment_is_read_under_the_names_users_know() -> None:
    settings = Settings.load(
        {
            "AZURE_SUBSCRIPTION_ID": "s",
            "AZURE_RESOURCE_GROUP": "g",
            "AZURE_WORKSPACE_NAME": "w",
            "AZURE_WORKSPACE_ID": "i",
            "SENTINEL_MCP_QUERY_TIMEOUT": "30",
        }
    )
    assert (settings.subscription_id, settings.resource_group, settings.workspace_name, settings.workspace_id) == tuple(
        "sgwi"
    )
    assert settings.query_timeout == 30


def test_a_flag_wins_over_the_environment() -> None:
    assert Settings.load({"SENTINEL_MCP_PORT": "1"}, {"port": "2"}).port == 2


def test_an_empty_variable_is_no_setting() -> None:
    assert Settings.load({"AZURE_WORKSPACE_ID": " ", "SENTINEL_MCP_PORT": ""}) == Settings()


def test_a_set_is_written_with_commas() -> None:
    settings = Settings.load({"SENTINEL_MCP_ALLOW_QUERY": "plugins, externaldata"})
    assert settings.allow_query == {"plugins", "externaldata"}


@pytest.mark.parametrize(
    ("environ", "flags", "says"),
    [
        ({"SENTINEL_MCP_PORT": "x"}, {}, "SENTINEL_MCP_PORT: input should be a valid integer"),
        ({}, {"port": "70000"}, "--port: input should be less than or equal to 65535"),
        ({}, {"host": "0.0.0.0"}, "--host: 0.0.0.0 is not a loopback address"),
        ({}, {"host": "example.com"}, "--host: example.com is not a loopback address"),
        (
            {"SENTINEL_MCP_LOGS_ENDPOINT": "http://x"},
            {},
            "SENTINEL_MCP_LOGS_ENDPOINT: an endpoint starts with https://",
        ),
        ({"SENTINEL_MCP_CA_BUNDLE": "/none/ca.pem"}, {}, "SENTINEL_MCP_CA_BUNDLE: there is no file"),
        (
            {"SENTINEL_MCP_DEFAULT_TIMESPAN": "yesterday"},
            {},
            "SENTINEL_MCP_DEFAULT_TIMESPAN: 'yesterday' is no timespan",
        ),
        ({"SENTINEL_MCP_ALLOW_QUERY": "everything"}, {}, "SENTINEL_MCP_ALLOW_QUERY: input should be 'externaldata'"),
        ({"SENTINEL_MCP_ARM_ENDPOINT": "https://x"}, {"offline": True}, "Offline serves the embedded workspace"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_it_takes(
    environ: dict[str, str], flags: dict[str, object], says: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ, flags)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_accepted_however_it_is_written(host: str) -> None:
    assert Settings.load({}, {"host": host}).host == host


def test_a_bundle_that_exists_is_taken(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("x")
    assert Settings.load({"SENTINEL_MCP_CA_BUNDLE": str(bundle)}).ca_bundle == bundle


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())
