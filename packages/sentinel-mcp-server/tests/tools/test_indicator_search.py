from sentinel_mcp_server.testing import Session


def test_indicators_are_found_by_confidence(offline: Session) -> None:
    answer = offline.answer("indicator_search", min_confidence=90, limit=1000)
    assert answer["indicators"]
    assert all(indicator["confidence"] >= 90 for indicator in answer["indicators"])


def test_indicators_are_found_by_value(offline: Session) -> None:
    pattern = offline.answer("indicator_search", limit=1)["indicators"][0]["pattern"]
    value = pattern.split("'")[-2]
    found = offline.answer("indicator_search", keywords=[value])["indicators"]
    assert any(value in indicator["pattern"] for indicator in found)


def test_nothing_found_is_an_empty_list(offline: Session) -> None:
    assert offline.answer("indicator_search", keywords=["' or 1 eq 1"])["indicators"] == []


def test_a_limit_is_told(offline: Session) -> None:
    assert offline.answer("indicator_search", limit=1)["note"]


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "min_confidence: input should be less than or equal to 100" in offline.refusal(
        "indicator_search", min_confidence=101
    )
