"""Which tools a server offers: groups by name, and the ones that write only where the settings allow it."""

from sentinel_mcp_server._define import ToolSpec
from sentinel_mcp_server.settings import Settings, SettingsError
from sentinel_mcp_server.tools import TOOLS

DEFAULT = frozenset({
    "query", "table", "incident", "entity", "rule", "workspace", "data_connector", "access", "docs", "task"
})  # fmt: skip


def known_toolsets() -> list[str]:
    """The groups that tools belong to."""
    return sorted({spec.toolset for spec in TOOLS})


def offered(settings: Settings) -> tuple[ToolSpec, ...]:
    """The tools of these settings, in the catalogue's order.

    Raises:
        SettingsError: a group is named that does not exist.
    """
    named = settings.toolsets
    if unknown := sorted(named - {"default", "all", *known_toolsets()}):
        raise SettingsError(
            f"toolsets: there is no {unknown[0]!r}; choose from default, all, {', '.join(known_toolsets())}."
        )
    groups: set[str] = set(named)
    if "default" in named:
        groups |= DEFAULT
    if "all" in named:
        groups.update(known_toolsets())
    return tuple(spec for spec in TOOLS if spec.toolset in groups and (settings.writes or not spec.writes))


def why_not(name: str, settings: Settings) -> str | None:
    """Why a tool that exists is not offered, or None where there is no such tool."""
    spec = next((spec for spec in TOOLS if spec.name == name), None)
    if spec is None:
        return None
    if spec.writes and not settings.writes:
        how = "--read-only is set" if settings.read_only else "it was started without --allow-writes"
        return f"{name} changes the workspace, and this server does not offer it: {how}."
    return f"{name} belongs to the toolset {spec.toolset!r}, which this server was started without (--toolsets)."
