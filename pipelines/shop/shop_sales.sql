-- Copies of a message have its transaction, product, time, price and quantity: a transaction may have two lines of a product.
-- Of copies that differ otherwise, the same one stays on every run. A sale without a customer or country is one all the same.
SELECT
  transaction_no,
  sold_at,
  product_no,
  product_name,
  price,
  quantity,
  coalesce(customer_no, 'unknown') AS customer_no,
  coalesce(country, 'Unspecified') AS country,
  CAST(price * quantity AS DECIMAL(20, 2)) AS amount
FROM (
  SELECT transaction_no, sold_at, product_no, product_name, price, quantity, customer_no, country
  FROM (
    SELECT
      *,
      row_number() OVER (
        PARTITION BY transaction_no, product_no, sold_at, price, quantity
        ORDER BY to_json(struct(product_name, customer_no, country))
      ) AS copy
    FROM trusted.shop_events
  )
  WHERE copy = 1
  UNION ALL
  SELECT transaction_no, sold_at, product_no, product_name, price, quantity, customer_no, country
  FROM trusted.shop_orders
  WHERE sold_at >= {run_date} AND sold_at < {next_date}
)
