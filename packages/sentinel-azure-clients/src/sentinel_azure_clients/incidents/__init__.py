"""Incidents, and what belongs to one: alerts, entities, comments, bookmarks, relations and tasks.

Every function takes the context first. An incident is named by its GUID (`Incident.name`); only `get` takes the
incident number too.
"""

from __future__ import annotations

from sentinel_azure_clients._writing import UNCHANGED
from sentinel_azure_clients.incidents._belongings import (
    add_comment,
    add_task,
    delete_comment,
    delete_task,
    get_comment,
    relate,
    unrelate,
    update_task,
)
from sentinel_azure_clients.incidents._model import (
    CLASSIFICATIONS,
    SEVERITIES,
    STATUSES,
    TASK_STATUSES,
    Alert,
    Comment,
    Entity,
    Incident,
    Owner,
    Relation,
    Task,
    alert_from_wire,
    comment_from_wire,
    entity_from_wire,
    from_wire,
    owner_from_wire,
    relation_from_wire,
    task_from_wire,
)
from sentinel_azure_clients.incidents._read import (
    ORDERS,
    SecurityIncidentListing,
    get,
    list_alerts,
    list_bookmarks,
    list_comments,
    list_entities,
    list_page,
    list_relations,
    list_tasks,
)
from sentinel_azure_clients.incidents._write import assign, close, create, delete, update

__all__ = [
    "CLASSIFICATIONS",
    "ORDERS",
    "SEVERITIES",
    "STATUSES",
    "TASK_STATUSES",
    "UNCHANGED",
    "Alert",
    "Comment",
    "Entity",
    "Incident",
    "Owner",
    "Relation",
    "SecurityIncidentListing",
    "Task",
    "add_comment",
    "add_task",
    "alert_from_wire",
    "assign",
    "close",
    "comment_from_wire",
    "create",
    "delete",
    "delete_comment",
    "delete_task",
    "entity_from_wire",
    "from_wire",
    "get",
    "get_comment",
    "list_alerts",
    "list_bookmarks",
    "list_comments",
    "list_entities",
    "list_page",
    "list_relations",
    "list_tasks",
    "owner_from_wire",
    "relate",
    "relation_from_wire",
    "task_from_wire",
    "unrelate",
    "update",
    "update_task",
]
