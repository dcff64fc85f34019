SELECT event_name, count(*) AS events
FROM trusted.%NAME%
GROUP BY event_name
