SELECT
  to_date(sold_at) AS sale_date,
  country,
  count(DISTINCT transaction_no) FILTER (WHERE quantity > 0) AS transactions,
  coalesce(sum(quantity) FILTER (WHERE quantity > 0), 0) AS units,
  CAST(coalesce(sum(amount) FILTER (WHERE quantity > 0), 0) AS DECIMAL(20, 2)) AS sold,
  CAST(coalesce(-sum(amount) FILTER (WHERE quantity < 0), 0) AS DECIMAL(20, 2)) AS returned,
  CAST(sum(amount) AS DECIMAL(20, 2)) AS revenue
FROM trusted.shop_sales
GROUP BY to_date(sold_at), country
