WITH act AS (
    SELECT i, p.*,
        working_moment(i, (i // 320) % (getvariable('days') + 1), p.utc_offset) AS moment,
        CASE WHEN u(i, 'place') < 0.75 THEN p.site_address ELSE p.home_address END AS address,
        pick([
            {'workload': 'SharePoint', 'record': 'SharePointFileOperation', 'name': 'FileAccessed'},
            {'workload': 'SharePoint', 'record': 'SharePointFileOperation', 'name': 'FileAccessed'},
            {'workload': 'SharePoint', 'record': 'SharePointFileOperation', 'name': 'FileModified'},
            {'workload': 'OneDrive', 'record': 'SharePointFileOperation', 'name': 'FileDownloaded'},
            {'workload': 'OneDrive', 'record': 'SharePointFileOperation', 'name': 'FileUploaded'},
            {'workload': 'Exchange', 'record': 'ExchangeItem', 'name': 'Send'},
            {'workload': 'Exchange', 'record': 'ExchangeItemAggregated', 'name': 'MailItemsAccessed'},
            {'workload': 'MicrosoftTeams', 'record': 'MicrosoftTeams', 'name': 'MessageSent'}
        ], i, 'office operation') AS act,
        pick(['Budget', 'Forecast', 'Offer', 'Minutes', 'Roadmap', 'Contract', 'Invoice', 'Plan'], i, 'file') || ' ' || between_(1, 60, i, 'file number') AS title
    FROM range(many(getvariable('days') * 320 + 320)) AS r(i) JOIN people AS p ON p.number = (i * 7) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS Start_Time,
    act.name AS Operation,
    act.workload AS OfficeWorkload,
    act.record AS RecordType,
    guid(i, 'office') AS SourceRecordId,
    guid(i, 'office') AS OfficeId,
    getvariable('tenant') AS OrganizationId,
    getvariable('tenant') AS OfficeTenantId,
    upn AS UserId,
    object_id AS UserKey,
    'Regular' AS UserType,
    address AS ClientIP,
    address AS Client_IPAddress,
    CASE WHEN act.workload = 'Exchange' THEN 'Succeeded' ELSE '' END AS ResultStatus,
    CASE WHEN act.workload = 'Exchange' THEN upn ELSE '' END AS MailboxOwnerUPN,
    CASE WHEN act.workload = 'Exchange' THEN 'Owner' ELSE '' END AS Logon_Type,
    CASE WHEN act.workload = 'Exchange' THEN 'Client=OutlookService;Outlook-iOS/2.0' ELSE '' END AS ClientInfoString,
    CASE WHEN act.workload IN ('SharePoint', 'OneDrive') THEN 'SharePoint' ELSE '' END AS EventSource,
    CASE WHEN act.workload IN ('SharePoint', 'OneDrive') THEN 'File' ELSE '' END AS ItemType,
    CASE act.workload WHEN 'SharePoint' THEN 'https://contoso.sharepoint.com/sites/' || replace(department, ' ', '') || '/' WHEN 'OneDrive' THEN 'https://contoso-my.sharepoint.com/personal/' || replace(account, '.', '_') || '_contoso_com/' ELSE '' END AS Site_Url,
    CASE WHEN act.workload IN ('SharePoint', 'OneDrive') THEN title || '.xlsx' ELSE '' END AS SourceFileName,
    CASE WHEN act.workload IN ('SharePoint', 'OneDrive') THEN 'xlsx' ELSE '' END AS SourceFileExtension,
    CASE WHEN act.workload IN ('SharePoint', 'OneDrive') THEN 'Shared Documents/' || department ELSE '' END AS SourceRelativeUrl,
    CASE WHEN act.workload IN ('SharePoint', 'OneDrive') THEN 'https://contoso.sharepoint.com/sites/' || replace(department, ' ', '') || '/Shared Documents/' || title || '.xlsx' ELSE upn END AS OfficeObjectId,
    CASE WHEN act.workload = 'MicrosoftTeams' THEN department ELSE '' END AS TeamName,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0' AS UserAgent,
    'OfficeActivityManager' AS SourceSystem
FROM act WHERE happens(i, moment)
