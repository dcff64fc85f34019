-- The columns that the shop declares. A message that does not fit them is in misfit, whole; an array or a bare value is none,
-- either. CustomerNo is a number with a fraction, 17490.0, since the shop's column has nulls. Price is declared a double, since
-- Spark reads the text "21,47" as the decimal 2147.
SELECT
  s.TransactionNo AS transaction_no,
  make_date(
    try_cast(split_part(s.Date, '/', 3) AS INT),
    try_cast(split_part(s.Date, '/', 1) AS INT),
    try_cast(split_part(s.Date, '/', 2) AS INT)
  ) AS sale_date,
  s.ProductNo AS product_no,
  s.ProductName AS product_name,
  CAST(s.Price AS DECIMAL(10, 2)) AS price,
  s.Quantity AS quantity,
  CAST(CAST(s.CustomerNo AS BIGINT) AS STRING) AS customer_no,
  s.Country AS country,
  CASE WHEN value RLIKE '^\\s*[{]' THEN s.misfit ELSE value END AS misfit,
  timestamp AS sent_at,
  topic,
  partition,
  offset
FROM (
  SELECT
    *,
    from_json(
      value,
      'TransactionNo STRING, Date STRING, ProductNo STRING, ProductName STRING, Price DOUBLE, Quantity INT, CustomerNo DOUBLE, Country STRING, misfit STRING',
      map('columnNameOfCorruptRecord', 'misfit')
    ) AS s
  FROM raw.retail_sales
)
