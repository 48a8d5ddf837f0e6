"""Writing what belongs to an incident: comments, relations and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import CONTRIBUTOR, PROVIDER, RESPONDER, operation
from sentinel_azure_clients._writing import UNCHANGED, Object, Unchanged, change, create, new_name, settings
from sentinel_azure_clients.errors import InvalidInput
from sentinel_azure_clients.incidents._model import (
    TASK_STATUSES,
    Comment,
    Relation,
    Task,
    comment_from_wire,
    relation_from_wire,
    task_from_wire,
)
from sentinel_azure_clients.incidents._write import one_of

if TYPE_CHECKING:
    from sentinel_azure_clients._operation import Operation
    from sentinel_azure_clients.context import AzureServicesContext

_SENT = "LogAnalyticsManagementClient.send_request"
_LONGEST_COMMENT = 30_000


def _read(name: str, doing: str, where: str) -> Operation:
    return operation("incidents", name, doing, way=f"{_SENT} GET incidents/{{id}}/{where}/{{id}}")


def _write(name: str, doing: str, way: str, permission: str) -> Operation:
    # The Responder may write everything of an incident and delete nothing.
    return operation(
        "incidents",
        name,
        doing,
        effect="write",
        way=f"{_SENT} {way}",
        role=CONTRIBUTOR if permission.endswith("/delete") else RESPONDER,
        permission=f"{PROVIDER}/incidents/{permission}",
    )


_COMMENT = _read("get comment", "reading the comment", "comments")
_ADD_COMMENT = _write("add comment", "commenting on the incident", "PUT incidents/{id}/comments/{id}", "comments/write")
_DROP_COMMENT = _write(
    "delete comment", "deleting the comment", "DELETE incidents/{id}/comments/{id}", "comments/delete"
)
_RELATION = _read("get relation", "reading the relation", "relations")
_RELATE = _write("add relation", "linking the incident", "PUT incidents/{id}/relations/{id}", "relations/write")
_UNRELATE = _write(
    "delete relation", "unlinking the incident", "DELETE incidents/{id}/relations/{id}", "relations/delete"
)
_TASK = _read("get task", "reading the task", "tasks")
_ADD_TASK = _write("add task", "adding the task", "PUT incidents/{id}/tasks/{id}", "tasks/write")
_SET_TASK = _write(
    "update task", "changing the task", "GET, PUT incidents/{id}/tasks/{id} with its etag", "tasks/write"
)
_DROP_TASK = _write("delete task", "deleting the task", "DELETE incidents/{id}/tasks/{id}", "tasks/delete")


async def get_comment(context: AzureServicesContext, incident: str, name: str) -> Comment:
    """One comment on an incident."""
    path = context.sentinel_path("incidents", incident, "comments", name)
    return comment_from_wire(await arm(context, _COMMENT, "GET", path))


async def add_comment(
    context: AzureServicesContext, incident: str, message: str, *, name: str | None = None
) -> Comment:
    """Comment on an incident. With a `name` (a GUID) a repetition is a `Conflict` instead of a second comment."""
    if not message.strip() or len(message) > _LONGEST_COMMENT:
        raise InvalidInput(f"A comment has 1 to {_LONGEST_COMMENT:,} characters; this one has {len(message):,}.")
    path = context.sentinel_path("incidents", incident, "comments", name or new_name())
    body = {"properties": {"message": message}}
    return comment_from_wire(
        await create(context, Object(path, _COMMENT, _ADD_COMMENT), body, given_name=name is not None)
    )


async def delete_comment(context: AzureServicesContext, incident: str, name: str) -> None:
    """Delete a comment."""
    await arm(context, _DROP_COMMENT, "DELETE", context.sentinel_path("incidents", incident, "comments", name))


async def relate(
    context: AzureServicesContext, incident: str, resource_id: str, *, name: str | None = None
) -> Relation:
    """Link an incident to a resource, such as a bookmark, by the resource's id."""
    if not resource_id.startswith("/"):
        raise InvalidInput(f"{resource_id[:60]!r} is no resource id; those begin with a slash.")
    path = context.sentinel_path("incidents", incident, "relations", name or new_name())
    body = {"properties": {"relatedResourceId": resource_id}}
    return relation_from_wire(
        await create(context, Object(path, _RELATION, _RELATE), body, given_name=name is not None)
    )


async def unrelate(context: AzureServicesContext, incident: str, name: str) -> None:
    """Take a link away."""
    await arm(context, _UNRELATE, "DELETE", context.sentinel_path("incidents", incident, "relations", name))


async def add_task(
    context: AzureServicesContext,
    incident: str,
    *,
    title: str,
    description: str | None = None,
    name: str | None = None,
) -> Task:
    """Add a task to an incident."""
    if not title.strip():
        raise InvalidInput("A task needs a title.")
    path = context.sentinel_path("incidents", incident, "tasks", name or new_name())
    properties = {"title": title, "status": "New", **({} if description is None else {"description": description})}
    return task_from_wire(
        await create(context, Object(path, _TASK, _ADD_TASK), {"properties": properties}, given_name=name is not None)
    )


async def update_task(
    context: AzureServicesContext,
    incident: str,
    name: str,
    *,
    title: str | Unchanged = UNCHANGED,
    description: str | Unchanged | None = UNCHANGED,
    status: str | Unchanged = UNCHANGED,
    etag: str | None = None,
) -> Task:
    """Change a task of an incident; `status` is New or Completed."""
    target = Object(context.sentinel_path("incidents", incident, "tasks", name), _TASK, _SET_TASK)
    word = status if isinstance(status, Unchanged) else one_of("status", status, TASK_STATUSES)
    changes = settings(("properties",), title=title, description=description, status=word)
    return task_from_wire(await change(context, target, changes, etag=etag))


async def delete_task(context: AzureServicesContext, incident: str, name: str) -> None:
    """Delete a task of an incident."""
    await arm(context, _DROP_TASK, "DELETE", context.sentinel_path("incidents", incident, "tasks", name))
