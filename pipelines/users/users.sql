SELECT
  user_id,
  user_uid,
  first_name,
  last_name,
  full_name,
  user_birth_date,
  gender,
  user_title,
  user_skill,
  city,
  country,
  ssn,
  source_system,
  event_time,
  is_active
FROM trusted.user_changes
