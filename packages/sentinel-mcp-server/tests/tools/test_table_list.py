from sentinel_mcp_server.testing import Session, text


def test_tables_are_listed_by_name(offline: Session) -> None:
    answer = offline.answer("table_list", limit=2000)
    names = [table["name"] for table in answer["tables"]]
    assert {"SigninLogs", "SecurityIncident", "Usage"} <= set(names)
    assert names == sorted(names, key=str.casefold)
    assert answer["matched"] == answer["total"] == len(names)


def test_a_part_of_the_name_narrows_the_list_in_any_case(offline: Session) -> None:
    answer = offline.answer("table_list", name_contains="signin")
    assert all("signin" in table["name"].lower() for table in answer["tables"])
    assert 0 < answer["matched"] < answer["total"]


def test_a_limit_shows_fewer_and_says_how_many_match(offline: Session) -> None:
    answer = offline.answer("table_list", limit=2)
    assert len(answer["tables"]) == 2 < answer["matched"]
    assert text(offline.call("table_list", limit=2)).startswith(
        f"{answer['matched']} of {answer['total']} tables match; 2 shown"
    )


def test_nothing_matching_is_an_empty_list(offline: Session) -> None:
    assert offline.answer("table_list", name_contains="' or 1==1")["tables"] == []


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "limit: input should be greater than or equal to 1" in offline.refusal("table_list", limit=0)
