-- Copies of a message have its transaction, product, timestamp, price and quantity: a transaction may have two lines of a
-- product. Of copies that differ otherwise, the same one stays on every run.
SELECT
  transaction_no,
  sale_date,
  sent_at AS sold_at,
  product_no,
  product_name,
  price,
  quantity,
  customer_no,
  country,
  quantity < 0 AS is_return,
  CAST(price * quantity AS DECIMAL(20, 2)) AS amount
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY transaction_no, product_no, sent_at, price, quantity
      ORDER BY to_json(struct(product_name, customer_no, country))
    ) AS copy
  FROM trusted.retail_messages
)
WHERE copy = 1
