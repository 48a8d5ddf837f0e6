WITH flow AS (
    SELECT i, p.*, working_moment(i, (i // 320) % (getvariable('days') + 1), p.utc_offset) AS moment,
        pick([
            {'url': 'outlook.office365.example', 'address': '198.51.100.130', 'port': 443},
            {'url': 'www.fabrikam.example', 'address': '198.51.100.140', 'port': 443},
            {'url': 'updates.northwind.example', 'address': '198.51.100.150', 'port': 443},
            {'url': 'dc01.contoso.com', 'address': '10.10.0.10', 'port': 389},
            {'url': 'fs01.contoso.com', 'address': '10.10.0.20', 'port': 445}
        ], i, 'remote') AS remote,
        pick(['msedge.exe', 'chrome.exe', 'outlook.exe', 'teams.exe', 'svchost.exe'], i, 'process') AS process
    FROM range(many(getvariable('days') * 320 + 320)) AS r(i) JOIN people AS p ON p.number = (i * 17) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS "Timestamp",
    CASE WHEN u(i, 'result') < 0.96 THEN 'ConnectionSuccess' ELSE 'ConnectionFailed' END AS ActionType,
    device_id AS DeviceId,
    device AS DeviceName,
    'contoso' AS InitiatingProcessAccountDomain,
    account AS InitiatingProcessAccountName,
    upn AS InitiatingProcessAccountUpn,
    process AS InitiatingProcessCommandLine,
    process AS InitiatingProcessFileName,
    between_(1000, 20000, i, 'pid') AS InitiatingProcessId,
    device_address AS LocalIP,
    'Private' AS LocalIPType,
    CAST(between_(49152, 65535, i, 'port') AS INTEGER) AS LocalPort,
    'Tcp' AS Protocol,
    remote.address AS RemoteIP,
    CASE WHEN remote.address LIKE '10.%' THEN 'Private' ELSE 'Public' END AS RemoteIPType,
    CAST(remote.port AS INTEGER) AS RemotePort,
    remote.url AS RemoteUrl,
    i AS ReportId
FROM flow WHERE happens(i, moment)
