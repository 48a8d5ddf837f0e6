import re

import pytest
from mcp.shared.exceptions import MCPError

from sentinel_mcp_resources import library
from sentinel_mcp_server.testing import Session
from sentinel_mcp_server.tools import TOOLS

NAMES = sorted(library().prompts)


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_names_only_tools_that_exist(name: str) -> None:
    prompt = library().prompts[name]
    known = {spec.name for spec in TOOLS}
    assert prompt.tools
    assert set(prompt.tools) <= known
    subjects = {tool.split("_")[0] for tool in known}
    mentioned = {word for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", prompt.body) if word.split("_")[0] in subjects}
    assert mentioned - {"query_hash"} <= known


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_arrives_with_its_arguments_in_place(offline: Session, name: str) -> None:
    prompt = library().prompts[name]
    values = {argument.name: f"value-of-{argument.name}" for argument in prompt.arguments}
    result = offline.portal.call(offline.client.get_prompt, name, values)
    text = str(result.messages[0].content)
    assert all(value in text for value in values.values())
    assert "{{" not in text


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("no_such_prompt", {}, "There is no prompt 'no_such_prompt'"),
        ("incident_triage", {}, "needs the argument 'incident'"),
        ("incident_triage", {"incident": "1", "x": "y"}, "has no argument 'x'"),
    ],
)
def test_a_wrong_request_for_a_prompt_is_an_invalid_params_error(
    offline: Session, name: str, arguments: dict[str, str], says: str
) -> None:
    with pytest.raises(MCPError) as caught:
        offline.portal.call(offline.client.get_prompt, name, arguments)
    assert caught.value.error.code == -32602
    assert says in caught.value.error.message
