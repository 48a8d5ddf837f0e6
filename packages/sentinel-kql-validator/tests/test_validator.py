from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator import EngineUnavailable, KqlValidator, Limits, Schema

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds of work for either engine, and shallow: how deep a text may nest depends on what V8 has compiled by then.
SLOW = f"print 1 in ({','.join('1' * 200_000)})"


def test_a_misspelt_column_is_refused_with_place_and_suggestion(validator: KqlValidator, engine: str) -> None:
    result = validator.validate('SigninLogs\r\n| where UserPrincipalNam == "x"')
    (error,) = result.diagnostics
    assert (result.verdict, result.engine, result.library_version) == ("invalid", engine, "12.4.1")
    assert (error.code, error.severity, error.line, error.column, error.start, error.length) == (
        "KS142",
        "error",
        2,
        9,
        20,
        16,
    )
    assert error.suggestions[0].text == "UserPrincipalName"


def test_places_count_characters_not_code_units(validator: KqlValidator) -> None:
    query = "print a = '😀' | extend b = Missing"
    (error,) = validator.validate(query).errors
    assert query[error.start : error.start + error.length] == "Missing"
    assert error.column == error.start + 1


def test_advice_never_changes_the_verdict(make: Callable[..., KqlValidator], validator: KqlValidator) -> None:
    query = "SigninLogs | join (AuditLogs) on CorrelationId"
    assert [d.code for d in validator.validate(query).diagnostics] == ["KS508"]
    assert validator.validate(query).verdict == "valid"
    assert make(advice=False).validate(query).diagnostics == ()


def test_facts_name_what_is_read_and_what_comes_out(validator: KqlValidator) -> None:
    facts = validator.validate(
        "let big = 10; SigninLogs | where ResultType != '0' | summarize n = count() by UserPrincipalName "
        "| where n > big | order by n desc | render barchart"
    ).facts
    assert facts.complete
    assert dict(facts.tables) == {"SigninLogs": ("ResultType", "UserPrincipalName")}
    assert facts.operators == ("where", "summarize", "where", "sort", "render")
    assert facts.functions == ("count",)
    assert facts.output_columns == (("UserPrincipalName", "string"), ("n", "long"))
    assert (facts.render, facts.statements, facts.kind, facts.output_open) == ("barchart", 1, "query", False)


def test_facts_name_every_way_out(validator: KqlValidator) -> None:
    facts = validator.validate(
        "set notruncation; union (externaldata(a: string)['https://example.org/x']), (workspace('w').SigninLogs), "
        "(cluster('c').database('d').T), (adx('k').T), (SigninLogs | invoke f()), "
        "(SigninLogs | evaluate bag_unpack(Status))"
    ).facts
    assert facts.external_data == ("https://example.org/x",)
    assert (facts.workspaces, facts.clusters, facts.databases) == (("w",), ("c",), ("d",))
    assert facts.elsewhere == ("adx(k)",)
    assert (facts.invokes, facts.plugins, facts.options) == (("f",), ("bag_unpack",), ("notruncation",))


@pytest.mark.parametrize(
    ("query", "kind", "commands"),
    [
        (".drop table T", "command", ("DropTable",)),
        (".show table T details\n.drop table V", "command", ("ShowTableDetails", "DropTable")),
        ("SigninLogs | take 1\n.drop table T", "query", ("DropTable",)),
        ("SigninLogs | take 1\r\n\r\n  .drop table T", "query", ("DropTable",)),
        ("SigninLogs | extend a = Status\n.show", "query", ()),
        ("SigninLogs | where UserId == '\\n.drop table T'", "query", ()),
        ("SigninLogs // \n| take 1 // .drop table T", "query", ()),
    ],
)
def test_a_command_is_seen_wherever_it_hides(
    validator: KqlValidator, query: str, kind: str, commands: tuple[str, ...]
) -> None:
    facts = validator.validate(query).facts
    assert (facts.kind, facts.commands) == (kind, commands)


def test_two_results_in_one_text_are_counted(validator: KqlValidator) -> None:
    result = validator.validate("SigninLogs | take 1; AuditLogs | take 1")
    assert (result.verdict, result.facts.statements) == ("valid", 2)


def test_a_search_of_everything_reads_everything(validator: KqlValidator) -> None:
    assert dict(validator.validate("search 'x'").facts.tables) == {"*": ()}


@pytest.mark.parametrize("query", ["", "  \r\n", "// nothing"])
def test_no_query_at_all_is_unknown(validator: KqlValidator, query: str) -> None:
    result = validator.validate(query)
    assert result.verdict == "unknown"
    assert result.reason == "The text holds no query: nothing but blanks and comments."


def test_what_lies_beyond_a_limit_is_unknown_with_the_reason(make: Callable[..., KqlValidator]) -> None:
    validator = make(Schema({}), limits=Limits(characters=1000, depth=10))
    assert validator.validate("print " + "1 + " * 400 + "1").reason == (
        "The text has 1,607 characters; queries of up to 1,000 are checked."
    )
    assert validator.validate("print " + "(" * 11 + "1" + ")" * 11).reason == (
        "Brackets are nested 11 deep; queries of up to 10 are checked."
    )


