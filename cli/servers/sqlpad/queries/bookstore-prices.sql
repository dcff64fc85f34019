-- Bookstore: what each book has cost, and when
SELECT book_id, title, price, effective_date, end_date, "current"
FROM trusted.books
ORDER BY book_id, effective_date
