from sentinel_mcp_server.testing import Session


def test_indicators_are_counted_the_same_in_each_way(offline: Session) -> None:
    answer = offline.answer("indicator_metrics")
    assert sum(answer["by_source"].values()) == sum(answer["by_pattern"].values()) > 0
