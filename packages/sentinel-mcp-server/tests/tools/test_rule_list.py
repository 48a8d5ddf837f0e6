from sentinel_mcp_server.testing import Session


def test_they_are_listed_by_name_and_counted(offline: Session) -> None:
    answer = offline.answer("rule_list", limit=1000)
    names = [item["display_name"].casefold() for item in answer["rules"]]
    assert names == sorted(names)
    assert answer["matched"] == answer["shown"] == len(names) > 1


def test_a_part_of_the_name_and_a_limit_narrow_the_list(offline: Session) -> None:
    first = offline.answer("rule_list", limit=1)
    assert first["shown"] == 1 < first["matched"]
    name = first["rules"][0]["display_name"]
    found = offline.answer("rule_list", name_contains=name.upper())
    assert name in [item["display_name"] for item in found["rules"]]
    assert offline.answer("rule_list", name_contains="no such thing")["rules"] == []


def test_every_kind_of_rule_is_there(offline: Session) -> None:
    kinds = {rule["kind"] for rule in offline.answer("rule_list", limit=1000)["rules"]}
    assert {"Scheduled", "NRT", "Fusion"} <= kinds


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "limit: input should be greater than or equal to 1" in offline.refusal("rule_list", limit=0)


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("rule_list")
