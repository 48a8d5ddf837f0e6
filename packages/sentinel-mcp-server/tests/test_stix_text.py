import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.stix_text import IndicatorKind, pattern_of, string

LITERAL = re.compile(r"'((?:[^'\\]|\\['\\])*)'")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("'\\ =[]"))))
def test_a_text_is_one_literal_and_is_read_back_as_it_was(text: str) -> None:
    match = LITERAL.fullmatch(string(text))
    assert match
    assert re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL) == text


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("ip", "192.0.2.1", ("ipv4-addr", "[ipv4-addr:value = '192.0.2.1']")),
        ("ip", "2001:DB8::1", ("ipv6-addr", "[ipv6-addr:value = '2001:db8::1']")),
        ("domain", "Bad.Example.com", ("domain-name", "[domain-name:value = 'bad.example.com']")),
        ("url", "https://bad.example.com/a'b", ("url", "[url:value = 'https://bad.example.com/a\\'b']")),
        ("hash", "A" * 32, ("file", f"[file:hashes.'MD5' = '{'a' * 32}']")),
        ("hash", "b" * 40, ("file", f"[file:hashes.'SHA-1' = '{'b' * 40}']")),
        ("hash", "0" * 64, ("file", f"[file:hashes.'SHA-256' = '{'0' * 64}']")),
    ],
)
def test_each_kind_has_its_pattern(kind: IndicatorKind, value: str, expected: tuple[str, str]) -> None:
    assert pattern_of(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", "192.0.2.0/24"),
        ("ip", "nowhere"),
        ("domain", "bad example"),
        ("domain", "x'] OR [y"),
        ("domain", "com"),
        ("url", "bad.example.com"),
        ("url", "https://"),
        ("url", "https://[::1"),
        ("url", "https://bad.example.com/a b"),
        ("hash", "xyz"),
        ("hash", "a" * 33),
    ],
)
def test_what_is_none_of_its_kind_is_refused(kind: IndicatorKind, value: str) -> None:
    with pytest.raises(Refused, match="is no "):
        pattern_of(kind, value)


@given(st.sampled_from(["ip", "domain", "url", "hash"]), st.text())
def test_no_value_closes_its_literal(kind: IndicatorKind, value: str) -> None:
    try:
        _, pattern = pattern_of(kind, value)
    except Refused:
        return
    assert re.fullmatch(rf"\[[a-z0-9-]+:(value|hashes\.{LITERAL.pattern}) = {LITERAL.pattern}\]", pattern)
