"""Further workspaces, as a setting writes them: `name=subscription/resource-group/workspace[/workspace-id]`."""

from sentinel_azure_clients import WorkspaceAddress

FORM = "name=subscription/resource-group/workspace or name=subscription/resource-group/workspace/workspace-id"
_LEAST, _MOST = 3, 4


def read_addresses(text: str) -> tuple[WorkspaceAddress, ...]:
    """The workspaces of a text, with commas between them.

    Raises:
        ValueError: one is not of the form, or two have the same name.
    """
    found: dict[str, WorkspaceAddress] = {}
    for part in text.split(","):
        if not part.strip():
            continue
        name, given, place = (piece.strip() for piece in part.partition("="))
        names = [piece.strip() for piece in place.split("/")]
        if not name or not given or not _LEAST <= len(names) <= _MOST or not all(names):
            raise ValueError(f"{part.strip()[:80]!r} is no workspace; write {FORM}")
        if name.casefold() in found:
            raise ValueError(f"two workspaces are called {name[:80]!r}")
        subscription, group, workspace, *guid = names
        found[name.casefold()] = WorkspaceAddress(
            name=name,
            subscription_id=subscription,
            resource_group=group,
            workspace_name=workspace,
            workspace_id=guid[0] if guid else None,
        )
    return tuple(found.values())
