SELECT producer, time_window.start AS started, count(*) AS events
FROM (SELECT producer, window(at, '5 seconds') AS time_window FROM trusted.events)
GROUP BY producer, time_window
