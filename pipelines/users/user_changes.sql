-- Users are blocked, never deleted.
SELECT DISTINCT
  u.user_id,
  u.user_uid,
  u.first_name,
  u.last_name,
  u.full_name,
  u.user_birth_date,
  u.gender,
  u.user_title,
  u.user_skill,
  u.city,
  u.country,
  s.ssn,
  'mongo' AS source_system,
  u.event_time,
  coalesce(u.subscription_status <> 'Blocked', true) AS is_active
FROM trusted.user_records u
LEFT JOIN trusted.ssn s ON s.user_id = u.user_id
