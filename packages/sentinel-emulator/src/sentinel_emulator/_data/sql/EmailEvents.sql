WITH mail AS (
    SELECT i, p.*, working_moment(i, (i // 160) % (getvariable('days') + 1), p.utc_offset) AS moment,
        pick([
            {'from': 'orders', 'domain': 'fabrikam.com', 'address': '198.51.100.140'},
            {'from': 'news', 'domain': 'northwind.example', 'address': '198.51.100.150'},
            {'from': 'billing', 'domain': 'tailspin.example', 'address': '198.51.100.160'},
            {'from': 'promo', 'domain': 'spam.example', 'address': '203.0.113.5'}
        ], i, 'sender') AS sender,
        pick(['Your order', 'Meeting notes', 'Invoice attached', 'Offer of the week', 'Change of plan'], i, 'subject') AS subject
    FROM range(many(getvariable('days') * 160 + 160)) AS r(i) JOIN people AS p ON p.number = (i * 23) % 40
)
SELECT
    moment AS TimeGenerated,
    moment AS "Timestamp",
    CAST(CASE WHEN subject = 'Invoice attached' THEN 1 ELSE 0 END AS INTEGER) AS AttachmentCount,
    CASE WHEN sender.domain = 'spam.example' THEN 'Junked' ELSE 'Delivered' END AS DeliveryAction,
    CASE WHEN sender.domain = 'spam.example' THEN 'Junk folder' ELSE 'Inbox/folder' END AS DeliveryLocation,
    'Inbound' AS EmailDirection,
    'en' AS EmailLanguage,
    '<' || guid(i, 'message') || '@' || sender.domain || '>' AS InternetMessageId,
    guid(i, 'network message') AS NetworkMessageId,
    upn AS RecipientEmailAddress,
    object_id AS RecipientObjectId,
    guid(i, 'network message') || '-1' AS ReportId,
    sender.from || '@' || sender.domain AS SenderFromAddress,
    sender.domain AS SenderFromDomain,
    sender.address AS SenderIPv4,
    sender.from || '@' || sender.domain AS SenderMailFromAddress,
    sender.domain AS SenderMailFromDomain,
    subject AS Subject,
    CASE WHEN sender.domain = 'spam.example' THEN 'Spam' ELSE '' END AS ThreatTypes,
    CAST(between_(0, 4, i, 'urls') AS INTEGER) AS UrlCount
FROM mail WHERE happens(i, moment)
