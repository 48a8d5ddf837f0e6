-- `(hours)` stands for what every other table took in within each hour.
INSERT INTO store."Usage" BY NAME
SELECT
    StartTime + INTERVAL 1 HOUR AS TimeGenerated,
    StartTime,
    StartTime + INTERVAL 1 HOUR AS EndTime,
    DataType,
    Solution,
    IsBillable,
    Quantity,
    'MBytes' AS QuantityUnit,
    0::BIGINT AS BatchesCapped,
    0::BIGINT AS BatchesOutsideSla,
    n AS BatchesWithinSla,
    n AS TotalBatches,
    getvariable('workspace') AS ResourceUri,
    'OMS' AS SourceSystem
FROM (hours)
WHERE StartTime + INTERVAL 1 HOUR <= getvariable('now')
ORDER BY TimeGenerated, DataType
