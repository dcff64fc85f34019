SELECT c.country, o.date AS order_date, count(*) AS orders_count, sum(o.quantity) AS books_count
FROM trusted.orders o
JOIN trusted.customers c ON c.customer_id = o.customer_id
GROUP BY c.country, o.date
