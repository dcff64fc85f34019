SELECT window_start, page, event_name, sum(events) AS events, count(DISTINCT username) AS users
FROM gold.clickstream_windows
WHERE date >= CAST(current_timestamp AT TIME ZONE 'UTC' AS DATE) - INTERVAL '1' DAY
  AND window_start >= CAST(current_timestamp AT TIME ZONE 'UTC' AS TIMESTAMP) - INTERVAL '5' MINUTE
GROUP BY window_start, page, event_name
