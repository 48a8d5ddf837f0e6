SELECT
    any_moment(i) AS TimeGenerated,
    'Microsoft-Windows-PowerShell/Operational' AS Channel,
    s.name AS Computer,
    CAST(4104 AS INTEGER) AS EventID,
    to_json({'ScriptBlockText': 'Get-Service | Where-Object Status -eq Stopped', 'ScriptBlockId': guid(i, 'block'), 'Path': ''}) AS EventData,
    CAST(5 AS INTEGER) AS EventLevel,
    'Verbose' AS EventLevelName,
    guid(i, 'windows event') AS EventOriginId,
    'Microsoft-Windows-PowerShell' AS Provider,
    CAST(between_(1000, 9000, i, 'pid') AS INTEGER) AS SystemProcessId
FROM range(many(getvariable('days') * 40)) AS r(i) JOIN servers AS s ON s.number = i % 8
