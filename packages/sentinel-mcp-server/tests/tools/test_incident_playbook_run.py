from typing import Any

from sentinel_azure_clients import incidents, playbooks

CALL: dict[str, Any] = {"incident": "1", "playbook": "revoke-sessions"}


def test_the_plan_names_what_else_may_change_and_runs_nothing(untouched: Any) -> None:
    plan = untouched.session.answer("incident_playbook_run", **CALL)
    assert plan["changes"] == [{"field": "playbook_run", "before": None, "after": "Revoke-Sessions"}]
    assert len(plan["notes"]) == 2
    assert "may change anything that its own identity and connections reach" in plan["notes"][0]
    assert "nothing here takes it back" in plan["undo"]
    assert untouched.audit() == []


def test_the_token_runs_it_once_with_its_id_and_the_tenant_of_the_sign_in(inside: Any, monkeypatch: Any) -> None:
    real = playbooks.run_on_incident
    runs: list[tuple[str, str, str]] = []

    async def counted(context: Any, incident: str, playbook_id: str, *, tenant_id: str) -> None:
        runs.append((incident, playbook_id, tenant_id))
        await real(context, incident, playbook_id, tenant_id=tenant_id)

    monkeypatch.setattr(playbooks, "run_on_incident", counted)
    token = inside.session.answer("incident_playbook_run", **CALL)["confirmation_token"]
    assert runs == []
    receipt = inside.session.answer("incident_playbook_run", **CALL, confirmation_token=token)
    assert receipt["applied"] is True
    assert "There is no such plan" in inside.session.refusal("incident_playbook_run", **CALL, confirmation_token=token)
    ((incident, playbook_id, tenant),) = runs
    assert incident == inside.azure(incidents.get, "1").name
    assert playbook_id.endswith("/Microsoft.Logic/workflows/Revoke-Sessions")
    assert tenant == inside.emulator.workspace.tenant_id
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"]


def test_an_incident_that_changed_in_between_is_a_conflict_and_nothing_runs(inside: Any) -> None:
    token = inside.session.answer("incident_playbook_run", **CALL)["confirmation_token"]
    inside.azure(incidents.update, inside.azure(incidents.get, "1").name, severity="Informational")
    refusal = inside.session.refusal("incident_playbook_run", **CALL, confirmation_token=token)
    assert "changed after the plan was made, so the playbook was not run" in refusal
    assert [line["outcome"] for line in inside.audit()] == ["begun", "Conflict"]


def test_what_cannot_run_is_refused_with_what_can(untouched: Any) -> None:
    can = "can run: Isolate-Device, Revoke-Sessions."
    unknown = untouched.session.refusal("incident_playbook_run", incident="1", playbook="No-Such")
    assert "There is no playbook 'No-Such'" in unknown
    assert can in unknown
    disabled = untouched.session.refusal("incident_playbook_run", incident="1", playbook="Old-Notifier")
    assert "The playbook Old-Notifier is not switched on" in disabled
    assert can in disabled
    assert "99999" in untouched.session.refusal("incident_playbook_run", incident="99999", playbook="Revoke-Sessions")
    assert "the argument 'playbook' is missing" in untouched.session.refusal("incident_playbook_run", incident="1")
