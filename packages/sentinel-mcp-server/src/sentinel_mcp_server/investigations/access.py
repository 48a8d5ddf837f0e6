"""What each tool has to be allowed to do, and the smallest built-in role that allows it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sentinel_azure_clients import Permissions

READER = "Microsoft Sentinel Reader"
RESPONDER = "Microsoft Sentinel Responder"
CONTRIBUTOR = "Microsoft Sentinel Contributor"
PLAYBOOK_OPERATOR = "Microsoft Sentinel Playbook Operator"


@dataclass(frozen=True, slots=True)
class Need:
    """An action of Azure Resource Manager and the built-in role that has it."""

    action: str
    role: str = READER


def _sentinel(what: str, role: str = READER) -> Need:
    return Need(f"Microsoft.SecurityInsights/{what}", role)


_QUERY = Need("Microsoft.OperationalInsights/workspaces/query/read")
_TABLES = Need("Microsoft.OperationalInsights/workspaces/tables/read")
_WORKSPACE = Need("Microsoft.OperationalInsights/workspaces/read")
_SEARCHES = Need("Microsoft.OperationalInsights/workspaces/savedSearches/read")
_INCIDENT = _sentinel("incidents/read")
_INCIDENT_WRITE = _sentinel("incidents/write", RESPONDER)
_COMMENT_WRITE = _sentinel("incidents/comments/write", RESPONDER)
_TASK_WRITE = _sentinel("incidents/tasks/write", RESPONDER)
_PLAYBOOK_RUN = _sentinel("incidents/runPlaybook/action", RESPONDER)
_PLAYBOOKS = Need("Microsoft.Logic/workflows/read", PLAYBOOK_OPERATOR)
_RULES = _sentinel("alertRules/read")
_RULE_WRITE = _sentinel("alertRules/write", CONTRIBUTOR)
_TEMPLATES = _sentinel("alertRuleTemplates/read")
_BOOKMARKS = _sentinel("bookmarks/read")
_BOOKMARK_WRITE = _sentinel("bookmarks/write", CONTRIBUTOR)
_WATCHLISTS = _sentinel("watchlists/read")
_WATCHLIST_WRITE = _sentinel("watchlists/write", CONTRIBUTOR)
_WATCHLIST_DELETE = _sentinel("watchlists/delete", CONTRIBUTOR)
_INDICATORS = _sentinel("threatIntelligence/indicators/read")
_INDICATOR_CREATE = _sentinel("threatIntelligence/createIndicator/action", CONTRIBUTOR)
_AUTOMATION = _sentinel("automationRules/read")
_CONNECTORS = _sentinel("dataConnectors/read")

NEEDS: dict[str, tuple[Need, ...]] = {
    "query_run": (_QUERY,),
    "query_page": (),
    "query_validate": (),
    "query_explain": (_QUERY,),
    "query_chart": (_QUERY,),
    "table_search": (_TABLES,),
    "table_list": (_TABLES,),
    "table_get": (_TABLES,),
    "table_profile": (_QUERY, _TABLES),
    "incident_list": (_INCIDENT,),
    "incident_get": (_INCIDENT, _RULES, _QUERY),
    "incident_update": (_INCIDENT, _INCIDENT_WRITE),
    "incident_close": (_INCIDENT, _INCIDENT_WRITE),
    "incident_comment_add": (_INCIDENT, _COMMENT_WRITE),
    "incident_create": (_INCIDENT, _INCIDENT_WRITE),
    "incident_task_add": (_INCIDENT, _TASK_WRITE),
    "incident_playbook_run": (_INCIDENT, _PLAYBOOKS, _PLAYBOOK_RUN),
    "alert_list": (_QUERY,),
    "alert_get": (_QUERY,),
    "entity_pivot": (_QUERY,),
    "entity_enrich": (_INDICATORS, _WATCHLISTS),
    "rule_list": (_RULES,),
    "rule_get": (_RULES,),
    "rule_lint": (_RULES,),
    "rule_backtest": (_RULES, _QUERY),
    "rule_test": (_RULES,),
    "rule_coverage": (_RULES, _QUERY),
    "rule_template_list": (_TEMPLATES,),
    "rule_template_get": (_TEMPLATES,),
    "rule_create": (_RULES, _TEMPLATES, _RULE_WRITE),
    "rule_update": (_RULES, _RULE_WRITE),
    "hunting_query_list": (_SEARCHES,),
    "hunting_query_get": (_SEARCHES,),
    "hunting_query_run": (_SEARCHES, _QUERY),
    "bookmark_list": (_BOOKMARKS,),
    "bookmark_create": (_BOOKMARKS, _BOOKMARK_WRITE),
    "watchlist_list": (_WATCHLISTS,),
    "watchlist_get": (_WATCHLISTS,),
    "watchlist_item_list": (_WATCHLISTS,),
    "watchlist_item_upsert": (_WATCHLISTS, _WATCHLIST_WRITE),
    "watchlist_item_delete": (_WATCHLISTS, _WATCHLIST_DELETE),
    "indicator_search": (_INDICATORS,),
    "indicator_get": (_INDICATORS,),
    "indicator_metrics": (_INDICATORS,),
    "indicator_create": (_INDICATORS, _INDICATOR_CREATE),
    "automation_rule_list": (_AUTOMATION,),
    "automation_rule_get": (_AUTOMATION,),
    "playbook_list": (_PLAYBOOKS,),
    "workspace_list": (),
    "workspace_get": (_WORKSPACE,),
    "workspace_usage": (_QUERY,),
    "workspace_health": (_WORKSPACE, _RULES, _CONNECTORS, _QUERY),
    "setting_list": (_sentinel("settings/read"), _sentinel("onboardingStates/read")),
    "content_list": (_sentinel("contentPackages/read"),),
    "content_drift": (_sentinel("contentPackages/read"), _sentinel("contentProductPackages/read"), _RULES, _TEMPLATES),
    "data_connector_list": (_CONNECTORS,),
    "data_connector_get": (_CONNECTORS, _QUERY),
    "connection_test": (),
    "access_check": (),
    "task_list": (),
    "task_get": (),
    "task_cancel": (),
    "docs_search": (),
}
"""Every tool with the actions that it cannot do without; none where it asks nothing of Azure or tells any outcome."""


@dataclass(frozen=True, slots=True)
class ToolVerdict:
    """Whether a tool will work, and what is missing if not."""

    tool: str
    outcome: Literal["works", "denied"]
    missing: tuple[Need, ...]


def judge(granted: Permissions, needs: Mapping[str, tuple[Need, ...]] = NEEDS) -> list[ToolVerdict]:
    """The verdict on each tool by what is granted."""
    verdicts: list[ToolVerdict] = []
    for name, wanted in needs.items():
        missing = tuple(need for need in wanted if not granted.allows(need.action))
        verdicts.append(ToolVerdict(name, "denied" if missing else "works", missing))
    return verdicts


def assignment(role: str, scope: str) -> str:
    """The command line that grants a role; who it is for has to be filled in."""
    return (
        'az role assignment create --assignee "<object id or sign-in name>" '
        f"--role {shlex.quote(role)} --scope {shlex.quote(scope)}"
    )
