-- One connector fails to fetch data now and then, and the rule on mass downloads ran into its limit once a day.
SELECT
    later(date_trunc('hour', getvariable('now')), -3600 * i) AS TimeGenerated,
    CASE WHEN i % 3 = 0 THEN 'Data fetch status change' ELSE 'Scheduled analytics rule run' END AS OperationName,
    CASE WHEN i % 3 = 0 THEN 'Data connector' ELSE 'Analytics Rule' END AS SentinelResourceType,
    CASE WHEN i % 3 = 0 THEN 'Office365' ELSE 'Scheduled' END AS SentinelResourceKind,
    CASE WHEN i % 3 = 0 THEN 'Office365' ELSE 'Mass download from SharePoint' END AS SentinelResourceName,
    CASE WHEN i % 24 = 9 THEN 'Failure' WHEN i % 24 = 10 THEN 'Warning' ELSE 'Success' END AS Status,
    CASE WHEN i % 24 = 9 THEN 'The request was throttled by the source.' WHEN i % 24 = 10 THEN 'The query ran longer than usual.' ELSE '' END AS Description,
    CASE WHEN i % 24 = 9 THEN 'Throttled' ELSE '' END AS Reason,
    guid(i, 'health') AS RecordId,
    getvariable('workspace') AS WorkspaceId
FROM range(getvariable('days') * 24) AS r(i)
