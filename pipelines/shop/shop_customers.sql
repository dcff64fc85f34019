SELECT
  customer_no,
  count(*) AS baskets,
  sum(amount) AS amount,
  max(amount) AS biggest_basket,
  avg(CAST(products AS double)) AS products_a_basket,
  max(sale_date) AS last_bought
FROM gold.shop_baskets
WHERE customer_no <> 'unknown'
GROUP BY customer_no
