from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator.rules import RULES
from sentinel_kql_validator.rules.azure_monitor import missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentinel_kql_validator import KqlValidator
    from sentinel_kql_validator.rules import Rule


def _codes(validator: KqlValidator, query: str) -> list[str]:
    return [d.code for d in validator.validate(query).diagnostics]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_speaks_for_its_example_and_not_for_its_counter_example(
    make: Callable[..., KqlValidator], rule: Rule
) -> None:
    validator = make(lint=True)
    example, counter = validator.validate(rule.example), validator.validate(rule.counter_example)
    assert example.verdict == counter.verdict == "valid"
    found = [d for d in example.diagnostics if d.code == rule.code]
    assert [(d.severity, d.category) for d in found] == [(rule.severity, rule.category)]
    assert found[0].length > 0
    assert rule.code not in [d.code for d in counter.diagnostics]


def test_codes_and_names_are_unique_and_ours() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.code.startswith("SKV") for rule in RULES)


def test_no_rule_file_is_left_out() -> None:
    from pathlib import Path

    import sentinel_kql_validator.rules as folder

    files: set[str] = {p.stem for p in Path(str(folder.__file__)).parent.glob("*.py")} - {"__init__", "rule"}
    assert files == {rule.check.__module__.rpartition(".")[2] for rule in RULES}


def test_rules_are_silent_unless_asked_for_but_the_dialect(make: Callable[..., KqlValidator]) -> None:
    query = "SigninLogs | extend e = extent_id() | order by TimeGenerated"
    assert _codes(make(), query) == ["SKV100"]
    assert _codes(make(dialect="kusto"), query) == []
    assert _codes(make(lint=["SKV106"]), query) == ["SKV100", "SKV106"]
    assert _codes(make(dialect="kusto", lint=True), query) == ["SKV101", "SKV106"]


def test_an_unknown_rule_is_refused(make: Callable[..., KqlValidator]) -> None:
    with pytest.raises(ValueError, match="There is no rule SKV999"):
        make(lint=["SKV999"])


@pytest.mark.parametrize(
    "query",
    [
        "cluster('c').database('d').T | take 1",
        "SigninLogs | evaluate python(typeof(*), 'x')",
        "declare query_parameters(x: long); SigninLogs | where DurationMs == x",
    ],
)
def test_what_azure_monitor_lacks_is_flagged(make: Callable[..., KqlValidator], query: str) -> None:
    assert "SKV100" in _codes(make(), query)


def test_every_row_of_the_dialect_names_what_the_analyser_knows(make: Callable[..., KqlValidator]) -> None:
    lists = missing()
    known = make()
    for name in lists["function"].keys() - {"cluster", "database"}:
        assert "KS211" not in _codes(known, f"print a = {name}()")
    for name in lists["plugin"]:
        assert "KS124" not in _codes(known, f"evaluate {name}()")
    assert all(source for rows in lists.values() for source in rows.values())


def test_findings_never_change_a_verdict(make: Callable[..., KqlValidator], corpus: list[dict[str, Any]]) -> None:
    plain, linting = make(advice=False), make(advice=False, lint=True)
    for case in corpus[::50]:
        assert plain.validate(case["query"]).verdict == linting.validate(case["query"]).verdict
