import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_mcp_resources import library
from sentinel_mcp_server.testing import Session, text


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("failed sign-ins of users", "SigninLogs"),
        ("processes started on a device", "DeviceProcessEvents"),
        ("who clicked a link in a mail", "UrlClickEvents"),
        ("firewall traffic", "CommonSecurityLog"),
        ("OfficeWorkload", "OfficeActivity"),
        ("dns queries", "DnsEvents"),
    ],
)
def test_what_one_is_after_is_among_the_first_four(offline: Session, question: str, table: str) -> None:
    found = [hit["name"] for hit in offline.answer("table_search", question=question)["tables"]]
    assert table in found[:4], found


def test_only_tables_of_the_workspace_are_found_and_what_it_lacks_is_told_apart(offline: Session) -> None:
    there = {table["name"] for table in offline.answer("table_list", limit=2000)["tables"]}
    lacking = sorted(set(library().table_notes) - there)
    assert lacking
    answer = offline.answer("table_search", question=lacking[0], limit=50)
    assert {hit["name"] for hit in answer["tables"]} <= there
    assert lacking[0] in answer["absent"]
    assert f"not in this workspace: {', '.join(answer['absent'])}" in text(
        offline.call("table_search", question=lacking[0], limit=50)
    )


def test_columns_with_a_word_of_the_question_are_named(offline: Session) -> None:
    found = offline.answer("table_search", question="SHA256 of a process", limit=3)["tables"]
    device = next(hit for hit in found if hit["name"] == "DeviceProcessEvents")
    assert "SHA256" in device["matching_columns"]
    columns = set(offline.answer("table_get", name="DeviceProcessEvents")["columns"])
    assert set(device["matching_columns"]) | set(device["key_columns"]) <= columns


def test_nothing_is_found_for_words_that_nothing_has(offline: Session) -> None:
    answer = offline.answer("table_search", question="qwxzv")
    assert (answer["tables"], answer["absent"]) == ([], [])


def test_the_number_is_kept_to(offline: Session) -> None:
    assert len(offline.answer("table_search", question="events of devices", limit=2)["tables"]) == 2
    assert "limit: input should be less than or equal to 50" in offline.refusal("table_search", question="x", limit=51)
    assert "question: string should have at least 1" in offline.refusal("table_search", question="")


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_a_question(offline: Session, question: str) -> None:
    assert len(offline.answer("table_search", question=question, limit=3)["tables"]) <= 3
