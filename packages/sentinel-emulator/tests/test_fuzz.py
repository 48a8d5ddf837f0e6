"""Any request to any route gets an answer of the service's kind: never an accident of the emulator."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentinel_emulator import Emulator
from sentinel_emulator._arm.routes import sentinel_operations, workspace_operations
from sentinel_emulator.testing import ARM, LOGS, Client

FUZZED = Client(Emulator(seed=7, days=1))
SENTINEL = [(item.method, "/".join(item.pattern)) for item in sentinel_operations()]
BESIDE = [(item.method, "/".join(item.pattern)) for item in workspace_operations()]

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
known = [*FUZZED.emulator.sentinel.of("incidents"), *FUZZED.emulator.sentinel.of("alertRules"), "HighValueAssets"]
names = st.one_of(st.sampled_from(known), st.sampled_from(["x", "..", "%00", "a b", "'", "é"]), texts.filter(bool))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
members = st.sampled_from(
    [
        "kind",
        "etag",
        "title",
        "severity",
        "status",
        "owner",
        "labels",
        "message",
        "displayName",
        "query",
        "enabled",
        "pattern",
        "patternType",
        "order",
        "actions",
        "triggeringLogic",
        "rawContent",
        "itemsSearchKey",
        "itemsKeyValue",
        "pageSize",
        "sortBy",
        "keywords",
        "relatedResourceId",
        "ipAddress",
        "domain",
    ]
)
objects = st.dictionaries(members, values, max_size=6)
bodies = st.one_of(
    st.none(),
    st.binary(max_size=30),
    values,
    objects,
    st.fixed_dictionaries(
        {"properties": objects | values, "kind": st.sampled_from(["Scheduled", "indicator", 5, None])}
    ),
)
queries = st.dictionaries(
    st.sampled_from(["$top", "$skipToken", "$filter", "$orderby"]),
    st.one_of(texts, st.sampled_from(["1", "0", "properties/title eq 'x'", "properties/status", "labels/any()"])),
    max_size=3,
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(answer: Any) -> None:
    assert answer.status != 500
    if answer.status >= 400:
        error = answer.json()["error"]
        assert error["code"]
        assert error["message"]


def filled(pattern: str, data: st.DataObject) -> str:
    parts = (quote(data.draw(names), safe="") if part.startswith("{") else part for part in pattern.split("/"))
    return "/".join(parts)


@quick
@given(st.data(), st.sampled_from(SENTINEL), bodies, queries)
def test_every_operation_of_sentinel_answers_anything(
    data: st.DataObject, operation: tuple[str, str], body: Any, query: dict[str, str]
) -> None:
    method, pattern = operation
    if (method, pattern.partition("/")[0]) == ("DELETE", "onboardingStates"):
        return
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    check(FUZZED.sentinel(method, f"{filled(pattern, data)}?{asked}", body))


@quick
@given(st.data(), st.sampled_from(BESIDE), bodies)
def test_every_operation_beside_sentinel_answers_anything(
    data: st.DataObject, operation: tuple[str, str], body: Any
) -> None:
    method, pattern = operation
    check(FUZZED.arm(method, f"/{filled(pattern, data)}", body))


@quick
@given(st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH"]), st.lists(names, max_size=8))
def test_any_path_answers(method: str, parts: list[str]) -> None:
    path = "/".join(quote(part, safe="") for part in parts)
    check(FUZZED.send(method, f"{ARM}/subscriptions/{path}?api-version=2025-09-01"))
    answer = FUZZED.send(method, f"{LOGS}/v1/workspaces/{path}")
    assert answer.status in {200, 400, 403, 404, 405}


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        texts,
        st.lists(
            st.sampled_from(
                [
                    "SigninLogs",
                    "|",
                    "where",
                    "(",
                    ")",
                    "summarize",
                    "count()",
                    "by",
                    "'",
                    '"',
                    "==",
                    "x",
                    "let",
                    ";",
                    "*",
                ]
            ),
            max_size=8,
        ).map(" ".join),
    ),
    st.one_of(st.none(), texts, st.integers()),
    texts,
    st.sampled_from(["query", "search"]),
)
def test_any_query_answers(query: str, timespan: Any, prefer: str, api: str) -> None:
    url = f"{LOGS}/v1/workspaces/{FUZZED.emulator.workspace.workspace_id}/{api}"
    headers = {"Prefer": prefer.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")}
    answer = FUZZED.send("POST", url, {"query": query, "timespan": timespan}, headers)
    assert answer.status in {200, 400, 504}, answer.content
    json.loads(answer.content)
