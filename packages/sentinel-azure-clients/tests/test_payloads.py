"""Real and documented bodies of the services, read by the models. Skipped where the collection is not at hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentinel_azure_clients import _answer, data_connectors, incidents, logs, tables, workspace

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="the collection of real bodies is not beside this checkout"
)

Json = dict[str, Any]


def body(name: str) -> Json:
    """The first good body in a file, whether it is a recording or an example of a specification."""
    content = json.loads((PAYLOADS / name).read_text())
    if "response" in content:
        return content["response"]["body"]
    return next(answer["body"] for status, answer in content["responses"].items() if status.startswith("20"))


def objects(name: str) -> list[Json]:
    found = body(name)
    listed = found.get("value", found.get("entities"))
    return [found] if listed is None else listed


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("recordings/arm_incident_get_200.json", incidents.from_wire),
        ("recordings/arm_incident_list_200_excerpt.json", incidents.from_wire),
        ("recordings/arm_incident_create_201.json", incidents.from_wire),
        ("recordings/arm_incident_update_with_etag_200.json", incidents.from_wire),
        ("recordings/arm_incident_alerts_post_200.json", incidents.alert_from_wire),
        ("recordings/arm_incident_entities_post_200.json", incidents.entity_from_wire),
        ("recordings/arm_incident_comment_create_201.json", incidents.comment_from_wire),
        ("recordings/arm_dataconnectors_list_200.json", data_connectors.from_wire),
        ("recordings/arm_tables_list_200_excerpt_2020-08-01.json", tables.from_wire),
        ("securityinsights/incidents/GetIncidents.json", incidents.from_wire),
        ("securityinsights/incidents/GetIncidentById.json", incidents.from_wire),
        ("securityinsights/incidents/CreateIncident.json", incidents.from_wire),
        ("securityinsights/incidents/GetAllIncidentAlerts.json", incidents.alert_from_wire),
        ("securityinsights/incidents/GetAllIncidentEntities.json", incidents.entity_from_wire),
        ("securityinsights/incidents/comments/GetAllIncidentComments.json", incidents.comment_from_wire),
        ("securityinsights/incidents/comments/CreateIncidentComment.json", incidents.comment_from_wire),
        ("securityinsights/dataConnectors/GetDataConnectors.json", data_connectors.from_wire),
        ("securityinsights/dataConnectors/GetRestApiPollerById.json", data_connectors.from_wire),
        ("operationalinsights/WorkspacesGet.json", workspace.from_wire),
        ("operationalinsights/TablesGet.json", tables.from_wire),
        ("operationalinsights/TablesList.json", tables.from_wire),
    ],
)
def test_a_real_object_is_read_and_kept_whole(name: str, read: Callable[[Json], Any]) -> None:
    sources = objects(name)
    assert sources
    for source in sources:
        found = read(source)
        assert found.raw == source
        assert found.name == source["name"]


@pytest.mark.parametrize("name", sorted(path.name for path in (PAYLOADS / "recordings").glob("la_query_200*.json")))
def test_a_real_answer_to_a_query_keeps_every_row(name: str) -> None:
    answer = body(f"recordings/{name}")
    response = logs.response_from(_answer.load(json.dumps(answer).encode()), 0.1)
    sent = answer["tables"]
    assert [table["columns"] for table in response.tables] == [table["columns"] for table in sent]
    assert [len(table["rows"]) for table in response.tables] == [len(table["rows"]) for table in sent]
    assert response.status == ("partial" if "error" in answer else "complete")
    assert response.statistics == answer.get("statistics")
    assert response.visualization == answer.get("render")
    for table in response.tables:
        decimals = [column["type"] == "decimal" for column in table["columns"]]
        before = sent[response.tables.index(table)]["rows"]
        for row, original in zip(table["rows"], before, strict=True):
            for value, was, decimal in zip(row, original, decimals, strict=True):
                assert value == (str(was) if decimal and was is not None else was)
