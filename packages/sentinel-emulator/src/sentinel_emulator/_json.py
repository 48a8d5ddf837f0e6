"""Names for what the type checker cannot look into."""

from __future__ import annotations

from typing import Any, TypeAlias

#: JSON as parsed: objects, lists, texts, numbers, booleans and null, nested at will.
Json: TypeAlias = Any

#: A value as DuckDB hands it over, of the Python type that belongs to its column.
Value: TypeAlias = Any

#: An ARM resource: an object with an id, a name, a type and properties.
Resource: TypeAlias = dict[str, Any]
