WITH act AS (
    SELECT i, p.*, working_moment(i, (i // 200) % (getvariable('days') + 1), p.utc_offset) AS moment,
        pick(['Budget', 'Offer', 'Minutes', 'Roadmap', 'Contract', 'Plan'], i, 'file') || ' ' || between_(1, 60, i, 'file number') AS title,
        pick(['FileCreated', 'FileModified', 'FileModified', 'FileRenamed', 'FileDeleted'], i, 'action') AS act
    FROM range(many(getvariable('days') * 200 + 200)) AS r(i) JOIN people AS p ON p.number = (i * 19) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS "Timestamp",
    act AS ActionType,
    device_id AS DeviceId,
    device AS DeviceName,
    title || '.docx' AS FileName,
    between_(8000, 900000, i, 'size') AS FileSize,
    'C:\Users\' || account || '\Documents\' || title || '.docx' AS FolderPath,
    account AS InitiatingProcessAccountName,
    upn AS InitiatingProcessAccountUpn,
    '"WINWORD.EXE" /n' AS InitiatingProcessCommandLine,
    'winword.exe' AS InitiatingProcessFileName,
    between_(1000, 20000, i, 'pid') AS InitiatingProcessId,
    sha256(title) AS SHA256,
    i AS ReportId
FROM act WHERE happens(i, moment)
