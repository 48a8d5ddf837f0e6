"""Fit several lists into one budget, so that a long one does not push the others out."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

CHARACTERS_PER_TOKEN = 4
"""What a token of JSON is taken for; the models' own counts differ a little."""


def fair_share(sections: Mapping[str, Sequence[BaseModel]], tokens: int) -> tuple[dict[str, int], int]:
    """How many items of each section fit, and the tokens that they take, estimated from their JSON.

    Every section gets its next item in turn until an item no longer fits; that section ends there and the others go
    on. So the items shown are always the first ones of their section.
    """
    room = tokens * CHARACTERS_PER_TOKEN
    kept = dict.fromkeys(sections, 0)
    going = [name for name, items in sections.items() if items]
    used = 0
    while going:
        for name in list(going):
            size = len(sections[name][kept[name]].model_dump_json()) + 1
            if used + size > room:
                going.remove(name)
                continue
            used += size
            kept[name] += 1
            if kept[name] == len(sections[name]):
                going.remove(name)
    return kept, used // CHARACTERS_PER_TOKEN