def test_a_text_too_deep_for_the_analyser_is_unknown(small: KqlValidator) -> None:
    result = small.validate("print " + " or ".join(["true"] * 2000))
    assert result.verdict == "unknown"
    assert "KS245" in {d.code for d in result.diagnostics}
    assert result.reason
    assert "too deeply" in result.reason


def test_a_crash_of_the_analyser_is_unknown(small: KqlValidator) -> None:
    result = small.validate('declare pattern P = (a:string)[p:string] { ("x","y").["z"] = { print 1 } }; P("x").z')
    assert result.verdict == "unknown"
    assert result.reason
    assert "IndexOutOfRange" in result.reason
    assert not result.facts.complete
    assert small.validate("T | take 1").verdict == "valid"


def test_half_a_character_is_unknown(small: KqlValidator) -> None:
    result = small.validate("print '\ud83d'")
    assert result.verdict == "unknown"
    assert result.reason
    assert "surrogate" in result.reason


def test_a_text_passed_over_in_part_is_not_valid(make: Callable[..., KqlValidator]) -> None:
    validator = make(Schema({"T": {"a": "string"}}))
    result = validator.validate(".show table T details\n.drop table Victim")
    assert result.verdict == "unknown"
    assert result.facts.skipped_tokens


def test_the_basic_engine_never_says_valid() -> None:
    validator = KqlValidator(engine="basic")
    good, bad = validator.validate("SigninLogs | take 1"), validator.validate("SigninLogs | where (a")
    assert (good.verdict, good.engine, good.library_version) == ("unknown", "basic", None)
    assert (bad.verdict, [d.code for d in bad.diagnostics]) == ("invalid", ["BASIC3"])
    assert not good.facts.complete


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="There is no engine 'v9'"):
        KqlValidator(engine="v9").validate("T")  # pyright: ignore[reportArgumentType] - a caller's mistake


def test_auto_falls_back_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    from sentinel_kql_validator._engines import dotnet, v8

    def fail(_self: object) -> None:
        raise EngineUnavailable("mini-racer cannot be imported: install mini-racer.")

    monkeypatch.setattr(v8.V8Engine, "start", fail)
    monkeypatch.setattr(dotnet.DotnetEngine, "start", fail)
    result = KqlValidator().validate("SigninLogs | take 1")
    assert (result.verdict, result.engine) == ("unknown", "basic")
    assert result.engine_note
    assert "install mini-racer" in result.engine_note
    with pytest.raises(EngineUnavailable, match="install mini-racer"):
        KqlValidator(engine="v8").validate("SigninLogs")


def test_the_event_loop_runs_on_while_a_query_is_checked(small: KqlValidator) -> None:
    slow = "print " + ", ".join(f"c{i} = {i}" for i in range(3000))

    async def main() -> tuple[str, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.001)
                ticks += 1

        ticking = asyncio.create_task(tick())
        result = await small.avalidate(slow)
        ticking.cancel()
        return result.verdict, ticks

    verdict, ticks = asyncio.run(main())
    assert verdict == "valid"
    assert ticks > 3


def test_a_validator_works_inside_a_running_loop(small: KqlValidator) -> None:
    async def main() -> str:
        return small.validate("T | take 1").verdict

    assert asyncio.run(main()) == "valid"


def test_cancelling_stops_the_engine(make: Callable[..., KqlValidator]) -> None:
    validator = make(Schema({}), limits=Limits(characters=len(SLOW), seconds=60))

    async def main() -> None:
        await validator.avalidate("print 1")
        task = asyncio.create_task(validator.avalidate(SLOW))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        after = await asyncio.wait_for(validator.avalidate("print 1"), 20)
        assert after.verdict == "valid"

    asyncio.run(main())


def test_a_time_out_is_unknown_and_the_next_answer_is_right(make: Callable[..., KqlValidator]) -> None:
    validator = make(Schema({}), limits=Limits(characters=len(SLOW), seconds=0.2))
    validator.validate("print 1")
    result = validator.validate(SLOW)
    assert (result.verdict, result.reason) == ("unknown", "The analyser did not finish within 0.2 seconds.")
    assert make(Schema({})).validate("print a").verdict == "invalid"


def test_threads_share_a_validator(small: KqlValidator) -> None:
    verdicts: list[str] = []

    def work() -> None:
        verdicts.extend(small.validate(f"T | where Count == {i}").verdict for i in range(10))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == ["valid"] * 40


def test_schemas_do_not_leak_into_each_other(make: Callable[..., KqlValidator]) -> None:
    validators: list[Any] = [make(Schema({"T": {f"c{i}": "string"}})) for i in range(20)]
    for _ in range(2):
        for i, validator in enumerate(validators):
            assert validator.validate(f"T | project c{i}").verdict == "valid"
            assert validator.validate(f"T | project c{i + 1}").verdict == "invalid"
