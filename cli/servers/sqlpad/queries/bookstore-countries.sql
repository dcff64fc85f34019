-- Bookstore: orders and books by country and date (after ./lake demo bookstore)
SELECT country, order_date, orders_count, books_count
FROM gold.country_statistics
ORDER BY order_date, orders_count DESC
