from sentinel_azure_clients import content
from sentinel_azure_clients.testing import FakeAzure, fake_context

SOURCE = {"id": "/x", "name": "x", "properties": {"displayName": "Solution", "version": "1.0"}}


async def test_content_is_listed_by_its_kinds() -> None:
    azure = FakeAzure()
    for path in ("/metadata", "/contentPackages", "/contentProductPackages", "/contentTemplates"):
        azure.answer("GET", path, json={"value": [SOURCE]})
    azure.answer("GET", "/contentTemplates/x", json=SOURCE)
    async with fake_context(azure) as context:
        lists = [
            await content.list_metadata(context),
            await content.list_packages(context),
            await content.list_product_packages(context, search="a & b"),
            await content.list_templates(context),
        ]
        one = await content.get_template(context, "x")
    assert [[item.display_name for item in found] for found in lists] == [["Solution"]] * 4
    assert (one.raw, one.properties["version"]) == (SOURCE, "1.0")
    assert azure.requests[2].query["$search"] == "a & b"
