from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator import Parameter, SchemaError
from sentinel_kql_validator.schema_file import parameters_of, read_schema, schema_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sentinel_kql_validator import KqlValidator

PLAIN = {"T": {"a": "string", "b": "long"}}
METADATA = {
    "tables": [{"name": "T", "columns": [{"name": "a", "type": "string"}, {"name": "b", "type": "long"}]}],
    "functions": [{"name": "F", "parameters": "x:string, y:int=5", "body": "T | where a == x"}],
}
ARM = {
    "value": [
        {
            "name": "T",
            "properties": {
                "schema": {
                    "name": "T",
                    "standardColumns": [{"name": "a", "type": "string"}],
                    "columns": [{"name": "b", "type": "long"}],
                }
            },
        }
    ]
}


@pytest.mark.parametrize("data", [PLAIN, {"tables": PLAIN}, METADATA, ARM])
def test_every_known_form_gives_the_same_tables(data: Any) -> None:
    assert {name: dict(columns) for name, columns in schema_from(data).tables.items()} == PLAIN


def test_functions_of_a_workspace_come_with_their_parameters() -> None:
    function = schema_from(METADATA).functions["F"]
    assert function.parameters == (Parameter("x", "string"), Parameter("y", "int", required=False, default="5"))
    assert function.body == "T | where a == x"


def test_a_function_over_rows_is_checked_with_what_is_given_to_it(make: Callable[..., KqlValidator]) -> None:
    functions = [{"name": "F", "parameters": "(T:(a:string), n:int=5)", "body": "T | take n"}]
    validator = make(schema_from({**METADATA, "functions": functions}))
    assert validator.validate("T | invoke F(3) | project a").verdict == "valid"
    assert validator.validate("print x = 1 | invoke F()").verdict == "invalid"


def test_defaults_may_hold_commas() -> None:
    found = list(parameters_of("F", "a:dynamic=dynamic([1, 2]), ['b c']:string='x,y'"))
    assert [(p.name, p.default) for p in found] == [("a", "dynamic([1, 2])"), ("b c", "'x,y'")]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("s.json", '{"tables": [{"columns": []}]}', "The table number 1 has no name."),
        ("s.json", '{"value": [{}]}', "The table number 1 has no properties.schema."),
        ("s.json", "[]", "A schema is an object with tables; this is something else."),
        (
            "s.json",
            json.dumps({"tables": [{"name": "T", "columns": [{"name": "a", "type": t}]} for t in ("int", "long")]}),
            "The table T is listed twice with different columns (a).",
        ),
        ("s.yaml", "T:\n  a: string\nT:\n  a: long\n", "T is listed twice (line 3)."),
        ("s.yaml", "T: [", "is not YAML: "),
        ("s.yaml", "T:\n  a: strng\n", "T.a has the unknown type 'strng'"),
        ("s.yaml", "T: 5\n", "The table T needs {column: type}, not int."),
        (
            "s.json",
            '{"tables": [], "functions": [{"name": "F", "parameters": "T"}]}',
            "'T' of F() cannot be read",
        ),
    ],
)
def test_a_file_that_is_no_schema_is_told_in_one_sentence(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SchemaError) as caught:
        read_schema(path)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read: No such file"), (b"\xff", "is not UTF-8 (byte 0).")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "s.json"
    if content:
        path.write_bytes(content)
    with pytest.raises(SchemaError) as caught:
        read_schema(path)
    assert words in str(caught.value)
