"""What is wrong with the workspace."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server._together import together
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.health import Finding, NotSeen, look
from sentinel_mcp_server.investigations.ingestion_health import cap, silent_connectors, stopped_tables
from sentinel_mcp_server.investigations.rule_health import cannot_run, reported, switched_off
from sentinel_mcp_server.rule_check import check_whole_rule
from sentinel_mcp_server.trust import inline

_NEXT = {
    "cap": "workspace_usage shows the tables that grow, workspace_get the cap",
    "connectors": "data_connector_get shows the connector; check its consent and its source",
    "health": "query_run on SentinelHealth shows each report",
    "operations": "query_run on Operation shows each report",
    "rules": "rule_lint shows what is wrong with a rule; rule_update switches it on or off",
    "tables": "table_get shows the newest record; look at the connector, agent or diagnostic setting that fills it",
}
_ORDER = {"problem": 0, "warning": 1, "information": 2}


class WorkspaceHealth(Answer):
    """What is wrong, the worst first, and what could not be looked at."""

    own_words = frozenset({"looked_at", "could_not_look", "next_steps"})

    problems: int
    warnings: int
    findings: list[Finding]
    next_steps: list[str] = Field(description="Where to look on, for each area with findings")
    looked_at: list[str]
    could_not_look: list[str] = Field(description="Areas whose state is not known, with the reason")

    def summary(self) -> str:
        """Counts, and what is not known."""
        lines = [
            f"{self.problems} problems, {self.warnings} warnings; looked at: {', '.join(self.looked_at) or 'none'}"
        ]
        lines += [f"could not look at {reason}" for reason in self.could_not_look]
        return "\n".join(lines + self.next_steps)

    def body(self) -> str:
        """One finding a line."""
        return "\n".join(
            f"{f.severity}\t{f.area}\t{inline(f.what)}\t{inline(f.finding)}\t{f.since or ''}\t{inline(f.name or '')}"
            for f in self.findings
        )


@tool(title="Check the workspace's health", toolset="workspace", timeout=180.0)
async def workspace_health(
    services: Services,
    silent_hours: Annotated[int, Field(ge=1, le=336, description="Silence after which a source has stopped")] = 24,
    days: Annotated[int, Field(ge=1, le=30, description="Days of health reports to look at")] = 7,
) -> WorkspaceHealth:
    """Find what is wrong with the workspace: tables that stopped, silent connectors, the cap, rules off or failing.

    For volumes use workspace_usage; for what rules cover rule_coverage; for one rule rule_lint.
    """
    now, seconds = services.now(), services.settings.query_timeout
    silent = timedelta(hours=silent_hours)
    schema = await services.schema.current()
    known = frozenset(schema.validator.schema.tables)

    def live() -> None:
        if schema.why_not_live:
            raise NotSeen(f"the tables of the workspace could not be listed: {schema.why_not_live}")

    async def connectors() -> Sequence[Finding]:
        live()
        return await silent_connectors(services.azure, known, now, silent, seconds)

    async def reports() -> Sequence[Finding]:
        live()
        return await reported(services.azure, known, (now - timedelta(days=days), now), seconds)

    async def rules() -> Sequence[Finding]:
        live()
        listing = await alert_rules.list_rules(services.azure)
        found = switched_off(listing)
        for rule in listing:
            if rule.enabled and rule.query:
                found += cannot_run(rule, (await check_whole_rule(services, rule.kind, rule.properties)).faults)
        return found

    looks = await together(
        look("cap", lambda: cap(services.azure)),
        look("tables", lambda: stopped_tables(services.azure, now, silent, seconds)),
        look("connectors", connectors),
        look("rules", rules),
        look("health reports", reports),
    )
    findings = [finding for found in looks for finding in found.findings]
    findings.sort(key=lambda finding: (_ORDER[finding.severity], finding.area, finding.what))
    return WorkspaceHealth(
        problems=sum(finding.severity == "problem" for finding in findings),
        warnings=sum(finding.severity == "warning" for finding in findings),
        findings=findings,
        next_steps=[f"{area}: {_NEXT[area]}" for area in sorted({finding.area for finding in findings})],
        looked_at=[found.area for found in looks if not found.unknown],
        could_not_look=[found.unknown for found in looks if found.unknown],
    )
