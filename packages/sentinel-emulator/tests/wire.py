"""How a body that was collected and a body that is answered differ, told as short sentences with the place."""

from __future__ import annotations

from typing import Any, cast


def differences(expected: Any, found: Any, at: str = "", *, exact: bool = True) -> set[str]:
    """Compare members and types of values; with `exact` also the order, members more than expected, and casing.

    A null on either side agrees with anything. Of a list the first member is compared, with the most similar of the
    other list that has its `kind`.
    """
    if expected is None or found is None:
        return set()
    if kind_of(expected) != kind_of(found):
        return {f"{at} is {kind_of(found)}, not {kind_of(expected)}"}
    if isinstance(expected, dict):
        return _of_objects(cast("dict[str, Any]", expected), found, at, exact=exact)
    if isinstance(expected, list) and expected:
        return _of_lists(cast("list[Any]", expected), found, at, exact=exact)
    named = at.endswith((".type", ".kind"))
    return {f"{at} is {found!r}, not {expected!r}"} if exact and named and expected != found else set()


def _of_objects(expected: dict[str, Any], found: dict[str, Any], at: str, *, exact: bool) -> set[str]:
    told = {f"{at}.{name} is missing" for name in expected if name not in found}
    common = [name for name in expected if name in found]
    if exact:
        told |= {f"{at}.{name} is more" for name in found if name not in expected}
        if common != [name for name in found if name in expected]:
            told.add(f"{at} is in another order")
    for name in common:
        told |= differences(expected[name], found[name], f"{at}.{name}", exact=exact)
    return told


def _of_lists(expected: list[Any], found: list[Any], at: str, *, exact: bool) -> set[str]:
    told: set[str] = set()
    kinds: set[object] = set()
    for one in expected:
        kind = cast("dict[str, Any]", one).get("kind") if isinstance(one, dict) else None
        if kind in kinds:
            continue
        kinds.add(kind)
        alike = [item for item in found if kind is None or item.get("kind") == kind]
        if not alike:
            told.add(f"{at}[] has no {kind or 'member'}")
            continue
        told |= min((differences(one, item, f"{at}[]", exact=exact) for item in alike), key=len)
    return told


def kind_of(value: Any) -> str:
    """Say what a JSON value is."""
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return {"dict": "an object", "list": "a list", "str": "a text"}[type(value).__name__]
