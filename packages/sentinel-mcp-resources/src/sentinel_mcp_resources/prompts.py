"""Prompts: `content/prompts/<name>.md`, a task for a model with typed arguments.

The body is plain text with `{{argument}}` where a value goes, and `{{#argument}}…{{/argument}}` around what is said
only if that argument was given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self, cast

from sentinel_mcp_resources.source import ContentError, Source

_PLACE = re.compile(r"\{\{(?P<name>\w+)\}\}")
_SECTION = re.compile(r"\{\{#(?P<name>\w+)\}\}(?P<body>.*?)\{\{/(?P=name)\}\}\n?", re.DOTALL)
_LONGEST_VALUE = 10_000


class BadArguments(ValueError):
    """A prompt was asked for with arguments that it does not take, or without one that it needs."""


@dataclass(frozen=True, slots=True)
class PromptArgument:
    """A value that the user gives; `complete` names what its values can be completed from (`tables` or nothing)."""

    name: str
    description: str
    required: bool
    complete: str | None


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """A prompt; `tools` are the tools it tells the model to use, in order."""

    name: str
    title: str
    description: str
    arguments: tuple[PromptArgument, ...]
    tools: tuple[str, ...]
    body: str

    @classmethod
    def of(cls, source: Source) -> Self:
        """The prompt that a content file holds.

        Raises:
            ContentError: the body uses an argument that the head does not declare, or the reverse.
        """
        source.only("title", "description", "arguments", "tools")
        raw: object = source.head.get("arguments", [])
        if not isinstance(raw, list):
            raise ContentError(f"{source.path}: 'arguments' takes a list")
        arguments = tuple(_argument(source, item) for item in cast("list[object]", raw))
        declared = {argument.name for argument in arguments}
        used = {match["name"] for pattern in (_PLACE, _SECTION) for match in pattern.finditer(source.body)}
        if odd := sorted(declared ^ used):
            raise ContentError(f"{source.path}: {odd[0]!r} is declared or used, but not both")
        return cls(
            name=source.path.rpartition("/")[2].replace("-", "_"),
            title=source.text("title"),
            description=source.text("description"),
            arguments=arguments,
            tools=source.texts("tools"),
            body=source.body,
        )

    def fault(self, values: Mapping[str, object]) -> str | None:
        """What is wrong with these arguments, in one sentence, or None."""
        names = [argument.name for argument in self.arguments]
        for name, value in values.items():
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint = f"; did you mean {near[0]}?" if near else f"; it takes {', '.join(names) or 'none'}."
                return f"The prompt {self.name} has no argument {name[:60]!r}{hint}"
            if not isinstance(value, str):
                return f"The argument {name!r} of the prompt {self.name} takes a text."
            if len(value) > _LONGEST_VALUE:
                return f"The argument {name!r} of the prompt {self.name} is longer than {_LONGEST_VALUE:,} characters."
        for argument in self.arguments:
            if argument.required and not str(values.get(argument.name, "")).strip():
                return f"The prompt {self.name} needs the argument {argument.name!r}: {argument.description}."
        return None

    def render(self, values: Mapping[str, str]) -> str:
        """The text for the model, with the values in their places.

        Raises:
            BadArguments: see `fault`.
        """
        if fault := self.fault(values):
            raise BadArguments(fault)
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        text = _SECTION.sub(lambda match: match["body"] if match["name"] in given else "", self.body)
        return _PLACE.sub(lambda match: given.get(match["name"], ""), text).strip() + "\n"


def _argument(source: Source, item: object) -> PromptArgument:
    if not isinstance(item, dict):
        raise ContentError(f"{source.path}: an argument takes name and description")
    fields = Source(f"{source.path} (arguments)", cast("dict[str, Any]", item), "")
    fields.only("name", "description", "required", "complete")
    return PromptArgument(
        name=fields.text("name"),
        description=fields.text("description").rstrip("."),
        required=fields.flag("required"),
        complete=fields.optional_text("complete"),
    )
