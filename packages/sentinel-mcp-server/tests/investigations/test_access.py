import shlex

from sentinel_azure_clients import Grant, Permissions
from sentinel_mcp_server.investigations.access import NEEDS, assignment, judge
from sentinel_mcp_server.tools import TOOLS

SCOPE = "/subscriptions/s/resourceGroups/g"


def granted(*actions: str, less: tuple[str, ...] = ()) -> dict[str, str]:
    verdicts = judge(Permissions(SCOPE, (Grant(actions, less),)))
    return {verdict.tool: verdict.outcome for verdict in verdicts}


def test_every_tool_has_its_needs_and_no_other() -> None:
    assert set(NEEDS) == {spec.name for spec in TOOLS}


def test_a_reader_may_use_every_tool_that_reads_and_none_that_writes() -> None:
    outcomes = granted("*/read")
    assert {name for name, outcome in outcomes.items() if outcome == "denied"} == {
        spec.name for spec in TOOLS if spec.writes
    }


def test_nothing_granted_leaves_what_asks_nothing_of_azure() -> None:
    outcomes = granted()
    assert {name for name, outcome in outcomes.items() if outcome == "works"} == {
        name for name, needs in NEEDS.items() if not needs
    }


def test_what_is_taken_away_is_named_with_its_role() -> None:
    verdicts = judge(Permissions(SCOPE, (Grant(("*",), ("Microsoft.SecurityInsights/incidents/write",)),)))
    (close,) = [verdict for verdict in verdicts if verdict.tool == "incident_close"]
    assert [(need.action, need.role) for need in close.missing] == [
        ("Microsoft.SecurityInsights/incidents/write", "Microsoft Sentinel Responder")
    ]


def test_the_assignment_is_one_command_line() -> None:
    words = shlex.split(assignment("Microsoft Sentinel Reader", SCOPE))
    assert words[:4] == ["az", "role", "assignment", "create"]
    assert words[words.index("--role") + 1] == "Microsoft Sentinel Reader"
    assert words[words.index("--scope") + 1] == SCOPE
