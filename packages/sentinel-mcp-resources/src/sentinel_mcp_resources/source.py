"""A content file: a YAML head between `---` lines, then Markdown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, cast

_HEAD = re.compile(r"---\n(?P<head>.*?\n)---\n(?P<body>.*)", re.DOTALL)
_KQL_FENCE = re.compile(r"^```kql\n(?P<query>.*?)^```", re.DOTALL | re.MULTILINE)


class ContentError(ValueError):
    """A content file is not as it should be; the message names the file, the field and what it takes."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where it is (without its ending), its head and its body."""

    path: str
    head: Mapping[str, Any]
    body: str

    def text(self, field: str) -> str:
        """A text that must be there."""
        value = self.head.get(field)
        if not isinstance(value, str) or not value.strip():
            raise ContentError(f"{self.path}: the head needs a text {field!r}")
        return value.strip()

    def optional_text(self, field: str) -> str | None:
        """A text that may be left out."""
        return self.text(field) if field in self.head else None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts; left out means none."""
        value = self.head.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
            raise ContentError(f"{self.path}: {field!r} takes a list of texts")
        return tuple(cast("list[str]", value))

    def flag(self, field: str) -> bool:
        """A yes or no; left out means no."""
        value = self.head.get(field, False)
        if not isinstance(value, bool):
            raise ContentError(f"{self.path}: {field!r} takes true or false")
        return value

    def only(self, *fields: str) -> None:
        """Refuse a head with fields that mean nothing here, such as misspelt ones."""
        if strange := sorted(set(self.head) - set(fields)):
            raise ContentError(f"{self.path}: the head has no field {strange[0]!r}; it takes {', '.join(fields)}")

    @property
    def queries(self) -> tuple[str, ...]:
        """The KQL blocks of the body, in order."""
        return tuple(match["query"].strip() for match in _KQL_FENCE.finditer(self.body))


def read_folder(folder: str) -> Iterator[Source]:
    """Every Markdown file below `content/<folder>`, in order of their paths."""
    root = files("sentinel_mcp_resources").joinpath("content", folder)
    yield from _walk(root, folder)


def parse(path: str, text: str) -> Source:
    """Read one file's text.

    Raises:
        ContentError: there is no head, or it is not a YAML mapping.
    """
    import yaml

    match = _HEAD.fullmatch(text.replace("\r\n", "\n"))
    if match is None:
        raise ContentError(f"{path}: a content file starts with a YAML head between two lines of ---")
    try:
        head: object = yaml.safe_load(match["head"])
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: the head is not YAML: {error}") from None
    if not isinstance(head, dict):
        raise ContentError(f"{path}: the head takes fields with values")
    return Source(path, cast("dict[str, Any]", head), match["body"].strip())


def _walk(folder: Traversable, path: str) -> Iterator[Source]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        here = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, here)
        elif entry.name.endswith(".md"):
            yield parse(here.removesuffix(".md"), entry.read_text("utf-8"))
