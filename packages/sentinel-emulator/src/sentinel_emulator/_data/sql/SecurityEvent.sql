WITH happening AS (
    SELECT i, s.name AS computer, s.vm_id, p.*,
        any_moment(i) AS moment,
        pick([4624, 4624, 4624, 4624, 4634, 4634, 4672, 4688, 4688, 4768, 4769, 5156, 4625], i, 'event') AS event
    FROM range(many(getvariable('days') * 480)) AS r(i)
    JOIN servers AS s ON s.number = between_(0, 7, i, 'server')
    JOIN people AS p ON p.number = between_(0, 39, i, 'person')
)
SELECT
    moment AS TimeGenerated,
    later(moment, 2.5) AS TimeCollected,
    'CONTOSO\' || account AS Account,
    account AS AccountName,
    'CONTOSO' AS AccountDomain,
    'User' AS AccountType,
    CASE event
        WHEN 4624 THEN '4624 - An account was successfully logged on.'
        WHEN 4625 THEN '4625 - An account failed to log on.'
        WHEN 4634 THEN '4634 - An account was logged off.'
        WHEN 4672 THEN '4672 - Special privileges assigned to new logon.'
        WHEN 4688 THEN '4688 - A new process has been created.'
        WHEN 4768 THEN '4768 - A Kerberos authentication ticket (TGT) was requested.'
        WHEN 4769 THEN '4769 - A Kerberos service ticket was requested.'
        ELSE '5156 - The Windows Filtering Platform has allowed a connection.'
    END AS Activity,
    CASE WHEN event = 4624 THEN 'Kerberos' WHEN event = 4625 THEN 'NTLM' ELSE '' END AS AuthenticationPackageName,
    'Security' AS Channel,
    CASE WHEN event = 4688 THEN pick(['C:\Windows\System32\svchost.exe -k netsvcs -p', '"C:\Program Files\Microsoft Monitoring Agent\Agent\MonitoringHost.exe" -Embedding', 'C:\Windows\System32\taskhostw.exe', 'gpupdate.exe /target:computer', 'C:\Windows\System32\wbem\wmiprvse.exe -Embedding'], i, 'command') ELSE '' END AS CommandLine,
    computer AS Computer,
    CAST(event AS INTEGER) AS EventID,
    guid(i, 'event origin') AS EventOriginId,
    'Microsoft-Windows-Security-Auditing' AS EventSourceName,
    CASE WHEN event IN (4624, 4625, 4768, 4769) THEN device_address ELSE '' END AS IpAddress,
    CASE WHEN event IN (4624, 4625) THEN CAST(between_(49152, 65535, i, 'port') AS VARCHAR) ELSE '' END AS IpPort,
    CASE WHEN event = 4625 THEN '%%2313' ELSE '' END AS FailureReason,
    '8' AS "Level",
    CASE WHEN event IN (4624, 4625) THEN CAST(pick([3, 3, 3, 10, 2], i, 'logon type') AS INTEGER) END AS LogonType,
    CASE WHEN event IN (4624, 4625) THEN CASE pick([3, 3, 3, 10, 2], i, 'logon type') WHEN 3 THEN '3 - Network' WHEN 10 THEN '10 - RemoteInteractive' ELSE '2 - Interactive' END ELSE '' END AS LogonTypeName,
    CASE WHEN event = 4688 THEN pick(['C:\Windows\System32\svchost.exe', 'C:\Windows\System32\taskhostw.exe', 'C:\Windows\System32\gpupdate.exe', 'C:\Windows\System32\wbem\WmiPrvSE.exe'], i, 'process') ELSE '' END AS NewProcessName,
    CASE WHEN event = 4688 THEN 'C:\Windows\System32\services.exe' ELSE '' END AS ParentProcessName,
    CASE WHEN event = 4688 THEN parse_filename(pick(['C:/Windows/System32/svchost.exe', 'C:/Windows/System32/taskhostw.exe', 'C:/Windows/System32/gpupdate.exe', 'C:/Windows/System32/wbem/WmiPrvSE.exe'], i, 'process')) ELSE '' END AS "Process",
    vm_id AS SourceComputerId,
    CASE WHEN event = 4625 THEN '0xc000006d' ELSE '' END AS Status,
    CASE WHEN event = 4625 THEN '0xc000006a' ELSE '' END AS SubStatus,
    CASE WHEN event = 4688 THEN 'CONTOSO\' || account ELSE '-\-' END AS SubjectAccount,
    CASE WHEN event = 4688 THEN account ELSE '-' END AS SubjectUserName,
    'CONTOSO\' || account AS TargetAccount,
    account AS TargetUserName,
    'CONTOSO' AS TargetDomainName,
    sid AS TargetUserSid,
    CASE WHEN event IN (4624, 4625) THEN upper(split_part(device, '.', 1)) ELSE '' END AS WorkstationName,
    'OpsManager' AS SourceSystem
FROM happening
