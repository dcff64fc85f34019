SELECT event_name, count(*) AS events
FROM trusted.insights
GROUP BY event_name
