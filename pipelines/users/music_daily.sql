SELECT
  to_date(played_at) AS play_date,
  artist,
  count(*) AS plays,
  count(DISTINCT user_id) AS listeners,
  CAST(sum(duration_ms) DIV 60000 AS BIGINT) AS minutes
FROM trusted.music
GROUP BY to_date(played_at), artist
