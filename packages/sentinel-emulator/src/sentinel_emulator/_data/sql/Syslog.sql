SELECT
    moment AS TimeGenerated,
    moment AS EventTime,
    s.name AS Computer,
    s.name AS HostName,
    s.address AS HostIP,
    line.facility AS Facility,
    line.process AS ProcessName,
    CAST(between_(300, 32000, i, 'pid') AS INTEGER) AS ProcessID,
    line.severity AS SeverityLevel,
    line.message || CASE line.process WHEN 'sshd' THEN ' from 10.10.0.50 port ' || between_(40000, 65000, i, 'port') || ' ssh2' ELSE '' END AS SyslogMessage,
    'Linux' AS SourceSystem
FROM (
    SELECT i, any_moment(i) AS moment, pick([
        {'facility': 'authpriv', 'process': 'sshd', 'severity': 'info', 'message': 'Accepted publickey for deploy'},
        {'facility': 'authpriv', 'process': 'sshd', 'severity': 'warning', 'message': 'Failed password for invalid user admin'},
        {'facility': 'authpriv', 'process': 'sudo', 'severity': 'notice', 'message': 'deploy : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx'},
        {'facility': 'cron', 'process': 'CRON', 'severity': 'info', 'message': '(root) CMD (run-parts /etc/cron.hourly)'},
        {'facility': 'daemon', 'process': 'systemd', 'severity': 'info', 'message': 'Started Daily apt download activities.'},
        {'facility': 'daemon', 'process': 'nginx', 'severity': 'err', 'message': 'upstream timed out while reading response header from upstream'}
    ], i, 'line') AS line
    FROM range(many(getvariable('days') * 160)) AS r(i)
) JOIN servers AS s ON s.number = 8 + i % 4
