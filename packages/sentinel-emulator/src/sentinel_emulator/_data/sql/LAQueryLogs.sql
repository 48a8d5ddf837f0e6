SELECT
    moment AS TimeGenerated,
    upn AS AADEmail,
    object_id AS AADObjectId,
    getvariable('tenant') AS AADTenantId,
    guid(i, 'query') AS CorrelationId,
    query AS QueryText,
    later(moment, -86400) AS QueryTimeRangeStart,
    moment AS QueryTimeRangeEnd,
    'ASI_Portal' AS RequestClientApp,
    CAST(200 AS INTEGER) AS ResponseCode,
    CAST(between_(50, 4000, i, 'duration') AS DOUBLE) AS ResponseDurationMs,
    CAST(between_(0, 500, i, 'rows') AS INTEGER) AS ResponseRowCount,
    CAST(between_(10, 2000, i, 'cpu') AS DOUBLE) AS StatsCPUTimeMs,
    'westeurope' AS WorkspaceRegion
FROM (
    SELECT i, p.*, working_moment(i, i % (getvariable('days') + 1), p.utc_offset) AS moment,
        pick(['SecurityIncident | summarize arg_max(TimeGenerated, *) by IncidentNumber', 'SigninLogs | summarize count() by ResultType', 'Heartbeat | summarize max(TimeGenerated) by Computer'], i, 'text') AS query
    FROM range(many(getvariable('days') * 20 + 20)) AS r(i) JOIN people AS p ON p.number = 5 + 8 * (i % 5)
) WHERE happens(i, moment)
