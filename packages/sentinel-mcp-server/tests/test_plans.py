import pytest

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.plans import PLANS_KEPT, Change, Plan, PlanStore


async def nothing() -> str | None:
    return None


PLAN = Plan("incident #1", (Change(field="status", before="New", after="Active"),), "undo it", nothing)


def test_a_plan_is_taken_once() -> None:
    store = PlanStore()
    token = store.hold("me", "tool", {"a": 1}, PLAN)
    assert store.take("me", "tool", {"a": 1}, token) is PLAN
    with pytest.raises(Refused, match="no such plan"):
        store.take("me", "tool", {"a": 1}, token)
    assert len(store) == 0


def test_another_caller_tool_or_argument_takes_nothing_and_spends_nothing() -> None:
    store = PlanStore()
    token = store.hold("me", "tool", {"a": 1}, PLAN)
    for owner, tool, arguments in (("you", "tool", {"a": 1}), ("me", "other", {"a": 1}), ("me", "tool", {"a": 2})):
        with pytest.raises(Refused):
            store.take(owner, tool, arguments, token)
    assert store.take("me", "tool", {"a": 1}, token) is PLAN


def test_plans_are_bounded_in_number() -> None:
    store = PlanStore()
    for _ in range(PLANS_KEPT + 10):
        store.hold("me", "tool", {}, PLAN)
    assert len(store) == PLANS_KEPT
