"""Names misspelt by a seeded hand in real queries: how often the right one is suggested, and how far up."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator import KqlValidator

if TYPE_CHECKING:
    from sentinel_kql_validator import Node

SEED, WANTED = 20260101, 200
UNKNOWN = {"KS109", "KS142", "KS204", "KS211"}  # a wrong type (KS107) may stand at the same place, and come first
WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|_")


def _misspelt(name: str, chance: random.Random) -> str:
    """Change one character, or one word of a name that has several."""
    words = WORDS.findall(name)
    if chance.random() < 0.2 and len(words) > 2:
        place = chance.randrange(len(words))
        return "".join(words[:place] + words[place + 1 :])
    place, letter = chance.randrange(len(name)), chance.choice("abcdefghijklmnopqrstuvwxyz")
    match chance.randrange(4):
        case 0:
            return name[:place] + name[place + 1 :]
        case 1:
            return name[:place] + letter + name[place:]
        case 2:
            return name[:place] + letter + name[place + 1 :]
        case _:
            place = min(place, len(name) - 2)
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _names(root: Node) -> list[Node]:
    return [
        node
        for node in root.walk()
        if node.kind == "NameReference"
        and node.symbol
        and node.symbol.kind in {"Table", "Column", "Function"}
        and len(node.symbol.name) >= 4
        and node.length == len(node.symbol.name)
    ]


@pytest.mark.thorough
def test_the_right_name_is_suggested_first(corpus: list[dict[str, Any]]) -> None:
    # Names are ranked outside the engines, and both report the same ones: the fastest will do.
    validator, chance = KqlValidator(advice=False), random.Random(SEED)
    queries = [case["query"] for case in corpus if not case["errors"] and len(case["query"]) < 3000]
    first = third = tried = 0
    missed: list[str] = []
    while tried < WANTED:
        query = chance.choice(queries)
        root = validator.bind(query).root
        names = _names(root) if root else []
        if not names:
            continue
        node = chance.choice(names)
        right = query[node.start : node.end]
        wrong = _misspelt(right, chance)
        result = validator.validate(query[: node.start] + wrong + query[node.end :])
        here = [d for d in result.errors if d.start == node.start and d.length == len(wrong)]
        found = next((d for d in here if d.code in UNKNOWN), None)
        if wrong == right or found is None:
            continue  # the misspelling is a name, too, or no name at all
        tried += 1
        names_told = [s.text for s in found.suggestions]
        first += names_told[:1] == [right]
        third += right in names_told[:3]
        if names_told[:1] != [right]:
            missed.append(f"{found.code} {wrong} for {right}: {', '.join(names_told) or 'nothing'}")
    assert first >= WANTED * 0.9, missed
    assert third >= WANTED * 0.97, missed
