from typing import Any

import pytest

from sentinel_azure_clients import Playbook
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.playbook_choice import choose, effects

INCIDENT: dict[str, Any] = {"Microsoft_Sentinel_incident": {"type": "ApiConnectionWebhook", "inputs": {}}}


def playbook(name: str, state: str | None = "Enabled", **definition: Any) -> Playbook:
    properties = {"definition": definition} if definition else {}
    return Playbook(name, f"/subscriptions/s/Microsoft.Logic/workflows/{name}", None, state, None, properties, {})


def test_it_is_found_by_name_or_id_in_any_case() -> None:
    one = playbook("One")
    assert choose([playbook("Two"), one], "ONE") is one
    assert choose([one], one.id.upper()) is one


def test_one_with_another_trigger_is_refused_where_the_definition_tells() -> None:
    daily = playbook("Daily", triggers={"Recurrence": {"type": "Recurrence"}})
    good = playbook("Good", triggers=INCIDENT)
    with pytest.raises(Refused, match=r"The playbook Daily does not begin with an incident.*can run: Good"):
        choose([daily, good], "daily")


def test_one_whose_state_is_not_told_is_refused() -> None:
    with pytest.raises(Refused, match=r"its state is not told\).*can run: none"):
        choose([playbook("Odd", state=None)], "Odd")


def test_many_are_named_up_to_a_number() -> None:
    with pytest.raises(Refused, match="P19 and 5 more"):
        choose([playbook(f"P{number:02}") for number in range(25)], "x")


def test_the_steps_are_named_where_the_definition_tells() -> None:
    told = effects(playbook("One", triggers=INCIDENT, actions={"Disable_user": {}, "Post_message": {}}))
    assert told[0] == "Its steps: Disable_user, Post_message; each acts with the playbook's own connections."


def test_where_it_does_not_tell_anything_may_change() -> None:
    assert "may change anything" in effects(playbook("One"))[0]
