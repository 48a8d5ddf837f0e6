WITH flow AS (
    SELECT i, p.*,
        working_moment(i, (i // 480) % (getvariable('days') + 1), p.utc_offset) AS moment,
        u(i, 'verdict') < 0.93 AS allowed,
        pick([
            {'host': 'outlook.office365.example', 'address': '198.51.100.130', 'port': 443, 'app': 'ssl'},
            {'host': 'www.fabrikam.example', 'address': '198.51.100.140', 'port': 443, 'app': 'ssl'},
            {'host': 'updates.northwind.example', 'address': '198.51.100.150', 'port': 443, 'app': 'ssl'},
            {'host': 'cdn.tailspin.example', 'address': '198.51.100.160', 'port': 443, 'app': 'web-browsing'},
            {'host': 'ntp.contoso.example', 'address': '198.51.100.170', 'port': 123, 'app': 'ntp'},
            {'host': 'dns.contoso.example', 'address': '198.51.100.180', 'port': 53, 'app': 'dns'}
        ], i, 'destination') AS destination
    FROM range(many(getvariable('days') * 480 + 480)) AS r(i) JOIN people AS p ON p.number = (i * 3) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS StartTime,
    later(moment, 60 * u(i, 'length')) AS EndTime,
    CASE WHEN allowed THEN 'TRAFFIC' ELSE 'THREAT' END AS Activity,
    destination.app AS ApplicationProtocol,
    'Outbound' AS CommunicationDirection,
    'fw01.contoso.com' AS Computer,
    'fw01.contoso.com' AS DeviceName,
    destination.host AS DestinationHostName,
    destination.address AS DestinationIP,
    CAST(destination.port AS INTEGER) AS DestinationPort,
    CASE WHEN allowed THEN 'allow' ELSE 'deny' END AS DeviceAction,
    CASE WHEN allowed THEN 'end' ELSE 'drop' END AS DeviceEventClassID,
    'PAN-OS' AS DeviceProduct,
    'Palo Alto Networks' AS DeviceVendor,
    '11.1.0' AS DeviceVersion,
    CAST(1 AS INTEGER) AS EventCount,
    CASE WHEN allowed THEN '1' ELSE '3' END AS LogSeverity,
    CASE WHEN destination.port IN (53, 123) THEN 'udp' ELSE 'tcp' END AS Protocol,
    CASE WHEN allowed THEN between_(400, 900000, i, 'received') ELSE 0 END AS ReceivedBytes,
    CASE WHEN allowed THEN between_(200, 60000, i, 'sent') ELSE 0 END AS SentBytes,
    CASE WHEN destination.port = 443 THEN 'https://' || destination.host || '/' ELSE '' END AS RequestURL,
    CASE WHEN allowed THEN 'Allow' ELSE 'Deny' END AS SimplifiedDeviceAction,
    upper(split_part(device, '.', 1)) AS SourceHostName,
    device_address AS SourceIP,
    CAST(between_(49152, 65535, i, 'source port') AS INTEGER) AS SourcePort,
    'CONTOSO\' || account AS SourceUserName,
    'OpsManager' AS SourceSystem
FROM flow WHERE happens(i, moment)
