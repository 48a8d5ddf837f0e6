import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import (
    CompletionArgument,
    PromptReference,
    ReadResourceResult,
    ResourceTemplateReference,
    TextResourceContents,
)

from sentinel_kql_validator import Schema
from sentinel_mcp_resources import library
from sentinel_mcp_server.testing import Session


def read(session: Session, uri: str) -> str:
    result: ReadResourceResult = session.portal.call(session.client.read_resource, uri)
    (content,) = result.contents
    assert isinstance(content, TextResourceContents)
    return content.text


def test_the_lists_name_every_document_and_each_can_be_read(offline: Session) -> None:
    listed = {str(resource.uri) for resource in offline.portal.call(offline.client.list_resources).resources}
    assert listed == {"sentinel://kql", "sentinel://examples", "sentinel://tables"}
    content = library()
    for index, documents in (("sentinel://kql", content.pages), ("sentinel://examples", content.examples)):
        text = read(offline, index)
        for uri, document in documents.items():
            assert f"({uri})" in text
            assert read(offline, uri) == document.render()


def test_the_templates_are_those_of_the_three_lists_and_of_kept_answers(offline: Session) -> None:
    templates = offline.portal.call(offline.client.list_resource_templates).resource_templates
    assert {template.uri_template for template in templates} == {
        "sentinel://kql/{group}/{name}",
        "sentinel://examples/{scenario}/{name}",
        "sentinel://tables/{name}",
        "sentinel://results/{result_id}",
        "sentinel://results/{result_id}/csv",
    }


def test_a_table_page_has_the_live_columns_and_what_is_known_of_it(offline: Session) -> None:
    page = read(offline, "sentinel://tables/SigninLogs")
    assert library().table_notes["SigninLogs"].summary in page
    assert "## Columns, from this workspace" in page
    assert "| UserPrincipalName | string |" in page


def test_without_a_workspace_a_table_page_says_that_its_columns_are_built_in(unconfigured: Session) -> None:
    page = read(unconfigured, "sentinel://tables/SigninLogs")
    assert "## Columns, from the built-in schema (No workspace is configured" in page


def test_the_list_of_tables_names_every_known_one(offline: Session) -> None:
    index = read(offline, "sentinel://tables")
    assert all(f"- {table} (" in index for table in Schema.sentinel().tables)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("sentinel://tables/SigninLog", "did you mean SigninLogs"),
        ("sentinel://kql/operators/wher", "did you mean sentinel://kql/operators/where"),
        ("sentinel://examples/identity/password-spry", "did you mean sentinel://examples/identity/password-spray"),
        ("sentinel://kq", "did you mean sentinel://kql"),
        ("sentinel://results/guessed", "There is no such result here"),
        ("sentinel://results/guessed/csv", "There is no such result here"),
        ("sentinel://results/guessed/xlsx", "Unknown resource"),
        ("sentinel://results", "Unknown resource"),
        ("sentinel://tables/..%2f..%2fetc%2fpasswd", "There is no resource"),
        ("sentinel://tables/%2e%2e", "There is no resource"),
        ("sentinel://tables/../kql", "There is no resource"),
        ("sentinel://kql/operators/..", "There is no resource"),
        ("sentinel://tables/%00", "There is no resource"),
        ("sentinel://tables//etc/passwd", "There is no resource"),
        ("sentinel://kql/operators/where/more", "There is no resource"),
        ("file:///etc/passwd", "There is no resource"),
        ("sentinel://", "There is no resource"),
        ("not a uri", "There is no resource"),
        ("", "There is no resource"),
    ],
)
def test_an_address_that_leads_nowhere_is_an_invalid_params_error(offline: Session, uri: str, says: str) -> None:
    with pytest.raises(MCPError) as caught:
        read(offline, uri)
    assert caught.value.error.code == -32602
    assert says in caught.value.error.message


def test_table_names_are_completed(offline: Session) -> None:
    ref = ResourceTemplateReference(type="ref/resource", uri="sentinel://tables/{name}")
    result = offline.portal.call(offline.client.complete, ref, {"name": "name", "value": "signin"})
    assert "SigninLogs" in result.completion.values
    prompt = PromptReference(type="ref/prompt", name="build_query")
    result = offline.portal.call(offline.client.complete, prompt, {"name": "table", "value": "SecurityI"})
    assert "SecurityIncident" in result.completion.values
    result = offline.portal.call(offline.client.complete, prompt, {"name": "question", "value": "x"})
    assert result.completion.values == []


def test_documents_are_completed_by_group_and_then_by_name(offline: Session) -> None:
    ref = ResourceTemplateReference(type="ref/resource", uri="sentinel://kql/{group}/{name}")
    groups = offline.portal.call(offline.client.complete, ref, {"name": "group", "value": "op"}).completion
    assert groups.values == ["operators"]
    named = offline.portal.call(
        offline.client.complete, ref, {"name": "name", "value": "project"}, {"group": "operators"}
    ).completion
    assert named.values == ["project", "project-away", "project-rename", "project-reorder"]
    ref = ResourceTemplateReference(type="ref/resource", uri="sentinel://examples/{scenario}/{name}")
    found = offline.portal.call(offline.client.complete, ref, {"name": "name", "value": "password"}).completion
    assert "password-spray" in found.values


def test_a_completion_offers_at_most_what_the_protocol_allows(offline: Session) -> None:
    ref = ResourceTemplateReference(type="ref/resource", uri="sentinel://tables/{name}")
    argument = CompletionArgument(name="name", value="").model_dump()
    completion = offline.portal.call(offline.client.complete, ref, argument).completion
    assert len(completion.values) == 100
    assert completion.has_more
    assert completion.total == len(Schema.sentinel().tables)
