-- Insights: events by name
SELECT date, event_name, events
FROM gold.grouped_insights
ORDER BY date, event_name
