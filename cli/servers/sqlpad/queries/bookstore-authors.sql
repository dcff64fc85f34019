-- Bookstore: the busiest five minutes of each author
SELECT author, window_start, orders_count, avg_quantity
FROM (
  SELECT *, row_number() OVER (PARTITION BY author ORDER BY orders_count DESC, window_start) AS place
  FROM gold.author_statistics
)
WHERE place = 1
ORDER BY orders_count DESC, author
