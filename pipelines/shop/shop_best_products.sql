SELECT
  product_no,
  max(product_name) AS product_name,
  sum(units_sold) AS units_sold,
  sum(units_returned) AS units_returned,
  sum(revenue) AS revenue
FROM gold.shop_products
GROUP BY product_no
