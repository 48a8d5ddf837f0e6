"""Repositories that rules and playbooks are deployed from: the settings are real, the repositories are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, delete, objects_of, one_of, operations_of, properties_of, texts
from .etags import new_etag
from .faults import bad_request
from .moments import zulu
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource

_URL = "https://git.contoso.example/soc/detections"
_REPOSITORY = {"url": _URL, "fullName": "soc/detections", "installationId": 1, "branches": ["main"]}
_SECRET = {"repositoryAccess", "servicePrincipal"}


def _source_control(call: Call, body: Resource, _existing: Resource | None) -> Resource:
    """Keep what was sent but for the credentials, which never come back."""
    sent = properties_of(body)
    texts(sent, "displayName")
    one_of(sent, "repoType", ("Github", "AzureDevOps"))
    if not objects_of([sent.get("repository")]):
        raise bad_request("The property 'repository' must be an object.")
    kept = {name: value for name, value in sent.items() if name not in _SECRET}
    return {"properties": {"id": call.names[SOURCE_CONTROLS.segment], "version": "V2", **kept}}


SOURCE_CONTROLS = Kind("sourcecontrols", "SourceControls", "Source control", _source_control)


def operations() -> list[Operation]:
    """Return the operations on source controls; newer versions delete by POST, since that takes credentials."""
    permission = SOURCE_CONTROLS.permission
    return [
        *operations_of(SOURCE_CONTROLS),
        operation("POST", f"{SOURCE_CONTROLS.pattern}/delete", f"{permission}/delete", _delete),
        operation("POST", "listRepositories", "Microsoft.SecurityInsights/listRepositories/action", _repositories),
    ]


def _delete(call: Call) -> Reply:
    SOURCE_CONTROLS.found(call)
    delete(SOURCE_CONTROLS, call)
    return Reply({})


def _repositories(call: Call) -> Reply:
    """Answer the repositories that an access shows: whatever the access, the one there is.

    Older versions of the operation take the kind of repository instead, as a JSON string.
    """
    if call.content.strip() in {b'"Github"', b'"AzureDevOps"'}:
        return Reply({"value": [_REPOSITORY]})
    properties = objects_of([call.body().get("properties")])
    access = objects_of([properties[0].get("repositoryAccess")]) if properties else []
    if not access:
        raise bad_request("The property 'repositoryAccess' is required and must be an object.")
    one_of(access[0], "kind", ("OAuth", "PAT", "App"))
    return Reply({"value": [_REPOSITORY]})


def starting_source_controls(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    """Return the repository that the team deploys from."""
    name = seeded_guid(seed, "source control")
    deployment = {
        "deploymentId": "1",
        "deploymentState": "Completed",
        "deploymentResult": "Success",
        "deploymentTime": zulu(now),
        "deploymentLogsUrl": f"{_URL}/actions",
    }
    return [
        {
            "id": f"{workspace.sentinel_id}/sourcecontrols/{name}",
            "name": name,
            "etag": new_etag(now),
            "type": "Microsoft.SecurityInsights/SourceControls",
            "properties": {
                "id": name,
                "version": "V2",
                "displayName": "Detections as code",
                "description": "Rules and playbooks of the SOC.",
                "repoType": "Github",
                "contentTypes": ["AnalyticsRule", "HuntingQuery"],
                "repository": {"url": _URL, "branch": "main"},
                "lastDeploymentInfo": {"deploymentFetchStatus": "Success", "deployment": deployment},
            },
        }
    ]
