WITH query AS (
    SELECT i, p.*, working_moment(i, (i // 200) % (getvariable('days') + 1), p.utc_offset) AS moment,
        pick(['outlook.office365.example', 'www.fabrikam.example', 'updates.northwind.example', 'cdn.tailspin.example', 'wpad.contoso.com'], i, 'name') AS name
    FROM range(many(getvariable('days') * 200 + 200)) AS r(i) JOIN people AS p ON p.number = (i * 31) % 40
)
SELECT
    moment AS TimeGenerated,
    device_address AS ClientIP,
    'DC01.contoso.com' AS Computer,
    CAST(257 AS INTEGER) AS EventId,
    CASE WHEN name = 'wpad.contoso.com' THEN '' ELSE '198.51.100.' || (130 + 10 * (i % 4)) END AS IPAddresses,
    name AS Name,
    'A' AS QueryType,
    CASE WHEN name = 'wpad.contoso.com' THEN 'NXDOMAIN' ELSE 'Success' END AS Result,
    CAST(CASE WHEN name = 'wpad.contoso.com' THEN 3 ELSE 0 END AS INTEGER) AS ResultCode,
    'LookupQuery' AS SubType,
    'OpsManager' AS SourceSystem
FROM query WHERE happens(i, moment)
