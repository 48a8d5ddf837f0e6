import re
from pathlib import Path

import sentinel_mcp_server.tools
from sentinel_mcp_server import Settings
from sentinel_mcp_server._define import UNTRUSTED_META
from sentinel_mcp_server.testing import Session, connected
from sentinel_mcp_server.tools import TOOLS

FOLDER = Path(sentinel_mcp_server.tools.__file__).parent


def test_no_file_is_missing_from_the_table_of_contents() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert {spec.name for spec in TOOLS} == files
    assert len(TOOLS) == len(files)


def test_every_tool_has_its_own_test_file() -> None:
    here = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert {spec.name for spec in TOOLS} <= here


def test_every_tool_is_described_typed_and_annotated(writable: Session) -> None:
    tools = writable.portal.call(writable.client.list_tools).tools
    assert [tool.name for tool in tools] == [spec.name for spec in TOOLS]
    writes = {spec.name for spec in TOOLS if spec.writes}
    for tool in tools:
        assert tool.description
        assert tool.title
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is (tool.name not in writes)
        assert tool.annotations.destructive_hint is (tool.name in writes)
        assert tool.input_schema["additionalProperties"] is False
        assert all(field.get("description") for field in tool.input_schema.get("properties", {}).values())
        assert tool.output_schema is not None
        assert tool.meta is not None
        assert isinstance(tool.meta[UNTRUSTED_META], bool)


def test_every_tool_says_what_to_use_instead_or_what_it_is_not_for() -> None:
    names = {spec.name for spec in TOOLS}
    for spec in TOOLS:
        told = spec.function.__doc__ or ""
        others = {word for word in re.findall(r"\w+", told) if word in names} - {spec.name}
        assert others or "Not for" in told, spec.name


def seen(session: Session) -> int:
    tools = session.portal.call(session.client.list_tools).tools
    return sum(
        len(tool.model_dump_json(by_alias=True, exclude_none=True, include={"name", "description", "input_schema"}))
        for tool in tools
    )


def test_what_a_model_sees_of_the_tools_stays_small(writable: Session) -> None:
    assert seen(writable) <= 60_000
    with connected(Settings(offline=True)) as default:
        assert seen(default) <= 24_000
