SELECT book_id, title, author, price, effective_date AS since
FROM trusted.books
WHERE "current"
