"""What a query may reach: judged on what the analyser saw in it, never on a pattern in its text.

A reading tool reads this workspace. Control commands are never sent; several statements, `externaldata`, plugins that
call out, other workspaces, clusters and services are refused by name and opened only by `allow_query`.
"""

import re
from collections.abc import Iterator

from sentinel_kql_validator import Facts, Result

# Plugins of Log Analytics that work on the rows they are given and on nothing else.
_INWARD_PLUGINS = frozenset({
    "active_users_count", "activity_counts_metrics", "activity_engagement", "activity_metrics", "autocluster",
    "bag_unpack", "basket", "dcount_intersect", "diffpatterns", "diffpatterns_text", "funnel_sequence",
    "funnel_sequence_completion", "ipv4_lookup", "ipv6_lookup", "narrow", "new_activity_metrics", "pivot", "preview",
    "rolling_percentile", "rows_near", "schema_merge", "sequence_detect", "session_count", "sliding_window_counts",
})  # fmt: skip

# Words that can lead out, by the setting that opens them; asked only where no analyser could look.
_WAYS_OUT = {
    "externaldata": frozenset({"externaldata", "external_data", "external_table"}),
    "plugins": frozenset({"evaluate", "invoke"}),
    "other-workspaces": frozenset({"workspace"}),
    "other-clusters": frozenset({"cluster", "database", "app", "adx", "arg", "resource"}),
}
_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMAND = "It contains a control command (a line that starts with a dot); this tool only reads: remove it."


def refusals(query: str, result: Result, allowed: frozenset[str]) -> tuple[str, ...]:
    """Why the query is not sent, one sentence each; none means that nothing in it leads out of the workspace."""
    facts = result.facts
    if facts.kind == "command" or facts.commands:
        return (_COMMAND,)
    found = _judged(facts) if facts.complete else _on_the_surface(query, result)
    return tuple(
        f"{what} The setting SENTINEL_MCP_ALLOW_QUERY={setting} would allow it." if setting else what
        for setting, what in found
        if setting not in allowed
    )


def _judged(facts: Facts) -> Iterator[tuple[str | None, str]]:
    if facts.skipped_tokens:
        yield None, "A part of it could not be read as KQL and would be ignored: remove what follows the query."
    if facts.statements > 1:
        yield (
            "statements",
            "It has several statements that give rows and only the last would be shown: send one a call.",
        )
    if facts.external_data:
        yield "externaldata", f"externaldata reads from outside the workspace ({', '.join(facts.external_data)})."
    if outward := sorted(set(facts.plugins) - _INWARD_PLUGINS):
        yield "plugins", f"The plugin {', '.join(outward)} may reach outside the workspace."
    if facts.workspaces:
        yield "other-workspaces", f"It reads other workspaces ({', '.join(facts.workspaces)})."
    if elsewhere := [*facts.clusters, *facts.databases, *facts.elsewhere]:
        yield "other-clusters", f"It reads another cluster, database or service ({', '.join(elsewhere)})."


def _on_the_surface(query: str, result: Result) -> Iterator[tuple[str | None, str]]:
    """What merely names a way out is refused too, since nobody could tell what the word means where it stands."""
    words = set(_WORD.findall(query))
    for setting, ways in _WAYS_OUT.items():
        if named := sorted(ways & words):
            yield setting, f"It names {', '.join(named)}, a way out, and could not be analysed ({result.reason})."
