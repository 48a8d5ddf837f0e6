WITH click AS (
    SELECT i, p.*, working_moment(i, i % (getvariable('days') + 1), p.utc_offset) AS moment, u(i, 'verdict') < 0.96 AS allowed
    FROM range(many(getvariable('days') * 25 + 25)) AS r(i) JOIN people AS p ON p.number = (i * 29) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS "Timestamp",
    upn AS AccountUpn,
    CASE WHEN allowed THEN 'ClickAllowed' ELSE 'ClickBlocked' END AS ActionType,
    site_address AS IPAddress,
    false AS IsClickedThrough,
    guid(i, 'clicked message') AS NetworkMessageId,
    guid(i, 'click') AS ReportId,
    CASE WHEN allowed THEN '' ELSE 'Phish' END AS ThreatTypes,
    CASE WHEN allowed THEN 'https://www.fabrikam.example/' ELSE 'https://bad-' || i % 40 || '.malware.example/login' END AS Url,
    'Email' AS Workload
FROM click WHERE happens(i, moment)
