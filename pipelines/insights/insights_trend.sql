SELECT
  date,
  event_name,
  events,
  events - lag(events) OVER (PARTITION BY event_name ORDER BY date) AS change
FROM gold.grouped_insights
