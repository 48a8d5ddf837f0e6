"""The prompts of `sentinel-mcp-resources`, as the MCP server takes them."""

from mcp.server.mcpserver.prompts.base import Prompt, PromptArgument

from sentinel_mcp_resources import PromptTemplate, library


def prompt_template(name: str) -> PromptTemplate | None:
    """The prompt of that name, or None."""
    return library().prompts.get(name)


def prompts() -> list[Prompt]:
    """Every prompt; its text is made when it is asked for."""
    return [_prompt(template) for template in library().prompts.values()]


def _prompt(template: PromptTemplate) -> Prompt:
    async def render(**values: str) -> str:
        return template.render(values)

    return Prompt(
        name=template.name,
        title=template.title,
        description=template.description,
        arguments=[
            PromptArgument(name=argument.name, description=argument.description, required=argument.required)
            for argument in template.arguments
        ],
        fn=render,
        context_kwarg=None,
    )
