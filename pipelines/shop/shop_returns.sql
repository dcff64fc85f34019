SELECT
  product_no,
  max(product_name) AS product_name,
  sum(units_returned) AS units_returned,
  CAST(sum(units_returned) AS double) / nullif(sum(units_sold), 0) AS return_rate
FROM gold.shop_products
GROUP BY product_no
HAVING sum(units_returned) > 0
