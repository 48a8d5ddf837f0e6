WITH act AS (
    SELECT i, p.*, working_moment(i, (i // 80) % (getvariable('days') + 1), p.utc_offset) AS moment, u(i, 'logon') < 0.97 AS success
    FROM range(many(getvariable('days') * 80 + 80)) AS r(i) JOIN people AS p ON p.number = i % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS "Timestamp",
    CASE WHEN success THEN 'LogonSuccess' ELSE 'LogonFailed' END AS ActionType,
    'contoso' AS AccountDomain,
    account AS AccountName,
    sid AS AccountSid,
    device_id AS DeviceId,
    device AS DeviceName,
    CASE WHEN success THEN '' ELSE 'InvalidUserNameOrPassword' END AS FailureReason,
    number % 8 = 5 AS IsLocalAdmin,
    between_(100000, 900000, i, 'logon id') AS LogonId,
    pick(['Interactive', 'Unlock', 'CachedInteractive'], i, 'logon type') AS LogonType,
    'Kerberos' AS Protocol,
    i AS ReportId
FROM act WHERE happens(i, moment)
