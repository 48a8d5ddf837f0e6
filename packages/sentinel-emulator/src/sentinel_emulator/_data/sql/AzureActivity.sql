WITH act AS (
    SELECT i, p.*, working_moment(i, i % (getvariable('days') + 1), 1) AS moment,
        pick([
            {'name': 'MICROSOFT.COMPUTE/VIRTUALMACHINES/RESTART/ACTION', 'provider': 'MICROSOFT.COMPUTE', 'resource': 'app01'},
            {'name': 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE', 'provider': 'MICROSOFT.COMPUTE', 'resource': 'web01'},
            {'name': 'MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION', 'provider': 'MICROSOFT.STORAGE', 'resource': 'contosobackup'},
            {'name': 'MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/SECURITYRULES/WRITE', 'provider': 'MICROSOFT.NETWORK', 'resource': 'nsg-web'},
            {'name': 'MICROSOFT.KEYVAULT/VAULTS/WRITE', 'provider': 'MICROSOFT.KEYVAULT', 'resource': 'kv-contoso'}
        ], i, 'activity') AS act
    FROM range(many(getvariable('days') * 40 + 40)) AS r(i) JOIN people AS p ON p.number = 5 + 8 * between_(0, 4, i, 'actor')
)
SELECT
    moment AS TimeGenerated,
    moment AS EventSubmissionTimestamp,
    CASE WHEN u(i, 'status') < 0.95 THEN 'Success' ELSE 'Failure' END AS ActivityStatusValue,
    CASE WHEN u(i, 'status') < 0.95 THEN 'OK' ELSE 'Forbidden' END AS ActivitySubstatusValue,
    upn AS Caller,
    site_address AS CallerIpAddress,
    'Administrative' AS CategoryValue,
    guid(i, 'activity') AS CorrelationId,
    guid(i, 'activity event') AS EventDataId,
    'Informational' AS "Level",
    guid(i, 'activity operation') AS OperationId,
    act.name AS OperationNameValue,
    to_json({'eventCategory': 'Administrative', 'resource': act.resource}) AS Properties_d,
    'rg-contoso-prod' AS ResourceGroup,
    act.provider AS ResourceProviderValue,
    act.resource AS Resource,
    'Azure' AS SourceSystem
FROM act WHERE happens(i, moment)
