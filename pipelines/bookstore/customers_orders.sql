SELECT o.order_id, o.order_timestamp, o.customer_id, c.first_name, c.last_name, c.city, c.country, o.quantity, o.total
FROM trusted.orders o
JOIN trusted.customers c ON c.customer_id = o.customer_id
