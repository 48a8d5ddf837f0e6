SELECT
    any_moment(i) AS TimeGenerated,
    CASE WHEN u(i, 'action') < 0.9 THEN 'Allow' ELSE 'Deny' END AS "Action",
    pick(['198.51.100.130', '198.51.100.140', '198.51.100.170'], i, 'destination') AS DestinationIp,
    CAST(pick([443, 443, 123, 22], i, 'port') AS INTEGER) AS DestinationPort,
    'fw-policy-prod' AS Policy,
    'TCP' AS Protocol,
    'allow-outbound' AS Rule,
    'outbound' AS RuleCollection,
    'DefaultNetworkRuleCollectionGroup' AS RuleCollectionGroup,
    '10.10.1.' || pick([10, 11, 20, 30], i, 'source') AS SourceIp,
    CAST(between_(49152, 65535, i, 'source port') AS INTEGER) AS SourcePort
FROM range(many(getvariable('days') * 100)) AS r(i)
