from sentinel_mcp_server.plan_notes import made, noted


def test_what_was_not_given_is_no_change() -> None:
    assert [(c.field, c.before, c.after) for c in made(a=1, b=None, c="")] == [("a", None, 1), ("c", None, "")]


def test_a_note_is_a_line_of_the_plan() -> None:
    assert [(c.field, c.after) for c in noted("one", "two")] == [("note", "one"), ("note", "two")]
