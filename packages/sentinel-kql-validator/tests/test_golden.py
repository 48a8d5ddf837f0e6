"""255 cases, hand-written, to which both engines give the same answers: verdicts, diagnostics, places, facts."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentinel_kql_validator import KqlValidator

HERE = Path(__file__).parent / "golden"
QUERIES: list[str] = json.loads((HERE / "queries.json").read_text(encoding="utf-8"))
ANSWERS: list[dict[str, Any]] = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
# Every code met in the corpus of real queries, and every one of the analyser's advice but KS511 (materialized views),
# which no query in these schemas provokes.
MET = "KS001 KS002 KS005 KS006 KS106 KS107 KS109 KS116 KS141 KS142 KS145 KS183 KS198 KS204"
ADVICE = "KS500 KS501 KS502 KS504 KS505 KS506 KS507 KS508 KS509 KS510 KS512 KS513 KS514 KS515 KS516"


def _refresh() -> Any:
    spec = importlib.util.spec_from_file_location("golden_refresh", HERE / "refresh.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_cases_cover_every_code() -> None:
    codes = {d["code"] for answer in ANSWERS for d in answer["diagnostics"]}
    assert set(MET.split()) | set(ADVICE.split()) | {"KS245"} <= codes
    assert len(QUERIES) == len(ANSWERS) >= 150


def test_every_engine_gives_the_golden_answers(make: Callable[..., KqlValidator]) -> None:
    refresh = _refresh()
    validator = make(refresh.schema())
    for query, expected in zip(QUERIES, ANSWERS, strict=True):
        assert refresh.plain(validator.validate(query, now=refresh.NOW)) == expected, query
