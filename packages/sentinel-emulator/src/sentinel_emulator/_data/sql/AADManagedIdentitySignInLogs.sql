SELECT
    any_moment(i) AS TimeGenerated,
    guid(app, 'application') AS AppId,
    'ManagedIdentitySignInLogs' AS Category,
    guid(i, 'managed') AS CorrelationId,
    guid(i, 'managed id') AS Id,
    'Sign-in activity' AS OperationName,
    pick(['Azure Key Vault', 'Azure Storage', 'Azure SQL Database'], i, 'resource') AS ResourceDisplayName,
    '0' AS ResultType,
    guid(app, 'principal') AS ServicePrincipalId,
    app AS ServicePrincipalName,
    'Azure AD' AS SourceSystem
FROM (SELECT i, pick(['web01-identity', 'app01-identity', 'sentinel-playbooks'], i, 'managed') AS app FROM range(many(getvariable('days') * 40)) AS r(i))
