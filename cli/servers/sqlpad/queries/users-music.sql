-- Users: what each country listens to
SELECT u.country, m.artist, count(*) AS plays
FROM trusted.music m
JOIN trusted.users u ON u.user_id = m.user_id
GROUP BY u.country, m.artist
ORDER BY u.country, plays DESC
