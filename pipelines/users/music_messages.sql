-- The declared schema. Version 2 has a device, version 1 has none; a version that is not declared goes to quarantine.
SELECT
  m.schema_version,
  m.event_id,
  m.user_id,
  m.artist,
  m.track,
  m.genre,
  m.duration_ms,
  m.device,
  try_cast(m.played_at AS TIMESTAMP) AS played_at,
  CASE WHEN value RLIKE '^\\s*[{]' THEN m.misfit ELSE value END AS misfit,
  partition,
  offset
FROM (
  SELECT
    *,
    from_json(
      value,
      'schema_version INT, event_id STRING, user_id BIGINT, artist STRING, track STRING, genre STRING, duration_ms BIGINT, device STRING, played_at STRING, misfit STRING',
      map('columnNameOfCorruptRecord', 'misfit')
    ) AS m
  FROM raw.music
)
