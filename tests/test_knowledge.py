"""The knowledge against the analyser and the emulator: what is taught is valid, and most of it runs."""

import json
from collections import Counter
from pathlib import Path

import pytest
from mcp import Client

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_resources import library
from sentinel_mcp_server import Settings, build_server

from .conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "queries.jsonl"
VALIDATOR = KqlValidator()
QUERIES = {
    **{f"{page.uri}#{n}": query for page in library().pages.values() for n, query in enumerate(page.queries)},
    **{example.uri: example.query for example in library().examples.values()},
    **{f"{note.table}#{n}": query for note in library().table_notes.values() for n, query in enumerate(note.queries)},
}


@pytest.mark.parametrize("place", QUERIES)
def test_every_query_that_is_taught_is_valid(place: str) -> None:
    result = VALIDATOR.validate(QUERIES[place])
    assert result.verdict == "valid", (result.reason, [diagnostic.message for diagnostic in result.errors])


def test_an_example_names_exactly_the_tables_that_it_reads() -> None:
    for example in library().examples.values():
        assert set(example.tables) == set(VALIDATOR.validate(example.query).facts.tables), example.uri


def test_a_table_note_names_columns_that_the_table_has() -> None:
    tables = VALIDATOR.schema.tables
    for note in library().table_notes.values():
        assert {*note.key_columns, *note.attacker_writable} <= set(tables[note.table]), note.table


@pytest.mark.anyio
@pytest.mark.timeout(300)
async def test_most_examples_run_on_the_embedded_workspace_and_the_rest_name_what_does_not() -> None:
    ran = 0
    async with Client(build_server(Settings(offline=True))) as client:
        for example in library().examples.values():
            result = await client.call_tool("query_run", {"query": example.query, "timespan": "P14D"})
            if result.is_error:
                assert "the embedded workspace cannot run it" in str(result.content), example.uri
            else:
                ran += 1
    assert ran >= 0.85 * len(library().examples)


def test_there_is_as_much_as_promised() -> None:
    assert len(library().examples) >= 120
    assert len(library().table_notes) >= 60


@pytest.mark.timeout(300)
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real queries is not beside this checkout")
def test_the_reference_covers_what_real_queries_use() -> None:
    covered = {construct for page in library().pages.values() for construct in page.covers}
    operators: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for query in _corpus(CORPUS):
        facts = VALIDATOR.validate(query).facts
        operators.update((*facts.operators, *facts.plugins))
        functions.update(facts.functions)
    assert set(operators) <= covered
    # What is left over are functions that the queries define themselves.
    assert sum(uses for name, uses in functions.items() if name in covered) >= 0.95 * functions.total()


def _corpus(path: Path) -> list[str]:
    return [json.loads(line)["query"] for line in path.read_text("utf-8").splitlines()]
