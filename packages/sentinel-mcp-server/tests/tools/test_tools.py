from pathlib import Path

import sentinel_mcp_server.tools
from sentinel_mcp_server._define import UNTRUSTED_META
from sentinel_mcp_server.tools import TOOLS

from ..conftest import Session

FOLDER = Path(sentinel_mcp_server.tools.__file__).parent


def test_no_file_is_missing_from_the_table_of_contents() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert {spec.name for spec in TOOLS} == files
    assert len(TOOLS) == len(files)


def test_every_tool_has_its_own_test_file() -> None:
    here = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert {spec.name for spec in TOOLS} <= here


def test_every_tool_is_described_typed_and_annotated(offline: Session) -> None:
    tools = offline.portal.call(offline.client.list_tools).tools
    assert [tool.name for tool in tools] == [spec.name for spec in TOOLS]
    for tool in tools:
        assert tool.description
        assert tool.title
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.input_schema["additionalProperties"] is False
        assert all(field.get("description") for field in tool.input_schema.get("properties", {}).values())
        assert tool.output_schema is not None
        assert tool.meta is not None
        assert isinstance(tool.meta[UNTRUSTED_META], bool)


def test_what_a_model_sees_of_the_tools_stays_small(offline: Session) -> None:
    tools = offline.portal.call(offline.client.list_tools).tools
    seen = sum(
        len(tool.model_dump_json(by_alias=True, exclude_none=True, include={"name", "description", "input_schema"}))
        for tool in tools
    )
    assert seen <= 24_000
