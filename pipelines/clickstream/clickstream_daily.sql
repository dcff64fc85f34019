SELECT
  page,
  event_name,
  count(*) AS events,
  count(DISTINCT username) AS users
FROM trusted.appclickstream
GROUP BY page, event_name
