-- Copies of a message have its id. Of copies that differ, the same one stays on every run.
SELECT event_id, user_id, artist, track, genre, duration_ms, device, played_at
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY event_id ORDER BY to_json(struct(user_id, artist, track, genre, duration_ms, device, played_at))
    ) AS copy
  FROM trusted.music_messages
)
WHERE copy = 1
