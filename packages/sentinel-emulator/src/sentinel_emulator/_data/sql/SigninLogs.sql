WITH attempt AS (
    SELECT i, p.*,
        working_moment(i, (i // 480) % (getvariable('days') + 1), p.utc_offset) AS moment,
        CASE WHEN u(i, 'place') < 0.72 THEN p.site_address ELSE p.home_address END AS address,
        CASE
            WHEN u(i, 'result') < 0.930 THEN '0'
            WHEN u(i, 'result') < 0.960 THEN '50126'
            WHEN u(i, 'result') < 0.975 THEN '50140'
            WHEN u(i, 'result') < 0.990 THEN '50074'
            WHEN u(i, 'result') < 0.996 THEN '53003'
            ELSE '50055'
        END AS result,
        pick([
            {'name': 'Office 365 Exchange Online', 'id': '00000002-0000-0ff1-ce00-000000000000'},
            {'name': 'Office 365 SharePoint Online', 'id': '00000003-0000-0ff1-ce00-000000000000'},
            {'name': 'Microsoft Teams', 'id': '1fec8e78-bce4-4aaf-ab1b-5451cc387264'},
            {'name': 'Azure Portal', 'id': 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'},
            {'name': 'OfficeHome', 'id': '4765445b-32c6-49b0-83e6-1d93765276ca'}
        ], i, 'app') AS app,
        pick([
            {'client': 'Browser', 'os': 'Windows10', 'browser': 'Edge 141.0.0', 'agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0'},
            {'client': 'Browser', 'os': 'Windows10', 'browser': 'Edge 141.0.0', 'agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0'},
            {'client': 'Mobile Apps and Desktop clients', 'os': 'Windows10', 'browser': 'Rich Client 5.3.0', 'agent': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)'},
            {'client': 'Mobile Apps and Desktop clients', 'os': 'Ios 18.1', 'browser': 'Mobile Safari', 'agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15'}
        ], i, 'client') AS client
    FROM range(many(getvariable('days') * 480 + 480)) AS r(i) JOIN people AS p ON p.number = i % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS CreatedDateTime,
    getvariable('tenant') AS AADTenantId,
    upn AS AlternateSignInName,
    app.name AS AppDisplayName,
    app.id AS AppId,
    CASE WHEN u(i, 'mfa') < 0.4 THEN 'multiFactorAuthentication' ELSE 'singleFactorAuthentication' END AS AuthenticationRequirement,
    'SignInLogs' AS Category,
    client.client AS ClientAppUsed,
    CASE WHEN result = '53003' THEN 'failure' WHEN u(i, 'policy') < 0.5 THEN 'success' ELSE 'notApplied' END AS ConditionalAccessStatus,
    guid(i, 'correlation') AS CorrelationId,
    'none' AS CrossTenantAccessType,
    to_json({'deviceId': CASE WHEN client.os = 'Windows10' THEN device_id ELSE '' END, 'displayName': CASE WHEN client.os = 'Windows10' THEN device ELSE '' END, 'operatingSystem': client.os, 'browser': client.browser, 'isCompliant': client.os = 'Windows10', 'isManaged': client.os = 'Windows10', 'trustType': CASE WHEN client.os = 'Windows10' THEN 'Azure AD joined' ELSE '' END}) AS DeviceDetail,
    between_(80, 900, i, 'duration') AS DurationMs,
    false AS FlaggedForReview,
    getvariable('tenant') AS HomeTenantId,
    address AS IPAddress,
    guid(i, 'sign-in') AS Id,
    display_name AS "Identity",
    true AS IsInteractive,
    false AS IsRisky,
    '4' AS "Level",
    country AS Location,
    to_json({'city': city, 'state': state, 'countryOrRegion': country, 'geoCoordinates': {'latitude': latitude, 'longitude': longitude}}) AS LocationDetails,
    'Sign-in activity' AS OperationName,
    '1.0' AS OperationVersion,
    guid(i, 'request') AS OriginalRequestId,
    CAST(between_(60, 700, i, 'processing') AS VARCHAR) AS ProcessingTimeInMilliseconds,
    'Microsoft.aadiam' AS Resource,
    app.name AS ResourceDisplayName,
    'Microsoft.aadiam' AS ResourceGroup,
    '/tenants/' || getvariable('tenant') || '/providers/Microsoft.aadiam' AS ResourceId,
    app.id AS ResourceIdentity,
    getvariable('tenant') AS ResourceTenantId,
    CASE result
        WHEN '0' THEN ''
        WHEN '50126' THEN 'Invalid username or password or Invalid on-premise username or password.'
        WHEN '50140' THEN 'This occurred due to ''Keep me signed in'' interrupt when the user was signing-in.'
        WHEN '50074' THEN 'User did not pass the MFA challenge.'
        WHEN '53003' THEN 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.'
        ELSE 'The password is expired.'
    END AS ResultDescription,
    'None' AS ResultSignature,
    result AS ResultType,
    'none' AS RiskDetail,
    '[]' AS RiskEventTypes,
    '[]' AS RiskEventTypes_V2,
    'none' AS RiskLevelAggregated,
    'none' AS RiskLevelDuringSignIn,
    'none' AS RiskState,
    upn AS SignInIdentifier,
    to_json({'errorCode': CAST(result AS INTEGER), 'additionalDetails': CASE WHEN result = '0' AND u(i, 'mfa') < 0.4 THEN 'MFA requirement satisfied by claim in the token' ELSE '' END}) AS Status,
    'Azure AD' AS SourceSystem,
    'AzureAD' AS TokenIssuerType,
    guid(i, 'token') AS UniqueTokenIdentifier,
    client.agent AS UserAgent,
    display_name AS UserDisplayName,
    object_id AS UserId,
    upn AS UserPrincipalName,
    'Member' AS UserType
FROM attempt WHERE happens(i, moment)
