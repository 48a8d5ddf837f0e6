from sentinel_mcp_server.testing import Session


def test_each_listed_one_can_be_read(offline: Session) -> None:
    for summary in offline.answer("rule_list", limit=1000)["rules"]:
        answer = offline.answer("rule_get", name=summary["name"])
        assert answer["display_name"] == summary["display_name"]


def test_a_scheduled_rule_has_a_query_that_is_valid_here(offline: Session) -> None:
    rules = offline.answer("rule_list", limit=1000)["rules"]
    for rule in (rule for rule in rules if rule["kind"] == "Scheduled"):
        details = offline.answer("rule_get", name=rule["name"])
        assert offline.answer("query_validate", query=details["query"])["verdict"] == "valid", details["query"]
        assert details["query_period"]
        assert details["etag"]


def test_an_unknown_name_is_refused_in_a_sentence(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("rule_get", name="00000000-0000-4000-8000-000000000000")
    offline.refusal("rule_get", name="../incidents")
    offline.refusal("rule_get", name="")
