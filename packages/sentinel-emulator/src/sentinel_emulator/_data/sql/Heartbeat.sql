-- Every server beats every five minutes; FS02 fell silent nine hours ago, and LOG01 misses one beat in eight.
SELECT
    moment AS TimeGenerated,
    CASE WHEN s.os = 'Windows' THEN 'Direct Agent' ELSE 'Azure Monitor Agent' END AS Category,
    s.name AS Computer,
    'Non-Azure' AS ComputerEnvironment,
    '198.51.100.10' AS ComputerIP,
    to_json([s.address]) AS ComputerPrivateIPs,
    false AS IsGatewayInstalled,
    CASE WHEN s.os = 'Windows' THEN '10' ELSE '22' END AS OSMajorVersion,
    CASE WHEN s.os = 'Windows' THEN '0' ELSE '04' END AS OSMinorVersion,
    CASE WHEN s.os = 'Windows' THEN 'Windows Server 2022 Datacenter' ELSE 'Ubuntu 22.04' END AS OSName,
    s.os AS OSType,
    'Germany' AS RemoteIPCountry,
    52.52 AS RemoteIPLatitude,
    13.405 AS RemoteIPLongitude,
    '"security", "changeTracking"' AS Solutions,
    CAST(s.vm_id AS UUID) AS SourceComputerId,
    s.vm_id AS VMUUID,
    '1.34.1.0' AS Version,
    'Direct' AS SCAgentChannel,
    CASE WHEN s.os = 'Windows' THEN 'OpsManager' ELSE 'Linux' END AS SourceSystem
FROM (SELECT i, later(date_trunc('minute', getvariable('now')), -300 * i) AS moment FROM range(getvariable('days') * 288) AS r(i)) AS beat
CROSS JOIN servers AS s
WHERE NOT (s.number = 3 AND moment > getvariable('now') - INTERVAL 9 HOUR)
  AND NOT (s.number = 10 AND i % 8 = 3)
