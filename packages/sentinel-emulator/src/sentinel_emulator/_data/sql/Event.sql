SELECT
    moment AS TimeGenerated,
    s.name AS Computer,
    CAST(line.id AS INTEGER) AS EventID,
    line.level AS EventLevelName,
    CAST(CASE line.level WHEN 'Error' THEN 2 WHEN 'Warning' THEN 3 ELSE 4 END AS INTEGER) AS EventLevel,
    'System' AS EventLog,
    line.source AS Source,
    line.text AS RenderedDescription,
    'N/A' AS UserName,
    'OpsManager' AS SourceSystem
FROM (
    SELECT i, any_moment(i) AS moment, pick([
        {'id': 7036, 'level': 'Information', 'source': 'Service Control Manager', 'text': 'The Windows Update service entered the running state.'},
        {'id': 7036, 'level': 'Information', 'source': 'Service Control Manager', 'text': 'The Windows Update service entered the stopped state.'},
        {'id': 10016, 'level': 'Warning', 'source': 'DistributedCOM', 'text': 'The permission settings do not grant Local Activation permission.'},
        {'id': 36874, 'level': 'Error', 'source': 'Schannel', 'text': 'An TLS 1.2 connection request was received, but none of the cipher suites are supported.'}
    ], i, 'line') AS line
    FROM range(many(getvariable('days') * 80)) AS r(i)
) JOIN servers AS s ON s.number = i % 8
