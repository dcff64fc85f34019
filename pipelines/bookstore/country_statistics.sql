SELECT country, to_date(order_timestamp) AS order_date, count(*) AS orders_count, sum(quantity) AS books_count
FROM trusted.customers_orders
GROUP BY country, to_date(order_timestamp)
