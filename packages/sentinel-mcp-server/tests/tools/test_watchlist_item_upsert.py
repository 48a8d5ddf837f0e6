import re
from typing import Any

import pytest

from sentinel_azure_clients import watchlists

ALIAS = "HighValueAssets"
NEW = {"Asset": "FS01.contoso.com", "Owner": "dana.willow@contoso.com", "Tier": "1"}


def items(inside: Any) -> dict[str, dict[str, str]]:
    found = inside.session.answer("watchlist_item_list", alias=ALIAS)["items"]
    return {item["name"]: item["values"] for item in found}


def carry_out(inside: Any, told: str) -> None:
    """Do what an undo says."""
    words = re.fullmatch(r"(\w+) with (.*)", told, re.DOTALL)
    assert words
    inside.confirmed(words[1], **eval(f"dict({words[2]})", {"__builtins__": {"dict": dict}}))


def test_a_new_key_is_a_new_item_made_once_and_the_undo_takes_it_out(inside: Any) -> None:
    before = items(inside)
    call = {"alias": ALIAS, "values": NEW}
    plan = inside.session.answer("watchlist_item_upsert", **call)
    assert {c["field"]: (c["before"], c["after"]) for c in plan["changes"]} == {k: (None, v) for k, v in NEW.items()}
    assert items(inside) == before
    token = plan["confirmation_token"]
    receipt = inside.session.answer("watchlist_item_upsert", **call, confirmation_token=token)
    (name,) = set(items(inside)) - set(before)
    assert items(inside)[name] == NEW
    assert name in receipt["object"]
    assert "There is no such plan" in inside.session.refusal("watchlist_item_upsert", **call, confirmation_token=token)
    assert len(items(inside)) == len(before) + 1
    carry_out(inside, receipt["undo"])
    assert items(inside) == before
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"] * 2
    assert "dana" not in str(inside.audit())


@pytest.mark.parametrize("named", [False, True])
def test_a_known_key_is_a_change_of_the_values_given_and_the_undo_brings_them_back(inside: Any, named: bool) -> None:
    before = items(inside)
    (name,) = [name for name, values in before.items() if values["Asset"] == "SQL01.contoso.com"]
    call: dict[str, Any] = {"alias": ALIAS, "values": {"Asset": "SQL01.contoso.com", "Tier": "0"}}
    if named:
        call = {"alias": ALIAS, "item": name, "values": {"Tier": "0"}}
    plan = inside.session.answer("watchlist_item_upsert", **call)
    assert plan["changes"] == [{"field": "Tier", "before": "1", "after": "0"}]
    receipt = inside.session.answer("watchlist_item_upsert", **call, confirmation_token=plan["confirmation_token"])
    assert items(inside) == before | {name: before[name] | {"Tier": "0"}}
    carry_out(inside, receipt["undo"])
    assert items(inside) == before


def test_an_item_with_a_stale_etag_is_left_as_it_is(inside: Any) -> None:
    call = {"alias": ALIAS, "values": {"Asset": "SQL01.contoso.com", "Tier": "0"}}
    plan = inside.session.answer("watchlist_item_upsert", **call)
    name = plan["object"].split()[1]
    inside.azure(watchlists.update_item, ALIAS, name, {"Owner": "somebody.else@contoso.com"})
    between = items(inside)
    refusal = inside.session.refusal("watchlist_item_upsert", **call, confirmation_token=plan["confirmation_token"])
    assert "Somebody else changed" in refusal
    assert items(inside) == between
    assert [line["outcome"] for line in inside.audit()] == ["begun", "Conflict"]


def test_a_column_that_no_other_item_has_is_noted(untouched: Any) -> None:
    plan = untouched.session.answer("watchlist_item_upsert", alias=ALIAS, values=NEW | {"Teir": "1"})
    assert plan["notes"] == ["No other item has Teir: check the spelling (Asset, Owner, Tier)."]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"alias": "NoSuch", "values": NEW}, "Nothing was found"),
        ({"alias": ALIAS, "values": {"Tier": "1"}}, "no Asset, which is the search key"),
        ({"alias": ALIAS, "values": {"Tier": "1"}, "item": "nobody"}, "There is no item 'nobody'"),
        ({"alias": ALIAS, "values": {}}, "values: dictionary should have at least 1 item"),
        ({"alias": ALIAS, "values": {"Asset": 1}}, "values.Asset: input should be a valid string"),
        (
            {"alias": ALIAS, "values": {"Asset": "DC01.contoso.com", "Tier": "0"}},
            "there is nothing to change",
        ),
        ({"alias": "../../x' or 1", "values": NEW}, "Nothing was found"),
    ],
)
def test_bad_input_is_named_in_a_sentence(untouched: Any, arguments: dict[str, Any], says: str) -> None:
    before = items(untouched)
    assert says in untouched.session.refusal("watchlist_item_upsert", **arguments)
    assert items(untouched) == before
