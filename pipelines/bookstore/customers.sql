SELECT
  c.customer_id,
  c.email,
  c.first_name,
  c.last_name,
  c.gender,
  c.street,
  c.city,
  c.country_code,
  map(
    'AR', 'Argentina',
    'BR', 'Brazil',
    'DE', 'Germany',
    'FR', 'France',
    'JP', 'Japan',
    'PT', 'Portugal',
    'US', 'United States'
  )[c.country_code] AS country,
  c.row_status,
  c.row_time
FROM (
  SELECT
    from_json(
      CAST(try_to_binary(CAST(value AS STRING), 'base64') AS STRING),
      'customer_id STRING, email STRING, first_name STRING, last_name STRING, gender STRING, street STRING, city STRING, country_code STRING, row_status STRING, row_time TIMESTAMP'
    ) AS c
  FROM raw.bookstore
  WHERE topic = 'customers'
)
