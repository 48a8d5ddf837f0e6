-- What the containers of the web servers write: requests, warnings, now and then an error.
SELECT
    moment AS TimeGenerated,
    s.name AS Computer,
    guid(i % 6, 'container') AS ContainerId,
    line.container AS ContainerName,
    line.container || '-' || substr(guid(i % 6, 'pod'), 1, 5) AS PodName,
    'shop' AS PodNamespace,
    to_json(line.message || CASE line.container WHEN 'frontend' THEN ' ' || between_(3, 900, i, 'ms') || ' ms' ELSE '' END) AS LogMessage,
    CASE WHEN line.level = 'error' THEN 'stderr' ELSE 'stdout' END AS LogSource,
    line.level AS LogLevel,
    'Containers' AS SourceSystem
FROM (
    SELECT i, any_moment(i) AS moment, pick([
        {'container': 'frontend', 'level': 'info', 'message': 'GET /basket 200'},
        {'container': 'frontend', 'level': 'info', 'message': 'GET /product/41 200'},
        {'container': 'frontend', 'level': 'warning', 'message': 'GET /admin 403'},
        {'container': 'payments', 'level': 'info', 'message': 'order accepted'},
        {'container': 'payments', 'level': 'error', 'message': 'upstream timed out'}
    ], i, 'line') AS line
    FROM range(many(getvariable('days') * 120)) AS r(i)
) JOIN servers AS s ON s.number = 8 + i % 2
