SELECT
  o.order_id,
  o.order_timestamp,
  o.customer_id,
  o.quantity,
  o.total,
  o.books,
  timestamp AS sent_at,
  topic,
  partition,
  offset
FROM (
  SELECT
    *,
    from_json(
      CAST(try_to_binary(CAST(value AS STRING), 'base64') AS STRING),
      'order_id STRING, order_timestamp TIMESTAMP, customer_id STRING, quantity BIGINT, total BIGINT, books ARRAY<STRUCT<book_id STRING, quantity BIGINT, subtotal BIGINT>>'
    ) AS o
  FROM raw.bookstore
  WHERE topic = 'orders'
)
