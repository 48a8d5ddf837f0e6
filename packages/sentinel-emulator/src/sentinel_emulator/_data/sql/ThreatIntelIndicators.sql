WITH indicator AS (
    SELECT i,
        later(getvariable('now'), -86400 * getvariable('days') * u(i, 'published')) AS moment,
        CASE i % 3 WHEN 0 THEN 'ipv4-addr:value' WHEN 1 THEN 'domain-name:value' ELSE 'file:hashes.''SHA-256''' END AS key,
        CASE i % 3
            WHEN 0 THEN '203.0.113.' || (1 + i % 70)
            WHEN 1 THEN 'bad-' || (i // 3) || '.malware.example'
            ELSE sha256(concat('indicator', getvariable('seed'), i))
        END AS value
    FROM range(240) AS r(i)
)
SELECT
    moment AS TimeGenerated,
    'indicator--' || guid(i, 'indicator') AS Id,
    CAST(40 + i % 61 AS INTEGER) AS Confidence,
    moment AS Created,
    moment AS Modified,
    moment AS ValidFrom,
    moment + INTERVAL 90 DAY AS ValidUntil,
    true AS IsActive,
    false AS IsDeleted,
    false AS Revoked,
    key AS ObservableKey,
    value AS ObservableValue,
    '[' || key || ' = ''' || value || ''']' AS Pattern,
    'Contoso Threat Feed' AS Source,
    'feed' AS LastUpdateMethod,
    '' AS Tags,
    getvariable('workspace') AS WorkspaceId,
    getvariable('tenant') AS AzureTenantId,
    to_json({'type': 'indicator', 'spec_version': '2.1', 'id': 'indicator--' || guid(i, 'indicator'), 'pattern_type': 'stix', 'pattern': '[' || key || ' = ''' || value || ''']', 'labels': ['malicious-activity']}) AS Data,
    to_json({'TLPLevel': 'Green'}) AS AdditionalFields,
    'Microsoft Sentinel' AS SourceSystem
FROM indicator
