"""A schema that changes while the server runs: a name that it lacked is looked for again, and old verdicts are gone."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sentinel_mcp_server.schema import WorkspaceSchema

if TYPE_CHECKING:
    from .conftest import Inside

QUERY = "Fresh_CL | where Colour_s == 'red'"
BEFORE = {"TimeGenerated": "datetime", "Size_d": "real"}


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema is never too new to be read again."""
    first = WorkspaceSchema.__init__

    def made(self: WorkspaceSchema, *arguments: object, **options: object) -> None:
        first(self, *arguments, **options | {"refresh_after": timedelta(0)})  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(WorkspaceSchema, "__init__", made)


def add(inside: "Inside", columns: dict[str, str]) -> None:
    emulator = inside.emulator
    emulator.store()
    emulator.catalogue = emulator.catalogue.with_custom({"Fresh_CL": columns})
    emulator._validator = None  # pyright: ignore[reportPrivateUsage]


def verdict(inside: "Inside") -> str:
    return inside.session.answer("query_validate", query=QUERY)["verdict"]


@pytest.mark.usefixtures("eager")
def test_a_column_added_to_the_workspace_is_accepted_by_the_next_validation_which_misses_the_cache(
    inside: "Inside",
) -> None:
    add(inside, BEFORE)
    assert verdict(inside) == "invalid"
    checked = inside.session.portal.call(inside.services.schema.current)
    assert verdict(inside) == "invalid"
    before = checked.validator.cache.statistics
    assert before.hits >= 1

    add(inside, {**BEFORE, "Colour_s": "string"})
    assert verdict(inside) == "valid"
    after = checked.validator.cache.statistics
    assert after.misses == before.misses + 1
    assert verdict(inside) == "valid"
    assert checked.validator.cache.statistics.misses == after.misses


def test_a_schema_that_was_just_read_is_not_read_again_for_a_misspelt_name(inside: "Inside") -> None:
    assert verdict(inside) == "invalid"
    first = inside.session.portal.call(inside.services.schema.current)
    add(inside, {**BEFORE, "Colour_s": "string"})
    assert verdict(inside) == "invalid"
    assert inside.session.portal.call(inside.services.schema.current) is first
