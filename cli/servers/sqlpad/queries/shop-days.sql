-- Shop: revenue by day and country (after ./lake demo shop)
SELECT sale_date, country, transactions, units, sold, returned, revenue
FROM gold.shop_daily
ORDER BY sale_date, revenue DESC
