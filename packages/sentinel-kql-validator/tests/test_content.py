from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator.content import ContentError, check_rule, read_content
from sentinel_kql_validator.content.rule_checks import duration

if TYPE_CHECKING:
    from sentinel_kql_validator import KqlValidator
    from sentinel_kql_validator.content import ContentQuery

QUERY = "SigninLogs\n| where Nope == 'x'\n\n| take 5"
RULE = """\
id: 5ba4a7ee-1b2c-4d5e-8f90-123456789abc
name: A rule
kind: Scheduled
severity: Medium
queryFrequency: 1h
queryPeriod: 1d
triggerOperator: gt
triggerThreshold: 0
tactics:
  - InitialAccess
relevantTechniques:
  - T1078
query: |
  SigninLogs
  | where TimeGenerated > ago(1d)
  | project UserPrincipalName
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: UserPrincipalName
"""


def _only(name: str, text: str) -> ContentQuery:
    (found,) = read_content(name, text)
    return found


def _stands(query: ContentQuery, text: str, word: str) -> bool:
    """Whether the word of the query stands in the file where the query says."""
    start, end = query.placed.span(query.text.index(word), len(word))
    return query.placed.exact and text[start:end] == word


@pytest.mark.parametrize(
    "text",
    [
        "query: |\n  SigninLogs\n  | where Nope == 'x'\n\n  | take 5\n",
        "query: |-\n      SigninLogs\n      | where Nope == 'x'\n\n      | take 5",
        "name: a\r\nquery: |\r\n  SigninLogs\r\n  | where Nope == 'x'\r\n\r\n  | take 5\r\nkind: Scheduled\r\n",
        "query: >\n  SigninLogs\n  | where Nope\n  == 'x' | take 5\n",
        "query: 'SigninLogs | where Nope == ''x'' | take 5'\n",
        "query: \"SigninLogs\\n| where Nope == 'x'\\n| take 5\"\n",
        "query: SigninLogs | where Nope == 'x'\n",
        "# 😀\nquery: |\n  // 😀\n  SigninLogs | where Nope == '😀'\n",
    ],
)
def test_a_yaml_query_knows_its_place_however_it_is_written(text: str) -> None:
    query = _only("a.yaml", text)
    assert _stands(query, text, "SigninLogs")
    assert _stands(query, text, "Nope")


@given(st.text(alphabet="ab|'\"\\ \n\t😀/", min_size=1, max_size=40).filter(str.strip))
def test_a_json_query_knows_its_place(query: str) -> None:
    template = {"resources": [{"type": "Microsoft.SecurityInsights/alertRules", "properties": {"query": query}}]}
    text = json.dumps(template)
    found = _only("a.json", text)
    assert found.text == query
    for index, character in enumerate(query):
        start, _ = found.placed.span(index, 1)
        assert text[start] in {character, "\\"}


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("Microsoft.SecurityInsights/AlertRuleTemplates", {}, "analytic rule"),
        ("Microsoft.OperationalInsights/workspaces/providers/alertRules", {}, "analytic rule"),
        ("Microsoft.OperationalInsights/savedSearches", {"category": "Hunting Queries"}, None),
        ("Microsoft.OperationalInsights/workspaces/savedSearches", {"category": "Hunting Queries"}, "hunting query"),
        ("Microsoft.OperationalInsights/workspaces/savedSearches", {"functionAlias": "F"}, "parser"),
    ],
)
def test_arm_resources_are_told_apart(kind: str, properties: dict[str, Any], expected: str | None) -> None:
    resource = {"type": kind, "properties": {"query": "T", "displayName": "A name", **properties}}
    nested = {"resources": [{"type": "x", "properties": {"mainTemplate": {"resources": [resource]}}}]}
    found = read_content("a.json", json.dumps(nested))
    assert [(q.kind, q.name) for q in found] == ([(expected, "A name")] if expected else [])


