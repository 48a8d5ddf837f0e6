from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator import Function, KqlValidator, Parameter, Schema, SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
TYPES = st.sampled_from(["bool", "datetime", "decimal", "dynamic", "guid", "int", "long", "real", "string", "timespan"])


def test_types_come_out_in_kqls_first_names() -> None:
    schema = Schema({"T": {"a": "System.Int64", "b": "double", "c": "STRING", "d": "date"}})
    assert dict(schema.tables["T"]) == {"a": "long", "b": "real", "c": "string", "d": "datetime"}


def test_an_unknown_type_is_refused_with_its_place() -> None:
    with pytest.raises(SchemaError, match=r"T\.a has the unknown type 'strng'"):
        Schema({"T": {"a": "strng"}})


@pytest.mark.parametrize("name", ["", "a\tb", "a\nb", "\ud800"])
def test_a_name_that_no_engine_could_be_handed_is_refused(name: str) -> None:
    with pytest.raises(SchemaError, match="has the name"):
        Schema({name: {"a": "string"}})
    with pytest.raises(SchemaError, match="A column of T has the name"):
        Schema({"T": {name: "string"}})


def test_a_table_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"The table T needs \{column: type\}, not list"):
        Schema({"T": ["a"]})  # pyright: ignore[reportArgumentType] - what a caller may read from JSON


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, TYPES, max_size=5), max_size=5))
def test_tables_come_out_as_they_went_in(tables: dict[str, dict[str, str]]) -> None:
    schema = Schema(tables)
    assert {name: dict(columns) for name, columns in schema.tables.items()} == tables
    assert schema.fingerprint == Schema(dict(reversed(tables.items()))).fingerprint


def test_the_fingerprint_follows_the_content() -> None:
    one = Schema({"T": {"a": "string"}})
    assert one.fingerprint != Schema({"T": {"a": "long"}}).fingerprint
    assert one.fingerprint != one.with_tables({"U": {"a": "string"}}).fingerprint
    assert one.fingerprint != one.with_functions([Function("f")]).fingerprint
    assert one.with_tables({"U": {}}).without("U") == one


def test_merging_lets_the_right_one_win() -> None:
    left, right = Schema({"T": {"a": "string"}, "U": {"b": "int"}}), Schema({"T": {"c": "long"}})
    assert {n: dict(c) for n, c in (left | right).tables.items()} == {"T": {"c": "long"}, "U": {"b": "int"}}


def test_deriving_leaves_the_original_alone() -> None:
    schema = Schema.sentinel()
    before = schema.fingerprint
    derived = schema.with_tables({"Custom_CL": {"Field_s": "string"}})
    assert "Custom_CL" in derived.tables
    assert "Custom_CL" not in schema.tables
    assert schema.fingerprint == before


def test_a_function_with_a_body_is_checked_into_its_tables(make: Callable[..., KqlValidator]) -> None:
    schema = Schema(
        {"T": {"a": "string"}},
        [Function("f", (Parameter("n", "long", required=False),), body="T | where a == 'x' | take n")],
    )
    result = make(schema).validate("f(5) | project a")
    assert result.verdict == "valid"
    assert dict(result.facts.tables) == {"T": ("a",)}


def test_a_function_of_which_nothing_is_known_lets_every_column_pass(make: Callable[..., KqlValidator]) -> None:
    schema = Schema({}, {"f": {"parameters": [{"name": "n", "type": "string"}]}})
    validator = make(schema)
    assert validator.validate("f('a') | project Anything").verdict == "valid"
    assert validator.validate("f() | project Anything").verdict == "invalid"


def test_a_table_with_an_odd_name_is_found(make: Callable[..., KqlValidator]) -> None:
    validator = make(Schema({"odd name": {"a b": "string"}}))
    assert validator.validate("['odd name'] | where ['a b'] == 'x'").verdict == "valid"


def test_a_lenient_schema_does_not_call_an_unknown_name_wrong(make: Callable[..., KqlValidator]) -> None:
    schema = Schema({"T": {"a": "string"}}).lenient()
    validator = make(schema)
    result = validator.validate("T | where Own == 'x' | join kind=inner (Mine_CL) on a")
    assert (result.verdict, result.reason) == (
        "unknown",
        "The schema, which may lack names, does not have Own, Mine_CL.",
    )
    assert {d.severity for d in result.diagnostics} == {"warning"}
    assert validator.validate("T | where a == 'x'").verdict == "valid"
    assert validator.validate("T | where (Own").verdict == "invalid"


def test_being_lenient_is_kept_by_copies_and_told_by_the_fingerprint() -> None:
    strict = Schema({"T": {"a": "string"}})
    lenient = strict.lenient()
    assert lenient.fingerprint != strict.fingerprint
    assert not lenient.with_tables({}).with_functions([]).without("x").complete
    assert not (strict | lenient).complete
    assert (strict | strict).complete


@pytest.mark.parametrize(
    ("written", "declared"),
    [
        ("(*)", "(*)"),
        ("(a:string, *)", "(a:string, *)"),
        ("( a : Int32 )", "(a:int)"),
        ("(a b:long)", "(['a b']:long)"),
    ],
)
def test_a_parameter_can_be_rows(written: str, declared: str) -> None:
    schema = Schema({}, {"F": {"parameters": [{"name": "R", "type": written}]}})
    assert schema.functions["F"].parameter_list() == f"(R:{declared})"


@pytest.mark.parametrize("written", ["()", "(a)", "(:string)", "(a:planet)", "(a:string", "rows"])
def test_rows_of_no_known_type_are_refused(written: str) -> None:
    with pytest.raises(SchemaError, match="unknown type"):
        Schema({}, {"F": {"parameters": [{"name": "R", "type": written}]}})


def test_a_function_over_rows_is_checked_with_the_rows_it_is_given() -> None:
    function = {"parameters": [{"name": "R", "type": "(a:string, *)"}], "body": "R | extend z = strlen(a)"}
    validator = KqlValidator(Schema({"T": {"a": "string", "b": "long"}, "U": {"b": "long"}}, {"F": function}))
    assert validator.validate("T | invoke F() | project a, b, z").verdict == "valid"
    assert validator.validate("F(T) | project nope").verdict == "invalid"
    assert validator.validate("U | invoke F()").verdict == "invalid"
