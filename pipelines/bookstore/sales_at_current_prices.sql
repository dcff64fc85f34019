SELECT
  s.order_id,
  s.order_timestamp,
  s.book_id,
  b.title,
  b.author,
  s.quantity,
  s.price,
  b.price AS current_price,
  s.quantity * s.price AS amount,
  s.quantity * b.price AS current_amount
FROM trusted.books_sales s
JOIN trusted.books b ON b.book_id = s.book_id AND b."current"
