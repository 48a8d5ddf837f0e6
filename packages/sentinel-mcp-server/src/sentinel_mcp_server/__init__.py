"""An MCP server for Microsoft Sentinel: typed, safe, truthful access to a workspace for AI clients.

`build_server(settings)` gives the `MCPServer` with every tool, resource and prompt; `Settings.load()` reads the
environment and flags. The command is `sentinel-mcp-server`.
"""

from importlib.metadata import version

from sentinel_mcp_server.app import build_server
from sentinel_mcp_server.settings import Settings, SettingsError

__version__ = version("sentinel-mcp-server")

__all__ = ["Settings", "SettingsError", "__version__", "build_server"]
