SELECT
  value.transaction_no,
  value.sold_at,
  value.product_no,
  value.product_name,
  value.price,
  value.quantity,
  value.customer_no,
  value.country,
  partition,
  offset
FROM raw.shop_sales
