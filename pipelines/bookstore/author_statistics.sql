SELECT
  time_window.start AS window_start,
  author,
  count(DISTINCT order_id, order_timestamp) AS orders_count,
  avg(quantity) AS avg_quantity
FROM (SELECT window(order_timestamp, '5 minutes') AS time_window, author, order_id, order_timestamp, quantity FROM trusted.books_sales)
GROUP BY time_window, author
