SELECT b.book_id, b.title, b.author, b.price, b.updated
FROM (
  SELECT
    from_json(
      CAST(try_to_binary(CAST(value AS STRING), 'base64') AS STRING),
      'book_id STRING, title STRING, author STRING, price DECIMAL(10, 2), updated TIMESTAMP'
    ) AS b
  FROM raw.bookstore
  WHERE topic = 'books'
)
