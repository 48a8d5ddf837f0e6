import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from sentinel_mcp_resources import Example, Page, PromptTemplate, TableNote, library
from sentinel_mcp_server import catalogue


@dataclass(frozen=True)
class FewDocuments:
    """A library with three examples, so that counting them takes no minute."""

    pages: dict[str, Page]
    examples: dict[str, Example]
    table_notes: dict[str, TableNote]
    prompts: dict[str, PromptTemplate]


def test_the_knowledge_is_counted_and_measured_against_a_corpus(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    real = library()
    few = FewDocuments(real.pages, dict(islice(real.examples.items(), 3)), real.table_notes, real.prompts)
    monkeypatch.setattr(catalogue, "library", lambda: few)
    monkeypatch.setenv("COLUMNS", "120")
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"query": "let f = (x: long) { x }; print f(1), strlen('a') | where true"}) + "\n")
    catalogue.print_knowledge(corpus)
    shown = {
        line.split("│")[1].strip(): line.split("│")[2].strip()
        for line in capsys.readouterr().out.splitlines()
        if "│" in line
    }
    assert shown["example queries"] == "3"
    assert shown["prompts"] == str(len(real.prompts))
    assert shown["examples that run on the embedded workspace"] == "3 (100.0%)"
    assert shown["operators of the corpus that a page covers"] == "2 of 2"
    assert shown["uses of functions in the corpus that a page covers"] == "1 of 2 (50.0%)"
