SELECT
    later(date_trunc('hour', getvariable('now')), -3600 * h) AS TimeGenerated,
    s.name AS Computer,
    c.object AS ObjectName,
    c.counter AS CounterName,
    c.instance AS InstanceName,
    '\\' || s.name || '\' || c.object || '(' || c.instance || ')\' || c.counter AS CounterPath,
    round(c.low + (c.high - c.low) * u(h * 100 + s.number, c.counter), 3) AS CounterValue,
    'OpsManager' AS SourceSystem
FROM range(getvariable('days') * 24) AS r(h) CROSS JOIN servers AS s
CROSS JOIN (VALUES ('Processor', '% Processor Time', '_Total', 2.0, 60.0), ('Memory', 'Available MBytes', '', 800.0, 9000.0), ('LogicalDisk', '% Free Space', 'C:', 12.0, 70.0)) AS c(object, counter, instance, low, high)
