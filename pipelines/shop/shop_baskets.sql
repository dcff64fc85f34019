SELECT
  to_date(sold_at) AS sale_date,
  transaction_no,
  customer_no,
  country,
  count(DISTINCT product_no) AS products,
  sum(quantity) AS units,
  CAST(sum(amount) AS DECIMAL(20, 2)) AS amount
FROM trusted.shop_sales
WHERE quantity > 0
GROUP BY to_date(sold_at), transaction_no, customer_no, country
