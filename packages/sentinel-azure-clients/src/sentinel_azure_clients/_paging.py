"""Lists that come in pages: each next page only from the host of the first, and never for ever."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload
from urllib.parse import parse_qsl, urlsplit

from sentinel_azure_clients import _wire
from sentinel_azure_clients._address import ELSEWHERE, origin
from sentinel_azure_clients._call import arm, arm_at
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients.errors import MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from sentinel_azure_clients._operation import Operation
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Listing(Sequence[T], Generic[T]):
    """A list from the service, usable as a sequence.

    `complete` says whether these are all; when not, `note` says why, and what may be missing. `extra` is what the
    service sent beside the objects, such as counts; mostly nothing.
    """

    items: tuple[T, ...]
    complete: bool = True
    note: str | None = None
    extra: Json = field(default_factory=dict[str, Any], repr=False)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """The item at a place, or a tuple of several."""
        return self.items[index]

    def __len__(self) -> int:
        """How many there are here."""
        return len(self.items)


async def collect(
    context: AzureServicesContext,
    call: Operation,
    path: str,
    read: Callable[[Json], T],
    *,
    method: str = "GET",
    key: str = "value",
    query: Mapping[str, str] | None = None,
    body: Json | None = None,
    most: int | None = None,
) -> Listing[T]:
    """Every object of a list, at most `most`, and at most the settings' `page_limit` pages, in one deadline."""
    pages = walk(context, call, path, method=method, query=query, body=body)
    async with within(context.config.deadline, call), aclosing(pages):
        return await _gather(context, pages, read, key=key, most=most)


async def _gather(
    context: AzureServicesContext,
    found: AsyncGenerator[Json],
    read: Callable[[Json], T],
    *,
    key: str,
    most: int | None,
) -> Listing[T]:
    items: list[T] = []
    extra: Json = {}
    pages = 0
    async for page in found:
        items.extend(read(source) for source in _wire.objects(page, key))
        extra |= {name: value for name, value in page.items() if name not in {key, "nextLink"}}
        pages += 1
        more = next_link(context, page) is not None
        if most is not None and (len(items) > most or (len(items) == most and more)):
            note = f"Only the first {most} were asked for."
            return Listing(tuple(items[:most]), complete=False, note=note, extra=extra)
        if more and pages >= context.config.page_limit:
            note = f"Stopped after {pages} pages with more to come; page_limit in the settings is the stop."
            return Listing(tuple(items), complete=False, note=note, extra=extra)
    return Listing(tuple(items), extra=extra)


async def walk(
    context: AzureServicesContext,
    call: Operation,
    path: str,
    *,
    method: str = "GET",
    query: Mapping[str, str] | None = None,
    body: Json | None = None,
) -> AsyncGenerator[Json]:
    """The pages of a list, one after another, for as long as the caller wants more."""
    page = await arm(context, call, method, path, query=query, body=body)
    seen: set[str] = set()
    while True:
        yield page
        link = next_link(context, page)
        if link is None:
            return
        if link in seen:
            raise MalformedAnswer(f"The service's pages go round in a circle while {call.doing}.")
        seen.add(link)
        page = await arm_at(context, call, method, link, body=body)


def next_link(context: AzureServicesContext, page: Json) -> str | None:
    """The address of the next page, or None after the last.

    Raises `MalformedAnswer` for an address anywhere but where the first page came from.
    """
    link = _wire.text(page, "nextLink") or None
    if link is not None and link.startswith("/") and not link.startswith("//"):
        link = context.config.arm + link
    if link is not None and origin(link) != origin(context.config.arm):
        raise MalformedAnswer(ELSEWHERE)
    return link


def skip_token(link: str | None) -> str | None:
    """The `$skipToken` within the address of a next page."""
    if link is None:
        return None
    parameters: dict[str, Any] = {name.lower(): value for name, value in parse_qsl(urlsplit(link).query)}
    return parameters.get("$skiptoken")
