-- Every flow that the firewall let pass or not: many rows of little worth, kept in a table of the organisation's own.
SELECT
    moment AS TimeGenerated,
    'fw-berlin' AS DeviceName,
    p.device_address AS SourceIP,
    '198.51.100.' || between_(100, 199, i, 'destination') AS DestinationIP,
    CAST(pick([443, 443, 443, 80, 53, 3389], i, 'port') AS INTEGER) AS DestinationPort,
    pick(['tcp', 'tcp', 'tcp', 'udp'], i, 'protocol') AS Protocol,
    pick(['allow', 'allow', 'allow', 'allow', 'deny'], i, 'action') AS "Action",
    between_(60, 40000, i, 'sent') AS SentBytes,
    between_(60, 900000, i, 'received') AS ReceivedBytes,
    round(60 * u(i, 'duration'), 3) AS Duration
FROM (SELECT i, any_moment(i) AS moment FROM range(many(getvariable('days') * 300)) AS r(i))
JOIN people AS p ON p.number = (i * 17) % 40
