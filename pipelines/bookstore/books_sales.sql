-- The version of a book that held when it was ordered. A validity is from effective_date until before end_date.
SELECT
  o.order_id,
  o.order_timestamp,
  o.customer_id,
  o.line.book_id,
  b.title,
  b.author,
  b.price,
  o.line.quantity,
  o.line.subtotal
FROM (SELECT order_id, order_timestamp, customer_id, explode(books) AS line FROM trusted.orders) o
JOIN trusted.books b
  ON b.book_id = o.line.book_id
  AND o.order_timestamp >= b.effective_date
  AND (b.end_date IS NULL OR o.order_timestamp < b.end_date)
