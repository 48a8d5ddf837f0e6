from pathlib import Path

import sentinel_azure_clients
from sentinel_azure_clients import coverage

PACKAGE = Path(__file__).parents[1]


def test_no_cell_of_the_table_is_empty() -> None:
    rows = [line.strip("|").split("|") for line in coverage.markdown().splitlines() if line.startswith("| ")]
    assert len(rows) > 60
    assert all(cell.strip() for row in rows for cell in row)
    assert all(len(row) == 6 for row in rows)


def test_every_declaration_in_the_code_is_in_the_table() -> None:
    source = PACKAGE / "src" / "sentinel_azure_clients"
    declaring = {
        path.stem if path.stem != "__init__" and not path.stem.startswith("_") else path.parent.name
        for path in source.rglob("*.py")
        if path.stem not in {"_operation", "_area"}
        and any(word in path.read_text() for word in ("= operation(", "Area(", "return operation("))
    }
    assert declaring
    assert declaring <= set(sentinel_azure_clients.__all__)


def test_no_two_calls_have_the_same_name() -> None:
    names = [(call.area, call.name) for call in coverage.operations()]
    assert len(names) == len(set(names))


def test_previews_are_known_as_such() -> None:
    previews = {call.area for call in coverage.operations() if call.preview}
    assert previews == {"alert rules", "enrichment", "entities", "hunts", "product settings", "threat objects"}


def test_the_table_beside_the_readme_is_the_codes_own() -> None:
    written = (PACKAGE / "COVERAGE.md").read_text()
    assert written == coverage.markdown(), "print it again: python -m sentinel_azure_clients.coverage > COVERAGE.md"


def test_a_write_names_the_permission_it_takes() -> None:
    assert {bool(call.permission) for call in coverage.operations() if call.effect == "write"} == {True}
    assert {call.permission for call in coverage.operations() if call.effect != "write"} == {""}
    odd = [call.permission for call in coverage.operations() if "{" in call.permission]
    assert odd == []
