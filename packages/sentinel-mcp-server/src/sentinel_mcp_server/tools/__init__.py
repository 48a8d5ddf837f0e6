"""Every tool, in the order that clients see them. One tool is one file; the tuple below is the table of contents."""

from sentinel_mcp_server._define import ToolSpec
from sentinel_mcp_server.tools.connection_test import connection_test
from sentinel_mcp_server.tools.data_connector_get import data_connector_get
from sentinel_mcp_server.tools.data_connector_list import data_connector_list
from sentinel_mcp_server.tools.docs_search import docs_search
from sentinel_mcp_server.tools.incident_get import incident_get
from sentinel_mcp_server.tools.incident_list import incident_list
from sentinel_mcp_server.tools.query_page import query_page
from sentinel_mcp_server.tools.query_run import query_run
from sentinel_mcp_server.tools.query_validate import query_validate
from sentinel_mcp_server.tools.table_get import table_get
from sentinel_mcp_server.tools.table_list import table_list
from sentinel_mcp_server.tools.workspace_get import workspace_get

TOOLS: tuple[ToolSpec, ...] = (
    query_run,
    query_page,
    query_validate,
    table_list,
    table_get,
    incident_list,
    incident_get,
    workspace_get,
    data_connector_list,
    data_connector_get,
    connection_test,
    docs_search,
)

__all__ = ["TOOLS"]
