-- Kafka: the newest messages, before any landing
SELECT _timestamp, _partition_id, _partition_offset, username, page, event_name
FROM kafka.default.appclickstream
ORDER BY _timestamp DESC
LIMIT 20
