from typing import Any

from sentinel_azure_clients import watchlists

CALL = {"alias": "HighValueAssets", "item": "DC01.contoso.com"}


def rows(inside: Any) -> list[dict[str, str]]:
    found = inside.session.answer("watchlist_item_list", alias=CALL["alias"])["items"]
    return sorted((item["values"] for item in found), key=str)


def test_the_token_deletes_it_once_and_the_undo_puts_the_values_back(inside: Any) -> None:
    before = rows(inside)
    plan = inside.session.answer("watchlist_item_delete", **CALL)
    assert {c["field"]: (c["before"], c["after"]) for c in plan["changes"]} == {
        "Asset": ("DC01.contoso.com", None),
        "Owner": ("faye.fern@contoso.com", None),
        "Tier": ("0", None),
    }
    assert rows(inside) == before
    token = plan["confirmation_token"]
    receipt = inside.session.answer("watchlist_item_delete", **CALL, confirmation_token=token)
    assert [row for row in before if row not in rows(inside)] == [row for row in before if "DC01" in row["Asset"]]
    assert "There is no such plan" in inside.session.refusal("watchlist_item_delete", **CALL, confirmation_token=token)
    assert "There is no item 'DC01.contoso.com'" in inside.session.refusal("watchlist_item_delete", **CALL)

    told = receipt["undo"].removeprefix("watchlist_item_upsert with ")
    inside.confirmed("watchlist_item_upsert", **eval(f"dict({told})", {"__builtins__": {"dict": dict}}))
    assert rows(inside) == before
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"] * 2


def test_an_item_that_changed_in_between_is_a_conflict_and_stays(inside: Any) -> None:
    plan = inside.session.answer("watchlist_item_delete", **CALL)
    inside.azure(watchlists.update_item, CALL["alias"], plan["object"].split()[1], {"Tier": "2"})
    between = rows(inside)
    refusal = inside.session.refusal("watchlist_item_delete", **CALL, confirmation_token=plan["confirmation_token"])
    assert "changed after the plan was made, so it was not deleted" in refusal
    assert rows(inside) == between
    assert [line["outcome"] for line in inside.audit()] == ["begun", "Conflict"]


def test_an_item_that_is_gone_in_between_is_said_so(inside: Any) -> None:
    plan = inside.session.answer("watchlist_item_delete", **CALL)
    inside.azure(watchlists.delete_item, CALL["alias"], plan["object"].split()[1])
    refusal = inside.session.refusal("watchlist_item_delete", **CALL, confirmation_token=plan["confirmation_token"])
    assert "Nothing was found" in refusal


def test_bad_input_is_named_in_a_sentence(untouched: Any) -> None:
    assert "Nothing was found" in untouched.session.refusal("watchlist_item_delete", alias="NoSuch", item="x")
    assert "There is no item" in untouched.session.refusal(
        "watchlist_item_delete", alias=CALL["alias"], item="' or 1==1"
    )
    assert "the argument 'item' is missing" in untouched.session.refusal("watchlist_item_delete", alias="x")
