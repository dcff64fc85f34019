-- Shop: the best customers and their baskets
SELECT customer_no, baskets, amount, biggest_basket, round(products_a_basket, 1) AS products_a_basket, last_bought
FROM gold.shop_customers
ORDER BY amount DESC
LIMIT 10
