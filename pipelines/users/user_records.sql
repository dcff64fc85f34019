-- A body is one record. One that does not fit the declared columns is in misfit, whole. The name of a file ends with the time
-- at which it was delivered, users_20240501T090000.json: the clock of a run has no part in the rows. A date is declared as text,
-- since from_json fails on one that is none, such as February 30.
SELECT
  u.id AS user_id,
  u.uid AS user_uid,
  u.first_name,
  u.last_name,
  concat_ws(' ', u.first_name, u.last_name) AS full_name,
  try_cast(u.date_of_birth AS DATE) AS user_birth_date,
  u.gender,
  u.employment.title AS user_title,
  u.employment.key_skill AS user_skill,
  u.address.city,
  u.address.country,
  u.subscription.status AS subscription_status,
  try_to_timestamp(regexp_extract(file, '_([0-9]{8}T[0-9]{6})[.]json$', 1), "yyyyMMdd'T'HHmmss") AS event_time,
  CASE
    WHEN body NOT RLIKE '^\\s*[{]' OR (u.date_of_birth IS NOT NULL AND try_cast(u.date_of_birth AS DATE) IS NULL) THEN body
    ELSE u.misfit
  END AS misfit,
  file,
  line
FROM (
  SELECT
    *,
    from_json(
      body,
      'id BIGINT, uid STRING, first_name STRING, last_name STRING, date_of_birth STRING, gender STRING, employment STRUCT<title: STRING, key_skill: STRING>, address STRUCT<city: STRING, country: STRING>, subscription STRUCT<plan: STRING, status: STRING>, misfit STRING',
      map('columnNameOfCorruptRecord', 'misfit')
    ) AS u
  FROM raw.users
)
