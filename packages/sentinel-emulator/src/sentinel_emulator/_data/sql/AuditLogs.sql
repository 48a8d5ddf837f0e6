WITH change AS (
    SELECT i,
        working_moment(i, i % (getvariable('days') + 1), 1) AS moment,
        pick([
            {'name': 'Update user', 'category': 'UserManagement', 'type': 'Update'},
            {'name': 'Reset user password', 'category': 'UserManagement', 'type': 'Update'},
            {'name': 'Add member to group', 'category': 'GroupManagement', 'type': 'Assign'},
            {'name': 'Remove member from group', 'category': 'GroupManagement', 'type': 'Unassign'},
            {'name': 'Update device', 'category': 'Device', 'type': 'Update'},
            {'name': 'Update application', 'category': 'ApplicationManagement', 'type': 'Update'},
            {'name': 'User registered security info', 'category': 'UserManagement', 'type': 'Add'}
        ], i, 'operation') AS operation
    FROM range(many(getvariable('days') * 60 + 60)) AS r(i)
)
SELECT
    moment AS TimeGenerated,
    moment AS ActivityDateTime,
    operation.type AS AADOperationType,
    getvariable('tenant') AS AADTenantId,
    operation.name AS ActivityDisplayName,
    to_json([{'key': 'User-Agent', 'value': 'EvoSTS'}]) AS AdditionalDetails,
    operation.category AS Category,
    guid(i, 'audit correlation') AS CorrelationId,
    0 AS DurationMs,
    'Directory_' || guid(i, 'audit') AS Id,
    actor.display_name AS "Identity",
    to_json({'user': {'id': actor.object_id, 'displayName': actor.display_name, 'userPrincipalName': actor.upn, 'ipAddress': actor.site_address, 'roles': []}}) AS InitiatedBy,
    '4' AS "Level",
    'Core Directory' AS LoggedByService,
    operation.name AS OperationName,
    '1.0' AS OperationVersion,
    'Microsoft.aadiam' AS Resource,
    'Microsoft.aadiam' AS ResourceGroup,
    '/tenants/' || getvariable('tenant') || '/providers/Microsoft.aadiam' AS ResourceId,
    CASE WHEN u(i, 'audit result') < 0.97 THEN 'success' ELSE 'failure' END AS Result,
    'None' AS ResultSignature,
    'Azure AD' AS SourceSystem,
    to_json([{'id': target.object_id, 'displayName': target.display_name, 'type': 'User', 'userPrincipalName': target.upn, 'modifiedProperties': [], 'administrativeUnits': []}]) AS TargetResources
FROM change
-- The administrators (every eighth person from the sixth on) change things; the others are changed.
JOIN people AS actor ON actor.number = 5 + 8 * between_(0, 4, i, 'actor')
JOIN people AS target ON target.number = between_(0, 39, i, 'target')
WHERE happens(i, moment)
