import pytest

from sentinel_azure_clients import AzureConfig, InvalidInput


def test_the_four_variables_are_read_and_an_empty_one_is_missing() -> None:
    config = AzureConfig.from_environment(
        {"AZURE_SUBSCRIPTION_ID": "s", "AZURE_RESOURCE_GROUP": "", "AZURE_WORKSPACE_ID": "w", "PATH": "/bin"},
        cloud="usgov",
    )
    assert (config.subscription_id, config.resource_group, config.workspace_name) == ("s", None, None)
    assert config.workspace_id == "w"
    assert config.arm == "https://management.usgovcloudapi.net"
    assert config.logs == "https://api.loganalytics.us"


def test_an_override_replaces_the_address_and_keeps_the_audience() -> None:
    config = AzureConfig(logs_endpoint="https://127.0.0.1:8443/", arm_endpoint="https://127.0.0.1:8443")
    assert config.logs == "https://127.0.0.1:8443"
    assert config.endpoints.logs_scope == "https://api.loganalytics.io/.default"
    assert config.endpoints.arm_scope == "https://management.azure.com/.default"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"cloud": "mars"}, "cloud is 'mars', but must be one of public, usgov, china"),
        ({"logs_endpoint": "http://127.0.0.1"}, "logs_endpoint must be an https address"),
        ({"arm_endpoint": "management.azure.com"}, "arm_endpoint must be an https address"),
        ({"query_timeout": 601}, "query_timeout is 601"),
        ({"max_retries": True}, "max_retries is True"),
        ({"deadline": 0}, "deadline is 0"),
        ({"max_retry_wait": float("nan")}, "max_retry_wait is nan"),
        ({"colour": "blue"}, "no setting colour"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(settings: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        AzureConfig.from_environment({}, **settings)
