-- Clickstream: the message that a row came from
SELECT t.date, t.username, t.page, r.topic, r.partition, r."offset", r.schema_id
FROM trusted.appclickstream t
JOIN raw.appclickstream r ON r.partition = t.partition AND r."offset" = t."offset"
ORDER BY r.partition, r."offset"
LIMIT 20
