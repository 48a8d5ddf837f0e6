"""No text given as an argument changes the meaning of a query, a filter or an address that is built from it.

Every tool that reads is called with hostile texts in each of its text arguments; what then goes to Azure must have the
same structure as with a good value or a plain word: the same syntax tree, the same filter, the same parts of the path.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odata_query.grammar import ODataLexer, ODataParser
from odata_query.visitor import NodeVisitor

from sentinel_kql_validator import KqlValidator, Node
from sentinel_mcp_server.testing import Session

VALIDATOR = KqlValidator()
LEG = "ParenthesizedExpression"
PLAIN = "plainword"
NOT_TEXT_OF_A_VALUE = {"query", "timespan", "confirmation_token", "kind", "question"}
"""Arguments that are KQL themselves, are parsed into something else, or go nowhere."""
LONG = {"100 kB of x": "x" * 100_000, "100 kB of '": "'" * 100_000}
NASTY = st.one_of(
    st.text(alphabet="'\"|;\\`/.%&#$(){}[]<>=!~@,:*?+- \n\r\t\0aO1\u2028\u202e", min_size=1, max_size=40).filter(
        lambda text: not text.strip().isdigit()  # a number names an incident in a way of its own
    ),
    st.sampled_from(
        [
            "' or 1 eq 1 or '",
            "x' | take 1 //",
            '" | union SigninLogs //',
            "a\n.drop table T",
            "../../../subscriptions/x",
            "%2e%2e%2fx?$filter=1",
            "x' and contains(properties/title,'')",
            "]['TenantId']",
            "{value}",
            "\\' | count //",
            "''",
            "`x`",
            "```\n| count",
            *LONG,
        ]
    ),
)


class Recorder:
    """Passes requests on and keeps what they ask."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.asked: list[tuple[str, ...]] = []

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Note one request's structure and answer it."""
        body = b""

        async def read() -> Any:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body") and message["type"] == "http.request":
                self.asked += structure(scope, body)
            return message

        await self._app(scope, read, send)


class Place(NamedTuple):
    """A text argument, a good call around it, and what good values of it and plain words ask for."""

    tool: str
    argument: str
    call: dict[str, Any]
    expected: set[tuple[str, ...]]


class Recorded:
    """A client, what its server asks, and where a text can be put in; too much to be printed with each example."""

    def __init__(self, session: Session, recorder: Recorder, places: list[Place]) -> None:
        self.session = session
        self.recorder = recorder
        self.places = places


def structure(scope: MutableMapping[str, Any], body: bytes) -> Iterator[tuple[str, ...]]:
    """What a request asks for, without the values in it; each leg of a union counts as something of its own."""
    path = [part for part in scope["raw_path"].decode().split("/") if part]
    query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
    shape = [scope["method"], f"{len(path)} parts", *sorted(query)]
    if filters := query.get("$filter"):
        shape.append(filter_tree(filters[0]))
    yield tuple(shape)
    sent: Any = json.loads(body) if body else None
    if isinstance(sent, dict) and "query" in sent:
        bound = VALIDATOR.bind(str(cast("dict[str, Any]", sent)["query"]))
        assert bound.root is not None, bound.result.reason
        facts = bound.result.facts
        yield f"{facts.kind} {facts.statements} {facts.commands}", *kinds(bound.root)
        for node in bound.root.walk():
            if node.kind == LEG:
                yield tuple(kinds(node))


def kinds(node: Node) -> Iterator[str]:
    """The kinds of the nodes of a query in order, but for what stands in its legs and their number."""
    yield node.kind
    for child in node.children:
        if child.kind != LEG and not any(inner.kind == LEG for inner in child.children):
            yield from kinds(child)


def filter_tree(text: str) -> str:
    """The node types of an OData filter, in order."""
    kinds: list[str] = []

    class Kinds(NodeVisitor):
        def visit(self, node: Any) -> Any:
            kinds.append(type(node).__name__)
            return super().visit(node)

    parser: Any = ODataParser()
    lexer: Any = ODataLexer()
    Kinds().visit(parser.parse(lexer.tokenize(text)))
    return " ".join(kinds)


@pytest.fixture(scope="module")
def recorded(between: Any, good_calls: Callable[[Session], dict[str, dict[str, Any]]]) -> Iterator[Recorded]:
    """A client, what its server asks, and each text argument of each tool with a good call around it."""
    with between(Recorder) as (session, recorder):
        calls = good_calls(session)
        places = [
            Place(tool.name, argument, calls[tool.name], expected(session, recorder, tool.name, argument, calls))
            for tool in session.portal.call(session.client.list_tools).tools
            for argument, schema in tool.input_schema.get("properties", {}).items()
            if tool.name in calls
            and schema.get("type") == "string"
            and "enum" not in schema
            and argument not in NOT_TEXT_OF_A_VALUE
        ]
        yield Recorded(session, recorder, places)


@pytest.mark.thorough
def test_there_are_text_arguments_to_try(
    recorded: Recorded,
) -> None:
    places = recorded.places
    assert len(places) > 20
    assert ("incident_list", "title_contains") in {(place.tool, place.argument) for place in places}
    assert ("entity_pivot", "value") in {(place.tool, place.argument) for place in places}


@pytest.mark.thorough
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(text=NASTY)
def test_hostile_text_asks_for_nothing_that_a_plain_word_does_not(recorded: Recorded, text: str) -> None:
    for tool, argument, arguments, expected in recorded.places:
        found = asked(recorded.session, recorded.recorder, tool, arguments | {argument: LONG.get(text, text)})
        assert found <= expected, (tool, argument)


def expected(
    session: Session, recorder: Recorder, tool: str, argument: str, calls: dict[str, dict[str, Any]]
) -> set[tuple[str, ...]]:
    """The structures that are right."""
    plain = calls[tool] | {argument: PLAIN}
    return asked(session, recorder, tool, calls[tool]) | asked(session, recorder, tool, plain)


def asked(session: Session, recorder: Recorder, tool: str, arguments: dict[str, Any]) -> set[tuple[str, ...]]:
    """The structures of what a call asks Azure for."""
    recorder.asked.clear()
    session.call(tool, **arguments)
    return set(recorder.asked)
