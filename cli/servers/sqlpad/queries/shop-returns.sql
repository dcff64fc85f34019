-- Shop: which products come back
SELECT product_no, product_name, units_returned, round(100 * return_rate, 1) AS percent_of_sold
FROM gold.shop_returns
ORDER BY percent_of_sold DESC
