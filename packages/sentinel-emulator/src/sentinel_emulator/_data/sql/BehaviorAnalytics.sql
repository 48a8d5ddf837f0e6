WITH act AS (
    SELECT i, p.*, working_moment(i, i % (getvariable('days') + 1), p.utc_offset) AS moment
    FROM range(many(getvariable('days') * 30 + 30)) AS r(i) JOIN people AS p ON p.number = (i * 37) % 40
)
SELECT
    moment AS TimeGenerated,
    later(moment, 600) AS TimeProcessed,
    'Sign-in' AS ActionType,
    'LogOn' AS ActivityType,
    to_json({'FirstTimeUserConnectedViaBrowser': u(i, 'first') < 0.03, 'ActionUncommonlyPerformedByUser': u(i, 'uncommon') < 0.05}) AS ActivityInsights,
    'Azure AD' AS EventSource,
    'Microsoft' AS EventVendor,
    CAST(CASE WHEN u(i, 'uncommon') < 0.05 THEN between_(3, 6, i, 'priority') ELSE 0 END AS INTEGER) AS InvestigationPriority,
    guid(i, 'behaviour') AS SourceRecordId,
    site_address AS SourceIPAddress,
    country AS SourceIPLocation,
    account AS UserName,
    upn AS UserPrincipalName,
    to_json({'BlastRadius': 'Low', 'AccountDisplayName': display_name}) AS UsersInsights
FROM act WHERE happens(i, moment)
