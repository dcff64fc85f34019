-- Users: the domain table, with the last digits of the number alone (after ./lake demo users)
SELECT user_id, full_name, user_title, country, substr(ssn, -4) AS ssn_ends, source_system, event_time, is_active
FROM trusted.users
ORDER BY user_id
