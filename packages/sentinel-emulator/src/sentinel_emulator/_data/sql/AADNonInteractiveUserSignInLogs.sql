WITH refresh AS (
    SELECT i, p.*,
        working_moment(i, (i // 240) % (getvariable('days') + 1), p.utc_offset) AS moment,
        CASE WHEN u(i, 'place') < 0.7 THEN p.site_address ELSE p.home_address END AS address,
        pick(['Microsoft Teams', 'Office 365 Exchange Online', 'Microsoft Authentication Broker', 'OneDrive SyncEngine'], i, 'app') AS app
    FROM range(many(getvariable('days') * 240 + 240)) AS r(i) JOIN people AS p ON p.number = (i * 13) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS CreatedDateTime,
    app AS AppDisplayName,
    guid(app, 'application') AS AppId,
    'singleFactorAuthentication' AS AuthenticationRequirement,
    'NonInteractiveUserSignInLogs' AS Category,
    'Mobile Apps and Desktop clients' AS ClientAppUsed,
    'notApplied' AS ConditionalAccessStatus,
    guid(i, 'refresh') AS CorrelationId,
    address AS IPAddress,
    guid(i, 'refresh id') AS Id,
    display_name AS "Identity",
    false AS IsInteractive,
    false AS IsRisky,
    country AS Location,
    'Sign-in activity' AS OperationName,
    'Windows Azure Active Directory' AS ResourceDisplayName,
    CASE WHEN u(i, 'result') < 0.98 THEN '0' ELSE '70043' END AS ResultType,
    CASE WHEN u(i, 'result') < 0.98 THEN '' ELSE 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.' END AS ResultDescription,
    'none' AS RiskLevelAggregated,
    'none' AS RiskState,
    guid(i, 'refresh token') AS UniqueTokenIdentifier,
    display_name AS UserDisplayName,
    object_id AS UserId,
    upn AS UserPrincipalName,
    'Member' AS UserType,
    'Azure AD' AS SourceSystem
FROM refresh WHERE happens(i, moment)
