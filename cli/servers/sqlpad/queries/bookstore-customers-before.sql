-- Bookstore: customers as they were in the table's first version
SELECT customer_id, first_name, city, country, row_status, row_time
FROM trusted.customers FOR VERSION AS OF 0
ORDER BY customer_id