def test_a_template_expression_is_not_taken_for_kql() -> None:
    def read(query: str) -> ContentQuery:
        resource = {"type": "Microsoft.SecurityInsights/alertRules", "properties": {"query": query}}
        return _only("a.json", json.dumps({"resources": [resource]}))

    assert read("[variables('q')]").unread
    assert (read("[['odd name'] | take 1").unread, read("[['odd name'] | take 1").text) == (
        None,
        "['odd name'] | take 1",
    )


def test_markdown_fences_are_queries() -> None:
    text = "# A\n```kql\nSigninLogs\n| take 5\n```\n```python\nx\n```\n~~~ KUSTO\nprint 1\n~~~\n"
    found = read_content("a.md", text)
    assert [q.text for q in found] == ["SigninLogs\n| take 5\n", "print 1\n"]
    assert _stands(found[0], text, "take")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("kind: NRT", "analytic rule"),
        ("tactics: [Impact]", "hunting query"),
        ("FunctionName: f", "parser"),
        ("x: 1", "query"),
    ],
)
def test_yaml_kinds_are_told_apart(fields: str, kind: str) -> None:
    assert _only("a.yml", f"query: T\n{fields}\n").kind == kind


@pytest.mark.parametrize("text", ["a: 1", "- 1", "", "query: [1]", "just text"])
def test_yaml_that_is_not_content_holds_no_query(text: str) -> None:
    assert read_content("a.yaml", text) == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yaml", "a: 1\nb: [", 2),
        ("a.json", '{"a": 1,\n"b"}', 2),
        ("a.yaml", "a: \x00", 0),
        ("a.yaml", "query: T\na: 2026-13-45", 1),
    ],
)
def test_a_broken_file_is_named_with_its_place(name: str, text: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        read_content(name, text)
    assert caught.value.line == line
    assert len(str(caught.value).splitlines()) == 1


def test_a_sound_rule_gets_no_remark(validator: KqlValidator) -> None:
    query = _only("a.yaml", RULE)
    assert check_rule(query, validator.validate(query.text).facts) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("severity: Medium\n", "", "SKC201"),
        ("queryFrequency: 1h\n", "", "SKC201"),
        ("kind: Scheduled", "kind: Sheduled", "SKC202"),
        ("severity: Medium", "severity: Huge", "SKC203"),
        ("triggerOperator: gt", "triggerOperator: more", "SKC204"),
        ("triggerThreshold: 0", "triggerThreshold: many", "SKC205"),
        ("queryFrequency: 1h", "queryFrequency: hourly", "SKC206"),
        ("queryPeriod: 1d", "queryPeriod: 15d", "SKC207"),
        ("queryFrequency: 1h", "queryFrequency: 2d", "SKC208"),
        ("queryFrequency: 1h\nqueryPeriod: 1d", "queryFrequency: 5m\nqueryPeriod: 2d", "SKC209"),
        ("ago(1d)", "ago(3d)", "SKC210"),
        ("InitialAccess", "InitialAcess", "SKC211"),
        ("T1078", "1078", "SKC212"),
        ("columnName: UserPrincipalName", "columnName: Upn", "SKC213"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named(validator: KqlValidator, old: str, new: str, code: str) -> None:
    query = _only("a.yaml", RULE.replace(old, new))
    now = datetime.now(UTC)
    found = check_rule(query, validator.validate(query.text, now=now).facts, now)
    assert [f.code for f in found] == [code]
    assert not found[0].field or found[0].field in RULE


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("5m", 5),
        ("1h", 60),
        ("14d", 20160),
        ("PT5M", 5),
        ("P1D", 1440),
        ("P1DT1H", 1500),
        ("P", None),
        ("x", None),
        (None, None),
    ],
)
def test_durations(text: str | None, minutes: int | None) -> None:
    assert duration(text) == (None if minutes is None else timedelta(minutes=minutes))
