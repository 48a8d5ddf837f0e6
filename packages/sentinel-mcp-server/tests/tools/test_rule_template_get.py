from sentinel_mcp_server.testing import Session


def test_each_listed_one_can_be_read(offline: Session) -> None:
    for summary in offline.answer("rule_template_list", limit=1000)["templates"]:
        answer = offline.answer("rule_template_get", name=summary["name"])
        assert answer["display_name"] == summary["display_name"]


def test_an_unknown_name_is_refused_in_a_sentence(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("rule_template_get", name="00000000-0000-4000-8000-000000000000")
    offline.refusal("rule_template_get", name="../incidents")
    offline.refusal("rule_template_get", name="")
