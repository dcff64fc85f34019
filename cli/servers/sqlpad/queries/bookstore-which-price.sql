-- Bookstore: what sold books have brought, and what they would bring at the prices of now
SELECT author, sum(amount) AS earned, sum(current_amount) AS at_prices_of_now
FROM gold.sales_at_current_prices
GROUP BY author
ORDER BY earned DESC
