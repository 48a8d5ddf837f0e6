"""`$filter` and `$orderby`: parsed as OData, checked against the properties there are, applied to resources.

Quirks of the service that its users reported are kept: property names are case-sensitive and need their `properties/`,
`any()` must come first in a filter, and `all()` is not understood.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from .faults import ArmFault, bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentinel_emulator._json import Json, Resource

#: A node of the parsed expression; the library types its nodes loosely.
Node: TypeAlias = Any

_LONGEST = 4000
_ORDER = re.compile(r"\s+(asc|desc)\s*$", re.IGNORECASE)


class Filter:
    """A `$filter` that has been understood; call it with a resource. `known` are the properties it may name."""

    def __init__(self, text: str, known: frozenset[str]) -> None:
        self._known = known
        self._tree = _parse(text)
        if not _any_comes_first(self._tree):
            raise _syntax_error()
        self._check(self._tree, frozenset())

    def __call__(self, resource: Resource) -> bool:
        """Say whether the resource passes."""
        return bool(_value(self._tree, resource, {}))

    def _check(self, node: Node, variables: frozenset[str]) -> None:
        if isinstance(node, ast.CollectionLambda):
            self._check(node.owner, variables)
            if isinstance(node.operator, ast.All):
                raise _syntax_error()
            if node.lambda_ is not None:
                self._check(node.lambda_.expression, variables | {node.lambda_.identifier.name})
        elif isinstance(node, ast.Identifier | ast.Attribute):
            path = _path(node)
            if path[0] not in variables and "/".join(path) not in self._known:
                raise bad_request(
                    f"Could not find a property named '{path[-1] if path[0] == 'properties' else path[0]}'"
                )
        elif isinstance(node, ast.Call):
            if node.func.name not in _FUNCTIONS:
                raise _syntax_error()
            for argument in node.args:
                self._check(argument, variables)
        elif isinstance(node, ast.Compare | ast.BoolOp):
            self._check(node.left, variables)
            self._check(node.right, variables)
        elif isinstance(node, ast.UnaryOp):
            self._check(node.operand, variables)
        elif not isinstance(node, ast._Literal):  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 - no public name
            raise _syntax_error()


def ordering(text: str, known: frozenset[str]) -> Callable[[list[Resource]], list[Resource]]:
    """Return the function that sorts resources as an `$orderby` says."""
    keys: list[tuple[tuple[str, ...], bool]] = []
    for part in text.split(","):
        direction = _ORDER.search(part)
        node = _parse(part[: direction.start()] if direction else part)
        if not isinstance(node, ast.Identifier | ast.Attribute):
            raise _syntax_error()
        path = _path(node)
        if "/".join(path) not in known:
            raise bad_request(f"Could not find a property named '{path[-1]}'")
        keys.append((path, direction is not None and direction.group(1).lower() == "desc"))

    def sort(resources: list[Resource]) -> list[Resource]:
        ordered = list(resources)
        for path, descending in reversed(keys):
            ordered.sort(key=lambda resource: _sortable(_follow(resource, path)), reverse=descending)
        return ordered

    return sort


def _parse(text: str) -> Node:
    if len(text) > _LONGEST:
        raise _syntax_error()
    try:
        return cast("Any", ODataParser()).parse(cast("Any", ODataLexer()).tokenize(text.strip()))
    except (ODataException, ValueError, RecursionError) as error:
        raise _syntax_error() from error


def _syntax_error() -> ArmFault:
    return bad_request("OData query syntax error")


def _any_comes_first(node: Node) -> bool:
    """Report whether every `any()` stands at the very left, the only place where the service understands it."""
    if isinstance(node, ast.BoolOp):
        return _any_comes_first(node.left) and not _holds_any(node.right)
    if isinstance(node, ast.UnaryOp):
        return not _holds_any(node.operand)
    return True


def _holds_any(node: Node) -> bool:
    if isinstance(node, ast.BoolOp):
        return _holds_any(node.left) or _holds_any(node.right)
    if isinstance(node, ast.UnaryOp):
        return _holds_any(node.operand)
    return isinstance(node, ast.CollectionLambda)


def _path(node: Node) -> tuple[str, ...]:
    if isinstance(node, ast.Attribute):
        return (*_path(node.owner), node.attr)
    return (node.name,) if isinstance(node, ast.Identifier) else ("",)


def _follow(value: Json, path: tuple[str, ...]) -> Json:
    for name in path:
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, Any]", value).get(name)
    return value


def _sortable(value: Json) -> tuple[int, Any]:
    if value is None:
        return (0, "")
    return (1, value) if isinstance(value, int | float) else (2, str(value))


def _value(node: Node, resource: Resource, variables: dict[str, Any]) -> Json:
    if isinstance(node, ast.Identifier | ast.Attribute):
        path = _path(node)
        if path[0] in variables:
            return _follow(variables[path[0]], path[1:])
        return _follow(resource, path)
    if isinstance(node, ast.BoolOp):
        left = bool(_value(node.left, resource, variables))
        if isinstance(node.op, ast.And):
            return left and bool(_value(node.right, resource, variables))
        return left or bool(_value(node.right, resource, variables))
    if isinstance(node, ast.UnaryOp):
        return not _value(node.operand, resource, variables)
    if isinstance(node, ast.CollectionLambda):
        return _any(node, resource, variables)
    if isinstance(node, ast.Call):
        return _FUNCTIONS[node.func.name](*(_value(argument, resource, variables) for argument in node.args))
    if isinstance(node, ast.Compare):
        return _compare(node, _value(node.left, resource, variables), _value(node.right, resource, variables))
    if isinstance(node, ast.List):
        return [_value(member, resource, variables) for member in node.val]
    return node.py_val


def _any(node: Node, resource: Resource, variables: dict[str, Any]) -> bool:
    held = cast("list[Any]", _value(node.owner, resource, variables) or [])
    if node.lambda_ is None:
        return bool(held)
    name = node.lambda_.identifier.name
    return any(_value(node.lambda_.expression, resource, {**variables, name: member}) for member in held)


def _compare(node: Node, left: Json, right: Json) -> bool:
    if isinstance(node.comparator, ast.In):
        return left in cast("list[Any]", right)
    left, right = _alike(left, right)
    if isinstance(node.comparator, ast.Eq):
        return left == right
    if isinstance(node.comparator, ast.NotEq):
        return left != right
    if left is None or right is None or type(left) is not type(right):
        return False
    if isinstance(node.comparator, ast.Gt):
        return left > right
    if isinstance(node.comparator, ast.GtE):
        return left >= right
    return left < right if isinstance(node.comparator, ast.Lt) else left <= right


def _alike(left: Json, right: Json) -> tuple[Json, Json]:
    """Bring a property and a literal to one type: moments to moments, numbers to numbers, the rest to text."""
    if isinstance(left, date) or isinstance(right, date):
        return _moment(left), _moment(right)
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left, right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return float(left), float(right)
    return str(left), str(right)


def _moment(value: Json) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None


def _contains(text: Json, part: Json) -> bool:
    return str(part) in str(text or "")


def _startswith(text: Json, part: Json) -> bool:
    return str(text or "").startswith(str(part))


def _endswith(text: Json, part: Json) -> bool:
    return str(text or "").endswith(str(part))


def _tolower(text: Json) -> str:
    return str(text or "").lower()


def _toupper(text: Json) -> str:
    return str(text or "").upper()


def _length(text: Json) -> int:
    return len(str(text or ""))


_FUNCTIONS: dict[str, Callable[..., Json]] = {
    "contains": _contains,
    "startswith": _startswith,
    "endswith": _endswith,
    "tolower": _tolower,
    "toupper": _toupper,
    "length": _length,
}
