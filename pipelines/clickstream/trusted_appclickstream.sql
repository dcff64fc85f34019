SELECT
  value.username,
  value.page,
  value.event_name,
  value.event_time,
  topic,
  partition,
  offset
FROM raw.appclickstream
