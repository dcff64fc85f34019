-- A product may have had several names; the last one in the alphabet stands on every run.
SELECT
  sale_date,
  product_no,
  max(product_name) AS product_name,
  coalesce(sum(quantity) FILTER (WHERE NOT is_return), 0) AS units_sold,
  coalesce(-sum(quantity) FILTER (WHERE is_return), 0) AS units_returned,
  CAST(sum(amount) AS DECIMAL(20, 2)) AS revenue
FROM trusted.retail_sales
GROUP BY sale_date, product_no
