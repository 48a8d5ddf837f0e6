SELECT
    any_moment(i) AS TimeGenerated,
    guid(app, 'application') AS AppId,
    'ServicePrincipalSignInLogs' AS Category,
    'notApplied' AS ConditionalAccessStatus,
    guid(i, 'principal') AS CorrelationId,
    between_(20, 200, i, 'duration') AS DurationMs,
    '198.51.100.10' AS IPAddress,
    guid(i, 'principal id') AS Id,
    'DE' AS Location,
    'Sign-in activity' AS OperationName,
    pick(['Microsoft Graph', 'Azure Key Vault', 'Windows Azure Service Management API'], i, 'resource') AS ResourceDisplayName,
    CASE WHEN u(i, 'result') < 0.99 THEN '0' ELSE '7000215' END AS ResultType,
    CASE WHEN u(i, 'result') < 0.99 THEN '' ELSE 'Invalid client secret is provided.' END AS ResultDescription,
    guid(app, 'key') AS ServicePrincipalCredentialKeyId,
    guid(app, 'principal') AS ServicePrincipalId,
    app AS ServicePrincipalName,
    'Azure AD' AS SourceSystem
FROM (SELECT i, pick(['contoso-backup', 'contoso-deploy', 'contoso-monitoring', 'contoso-hr-sync'], i, 'principal') AS app FROM range(many(getvariable('days') * 48)) AS r(i))
