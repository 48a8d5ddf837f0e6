"""Every tool, in the order that clients see them. One tool is one file; the tuple below is the table of contents."""

from sentinel_mcp_server._define import ToolSpec
from sentinel_mcp_server.tools.access_check import access_check
from sentinel_mcp_server.tools.alert_get import alert_get
from sentinel_mcp_server.tools.alert_list import alert_list
from sentinel_mcp_server.tools.automation_rule_get import automation_rule_get
from sentinel_mcp_server.tools.automation_rule_list import automation_rule_list
from sentinel_mcp_server.tools.bookmark_create import bookmark_create
from sentinel_mcp_server.tools.bookmark_list import bookmark_list
from sentinel_mcp_server.tools.connection_test import connection_test
from sentinel_mcp_server.tools.content_drift import content_drift
from sentinel_mcp_server.tools.content_list import content_list
from sentinel_mcp_server.tools.data_connector_get import data_connector_get
from sentinel_mcp_server.tools.data_connector_list import data_connector_list
from sentinel_mcp_server.tools.docs_search import docs_search
from sentinel_mcp_server.tools.entity_enrich import entity_enrich
from sentinel_mcp_server.tools.entity_pivot import entity_pivot
from sentinel_mcp_server.tools.hunting_query_get import hunting_query_get
from sentinel_mcp_server.tools.hunting_query_list import hunting_query_list
from sentinel_mcp_server.tools.hunting_query_run import hunting_query_run
from sentinel_mcp_server.tools.incident_close import incident_close
from sentinel_mcp_server.tools.incident_comment_add import incident_comment_add
from sentinel_mcp_server.tools.incident_create import incident_create
from sentinel_mcp_server.tools.incident_get import incident_get
from sentinel_mcp_server.tools.incident_list import incident_list
from sentinel_mcp_server.tools.incident_playbook_run import incident_playbook_run
from sentinel_mcp_server.tools.incident_task_add import incident_task_add
from sentinel_mcp_server.tools.incident_update import incident_update
from sentinel_mcp_server.tools.indicator_create import indicator_create
from sentinel_mcp_server.tools.indicator_get import indicator_get
from sentinel_mcp_server.tools.indicator_metrics import indicator_metrics
from sentinel_mcp_server.tools.indicator_search import indicator_search
from sentinel_mcp_server.tools.playbook_list import playbook_list
from sentinel_mcp_server.tools.query_chart import query_chart
from sentinel_mcp_server.tools.query_explain import query_explain
from sentinel_mcp_server.tools.query_page import query_page
from sentinel_mcp_server.tools.query_run import query_run
from sentinel_mcp_server.tools.query_validate import query_validate
from sentinel_mcp_server.tools.rule_backtest import rule_backtest
from sentinel_mcp_server.tools.rule_coverage import rule_coverage
from sentinel_mcp_server.tools.rule_create import rule_create
from sentinel_mcp_server.tools.rule_get import rule_get
from sentinel_mcp_server.tools.rule_lint import rule_lint
from sentinel_mcp_server.tools.rule_list import rule_list
from sentinel_mcp_server.tools.rule_template_get import rule_template_get
from sentinel_mcp_server.tools.rule_template_list import rule_template_list
from sentinel_mcp_server.tools.rule_test import rule_test
from sentinel_mcp_server.tools.rule_update import rule_update
from sentinel_mcp_server.tools.setting_list import setting_list
from sentinel_mcp_server.tools.table_get import table_get
from sentinel_mcp_server.tools.table_list import table_list
from sentinel_mcp_server.tools.table_profile import table_profile
from sentinel_mcp_server.tools.table_search import table_search
from sentinel_mcp_server.tools.task_cancel import task_cancel
from sentinel_mcp_server.tools.task_get import task_get
from sentinel_mcp_server.tools.task_list import task_list
from sentinel_mcp_server.tools.watchlist_get import watchlist_get
from sentinel_mcp_server.tools.watchlist_item_delete import watchlist_item_delete
from sentinel_mcp_server.tools.watchlist_item_list import watchlist_item_list
from sentinel_mcp_server.tools.watchlist_item_upsert import watchlist_item_upsert
from sentinel_mcp_server.tools.watchlist_list import watchlist_list
from sentinel_mcp_server.tools.workspace_get import workspace_get
from sentinel_mcp_server.tools.workspace_health import workspace_health
from sentinel_mcp_server.tools.workspace_list import workspace_list
from sentinel_mcp_server.tools.workspace_usage import workspace_usage

TOOLS: tuple[ToolSpec, ...] = (
    query_run,
    query_page,
    query_validate,
    query_explain,
    query_chart,
    table_search,
    table_list,
    table_get,
    table_profile,
    incident_list,
    incident_get,
    incident_update,
    incident_close,
    incident_comment_add,
    incident_create,
    incident_task_add,
    incident_playbook_run,
    alert_list,
    alert_get,
    entity_pivot,
    entity_enrich,
    rule_list,
    rule_get,
    rule_lint,
    rule_backtest,
    rule_test,
    rule_coverage,
    rule_template_list,
    rule_template_get,
    rule_create,
    rule_update,
    hunting_query_list,
    hunting_query_get,
    hunting_query_run,
    bookmark_list,
    bookmark_create,
    watchlist_list,
    watchlist_get,
    watchlist_item_list,
    watchlist_item_upsert,
    watchlist_item_delete,
    indicator_search,
    indicator_get,
    indicator_metrics,
    indicator_create,
    automation_rule_list,
    automation_rule_get,
    playbook_list,
    workspace_list,
    workspace_get,
    workspace_usage,
    workspace_health,
    setting_list,
    content_list,
    content_drift,
    data_connector_list,
    data_connector_get,
    connection_test,
    access_check,
    task_list,
    task_get,
    task_cancel,
    docs_search,
)

__all__ = ["TOOLS"]
