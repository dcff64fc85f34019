-- A body is one file: a JSON array of events. One that is not fails the build instead of losing rows.
SELECT
  e.username,
  e.page,
  e.event_name,
  CAST(e.event_time AS TIMESTAMP) AS event_time
FROM raw.landed_insights
LATERAL VIEW explode(from_json(
  body,
  'array<struct<username: string, page: string, event_name: string, event_time: string>>',
  map('mode', 'FAILFAST')
)) events AS e
