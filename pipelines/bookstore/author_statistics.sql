SELECT
  date_trunc('hour', o.order_timestamp) + INTERVAL '5' MINUTE * (minute(o.order_timestamp) / 5) AS window_start,
  b.author,
  count(DISTINCT o.order_id) AS orders_count,
  avg(line.quantity) AS avg_quantity
FROM trusted.orders o
CROSS JOIN UNNEST(o.books) AS line (book_id, quantity, subtotal)
JOIN trusted.books b ON b.book_id = line.book_id AND b."current"
GROUP BY 1, 2
