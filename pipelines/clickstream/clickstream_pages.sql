SELECT
  date,
  page,
  sum(CASE WHEN event_name = 'view' THEN events ELSE 0 END) AS views,
  sum(CASE WHEN event_name = 'click' THEN events ELSE 0 END) AS clicks,
  sum(CASE WHEN event_name = 'submit' THEN events ELSE 0 END) AS submits
FROM gold.clickstream_daily
GROUP BY date, page
