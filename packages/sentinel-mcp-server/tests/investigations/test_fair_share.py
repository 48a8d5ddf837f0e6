from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from sentinel_mcp_server.investigations.fair_share import CHARACTERS_PER_TOKEN, fair_share


class Item(BaseModel):
    text: str


def items(*lengths: int) -> list[Item]:
    return [Item(text="x" * length) for length in lengths]


def size(item: Item) -> int:
    return len(item.model_dump_json()) + 1


def test_everything_is_kept_where_there_is_room() -> None:
    kept, _ = fair_share({"a": items(10, 10), "b": items(5)}, 1_000)
    assert kept == {"a": 2, "b": 1}


def test_a_long_list_does_not_push_a_short_one_out() -> None:
    kept, _ = fair_share({"long": items(*[100] * 50), "short": items(10, 10)}, 200)
    assert kept["short"] == 2
    assert 0 < kept["long"] < 50


def test_an_item_too_big_for_the_room_ends_its_own_section_only() -> None:
    kept, _ = fair_share({"big": items(10, 4_000, 10), "small": items(10, 10, 10)}, 100)
    assert kept == {"big": 1, "small": 3}


@given(
    st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(0, 300), max_size=20)),
    st.integers(0, 500),
)
def test_the_budget_is_never_passed_and_no_next_item_would_have_fitted(
    lengths: dict[str, list[int]], tokens: int
) -> None:
    sections = {name: items(*sizes) for name, sizes in lengths.items()}
    kept, told = fair_share(sections, tokens)
    used = sum(size(item) for name, count in kept.items() for item in sections[name][:count])
    assert used <= tokens * CHARACTERS_PER_TOKEN
    assert told == used // CHARACTERS_PER_TOKEN
    for name, count in kept.items():
        if count < len(sections[name]):
            assert used + size(sections[name][count]) > tokens * CHARACTERS_PER_TOKEN
