from sentinel_mcp_server.testing import Session


def test_playbooks_are_listed_by_name_with_their_state(offline: Session) -> None:
    answer = offline.answer("playbook_list")
    states = {playbook["name"]: playbook["state"] for playbook in answer["playbooks"]}
    assert list(states) == sorted(states, key=str.casefold)
    assert states["Isolate-Device"] == "Enabled"
    assert all(playbook["id"].endswith(f"/workflows/{playbook['name']}") for playbook in answer["playbooks"])


def test_part_of_a_name_narrows(offline: Session) -> None:
    (found,) = offline.answer("playbook_list", name_contains="isolate")["playbooks"]
    assert found["name"] == "Isolate-Device"
