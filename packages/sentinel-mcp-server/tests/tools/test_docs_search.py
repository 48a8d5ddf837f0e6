from sentinel_mcp_server.testing import Session, text


def test_a_question_finds_the_section_that_answers_it(offline: Session) -> None:
    answer = offline.answer("docs_search", question="my join multiplies rows")
    assert answer["documents"][0]["uri"] == "sentinel://kql/topics/joins"
    assert "Several right rows match" in answer["documents"][0]["section"]
    assert len(answer["documents"]) == 3


def test_a_limit_gives_fewer(offline: Session) -> None:
    assert len(offline.answer("docs_search", question="join", limit=1)["documents"]) == 1


def test_nothing_found_says_so(offline: Session) -> None:
    assert offline.answer("docs_search", question="zzzzqqqq")["documents"] == []
    assert "nothing found" in text(offline.call("docs_search", question="zzzzqqqq"))


def test_it_needs_no_workspace(unconfigured: Session) -> None:
    assert unconfigured.answer("docs_search", question="join")["documents"]


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "question: string should have at least 1 character" in offline.refusal("docs_search", question="")
