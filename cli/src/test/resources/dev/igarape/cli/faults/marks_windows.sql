SELECT producer, time_window.start AS started, count(*) AS marks
FROM (SELECT producer, window(at, '5 seconds') AS time_window FROM trusted.marks_live)
GROUP BY producer, time_window
