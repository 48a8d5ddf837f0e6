from datetime import UTC, datetime

import pytest

from sentinel_azure_clients import InvalidInput, bookmarks
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_a_bookmark_is_made_read_changed_and_deleted() -> None:
    azure = FakeAzure()
    kept = azure.keep("/bookmarks")
    moment = datetime(2026, 1, 1, 10, tzinfo=UTC)
    async with fake_context(azure) as context:
        made = await bookmarks.create_bookmark(
            context, display_name="Odd", query="T | take 1", query_result='{"a":1}', labels=["x"], event_at=moment
        )
        assert kept[made.name]["properties"] == {
            "displayName": "Odd",
            "query": "T | take 1",
            "queryResult": '{"a":1}',
            "labels": ["x"],
            "eventTime": "2026-01-01T10:00:00Z",
        }
        assert (made.event_at, made.query_start, made.labels) == (moment, None, ("x",))
        changed = await bookmarks.update_bookmark(context, made.name, notes="look", labels=[], etag=made.etag)
        assert (changed.notes, changed.labels, changed.query_result) == ("look", (), '{"a":1}')
        assert [b.name for b in await bookmarks.list_bookmarks(context)] == [made.name]
        assert (await bookmarks.get_bookmark(context, made.name)).notes == "look"
        with pytest.raises(InvalidInput, match="needs a display name and a query"):
            await bookmarks.create_bookmark(context, display_name="x", query=" ")
        await bookmarks.delete_bookmark(context, made.name)
    assert kept == {}
