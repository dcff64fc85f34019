-- Copies of an order have its id and time, which is that of the message. Of copies that differ, the same one stays on every
-- run.
SELECT order_id, sent_at AS order_timestamp, customer_id, quantity, total, books
FROM (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY order_id, sent_at ORDER BY to_json(struct(customer_id, quantity, total, books))
    ) AS copy
  FROM trusted.order_events
)
WHERE copy = 1
