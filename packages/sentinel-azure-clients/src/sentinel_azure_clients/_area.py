"""Declaring the usual calls of an area in a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sentinel_azure_clients._operation import CONTRIBUTOR, PROVIDER, READER, SENTINEL, operation

if TYPE_CHECKING:
    from sentinel_azure_clients._operation import Operation

_SENT = "LogAnalyticsManagementClient.send_request"


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the API: how its objects are called, where they are, and who may read and write them.

    `things` is the plural of `thing` where it is not made with an s. `permission` is what the permissions to write
    begin with, where that is not Sentinel's name and `where`.
    """

    name: str
    thing: str
    where: str
    api: str = SENTINEL
    reader: str = READER
    writer: str = CONTRIBUTOR
    things: str | None = None
    permission: str | None = None

    def listing(self, name: str = "list", *, method: str = "GET", where: str | None = None) -> Operation:
        """The call that lists."""
        return self._declare(name, f"listing the {self.things or f'{self.thing}s'}", f"{method} {where or self.where}")

    def reading(self, name: str = "get", *, method: str = "GET", where: str | None = None) -> Operation:
        """The call that reads one."""
        return self._declare(name, f"reading the {self.thing}", f"{method} {where or f'{self.where}/{{id}}'}")

    def creating(self, name: str = "create", *, where: str | None = None) -> Operation:
        """The call that makes one."""
        way = f"PUT {where or f'{self.where}/{{id}}'}"
        return self._declare(name, f"creating the {self.thing}", way, writes="write")

    def changing(self, name: str = "update", *, where: str | None = None) -> Operation:
        """The call that changes one."""
        way = f"GET, PUT {where or f'{self.where}/{{id}}'} with its etag"
        return self._declare(name, f"changing the {self.thing}", way, writes="write")

    def deleting(self, name: str = "delete", *, where: str | None = None) -> Operation:
        """The call that deletes one."""
        way = f"DELETE {where or f'{self.where}/{{id}}'}"
        return self._declare(name, f"deleting the {self.thing}", way, writes="delete")

    def acting(self, name: str, doing: str, way: str, *, permission: str, role: str | None = None) -> Operation:
        """A call that does something else, such as running a playbook."""
        return operation(
            self.name,
            name,
            doing,
            effect="write",
            way=f"{_SENT} {way}",
            api=self.api,
            role=role or self.writer,
            permission=f"{PROVIDER}/{permission}",
        )

    def _declare(self, name: str, doing: str, way: str, *, writes: str = "") -> Operation:
        return operation(
            self.name,
            name,
            doing,
            effect="write" if writes else "read",
            way=f"{_SENT} {way}",
            api=self.api,
            role=self.writer if writes else self.reader,
            permission=f"{self.permission or f'{PROVIDER}/{self.where}'}/{writes}" if writes else "",
        )
