SELECT
    later(date_trunc('day', getvariable('now')), -86400 * i + 7200) AS TimeGenerated,
    'FS02.contoso.com' AS Computer,
    'Data Collection Status' AS OperationCategory,
    'Data collection stopped' AS OperationKey,
    CASE WHEN i % 5 = 4 THEN 'Warning' ELSE 'Succeeded' END AS OperationStatus,
    CASE WHEN i % 5 = 4 THEN 'The agent on FS02 sent nothing for ten minutes.' ELSE 'Every source of the workspace is collected.' END AS Detail,
    'LogManagement' AS Solution,
    'OMS' AS SourceSystem
FROM range(getvariable('days')) AS r(i) WHERE later(date_trunc('day', getvariable('now')), -86400 * i + 7200) <= getvariable('now')
