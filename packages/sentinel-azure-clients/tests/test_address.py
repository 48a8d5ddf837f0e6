from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import InvalidInput, MalformedAnswer, data_connectors, incidents
from sentinel_azure_clients._address import join, origin, query_string, segment
from sentinel_azure_clients.testing import FakeAzure, fake_context

NAMES = st.text(min_size=1, max_size=100).filter(
    lambda name: name not in {".", ".."} and not any(ord(c) < 32 or ord(c) == 127 for c in name)
)


@given(NAMES)
def test_a_name_stays_one_segment_whatever_it_holds(name: str) -> None:
    path = urlsplit(f"https://host/before{join(name)}/after?q=1").path
    assert path.count("/") == 3
    assert unquote(path.split("/")[2]) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "a\x00", "x" * 501, "half \ud800"])
def test_what_can_be_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        segment(name)


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_parameters_come_out_as_they_went_in(parameters: dict[str, str]) -> None:
    query = urlsplit(f"https://host/path?{query_string(parameters)}").query
    assert dict(parse_qsl(query, keep_blank_values=True)) == parameters


def test_half_a_character_is_refused_in_a_parameter() -> None:
    with pytest.raises(InvalidInput, match="half a character"):
        query_string({"$filter": "title eq '\udfff'"})


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://management.azure.com", ("https", "management.azure.com", 443)),
        ("https://MANAGEMENT.azure.com:443/x?y", ("https", "management.azure.com", 443)),
        ("https://[::1]:8443/x", ("https", "::1", 8443)),
        ("http://management.azure.com/x", ("http", "management.azure.com", None)),
    ],
)
def test_where_an_address_leads_is_told(url: str, place: tuple[str, str, int | None]) -> None:
    assert origin(url) == place


NOWHERE = [
    "",
    "nonsense",
    "/subscriptions/s",
    "//management.azure.com/x",
    "https://",
    "https://[oops",
    "https://a:99999/",
    "https://management.azure.com\u2100.example/",
    "https://evil.example\\@management.azure.com/x",
    "https://management.azure.com@evil.example/x",
    "https://user:word@management.azure.com/x",
    "https://management.azure.com/\r\nX: y",
    "https://management.azure.com/ x",
]


@pytest.mark.parametrize("url", NOWHERE)
def test_what_could_be_read_in_two_ways_leads_nowhere(url: str) -> None:
    assert origin(url) is None


@given(st.text(max_size=30) | st.text(max_size=20).map(lambda rest: f"https://management.azure.com{rest}"))
def test_no_text_breaks_the_reading_of_an_address(url: str) -> None:
    assert origin(url) is None or isinstance(origin(url), tuple)


@pytest.mark.parametrize(
    "link",
    [
        *(link for link in NOWHERE if link not in {"", "/subscriptions/s"}),
        "https://evil.example/x",
        "https://management.azure.com.evil.example/x",
    ],
)
async def test_a_next_page_is_asked_of_the_first_pages_host_only(link: str) -> None:
    azure = FakeAzure()
    for path in ("/dataConnectors", "/incidents"):
        azure.answer("GET", path, json={"value": [], "nextLink": link})
    async with fake_context(azure) as context:
        with pytest.raises(MalformedAnswer, match="points to another host"):
            await data_connectors.list_connectors(context)
        with pytest.raises(MalformedAnswer, match="points to another host"):
            await incidents.list_page(context, count_up_to=100)
    assert len(azure.requests) == 2


async def test_a_next_page_named_by_its_path_is_asked_of_the_same_host() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/dataConnectors", json={"value": [], "nextLink": "/more?$skipToken=1"})
    azure.answer("GET", "/more", json={"value": []})
    async with fake_context(azure) as context:
        assert len(await data_connectors.list_connectors(context)) == 0
    assert [request.headers["host"] for request in azure.requests] == ["management.azure.com"] * 2
    assert azure.requests[1].query == {"$skipToken": "1"}
