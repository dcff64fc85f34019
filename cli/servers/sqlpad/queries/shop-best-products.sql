-- Shop: what sells best
SELECT product_no, product_name, units_sold, units_returned, revenue
FROM gold.shop_best_products
ORDER BY revenue DESC
LIMIT 10
