SELECT
  time_window.start AS window_start,
  date_format(time_window.start, 'yyyy-MM-dd') AS start_date,
  date_format(time_window.start, 'HH:mm:ss') AS start_time,
  event_name,
  page,
  username,
  count(*) AS events
FROM (
  SELECT event_name, page, username, window(event_time, '5 seconds') AS time_window
  FROM trusted.appclickstream
)
GROUP BY time_window, event_name, page, username
