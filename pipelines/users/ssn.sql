SELECT
  s.user_id,
  s.ssn,
  try_to_timestamp(regexp_extract(file, '_([0-9]{8}T[0-9]{6})[.]json$', 1), "yyyyMMdd'T'HHmmss") AS event_time
FROM (SELECT file, from_json(body, 'user_id BIGINT, ssn STRING') AS s FROM raw.ssn)
