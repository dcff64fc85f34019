SELECT
  country,
  count(*) AS users,
  count_if(is_active) AS active,
  count(ssn) AS with_ssn
FROM trusted.users
GROUP BY country
