SELECT
  sale_date,
  country,
  count(DISTINCT transaction_no) FILTER (WHERE NOT is_return) AS transactions,
  coalesce(sum(quantity) FILTER (WHERE NOT is_return), 0) AS units,
  CAST(coalesce(sum(amount) FILTER (WHERE NOT is_return), 0) AS DECIMAL(20, 2)) AS sold,
  CAST(coalesce(-sum(amount) FILTER (WHERE is_return), 0) AS DECIMAL(20, 2)) AS returned,
  CAST(sum(amount) AS DECIMAL(20, 2)) AS revenue
FROM trusted.retail_sales
GROUP BY sale_date, country
