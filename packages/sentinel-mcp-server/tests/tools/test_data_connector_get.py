from sentinel_mcp_server.testing import Session


def test_each_listed_connector_can_be_read(offline: Session) -> None:
    for connector in offline.answer("data_connector_list")["connectors"]:
        answer = offline.answer("data_connector_get", name=connector["name"])
        assert (answer["kind"], answer["data_types"]) == (connector["kind"], connector["data_types"])


def test_an_unknown_connector_is_named(offline: Session) -> None:
    offline.refusal("data_connector_get", name="00000000-0000-4000-8000-000000000000")
