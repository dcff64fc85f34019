-- Insights: change since the date before
SELECT date, event_name, events, change
FROM gold.insights_trend
ORDER BY event_name, date
