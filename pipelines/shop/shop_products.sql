-- A product may have had several names; the last one in the alphabet stands on every run.
SELECT
  to_date(sold_at) AS sale_date,
  product_no,
  max(product_name) AS product_name,
  coalesce(sum(quantity) FILTER (WHERE quantity > 0), 0) AS units_sold,
  coalesce(-sum(quantity) FILTER (WHERE quantity < 0), 0) AS units_returned,
  CAST(sum(amount) AS DECIMAL(20, 2)) AS revenue
FROM trusted.shop_sales
GROUP BY to_date(sold_at), product_no
