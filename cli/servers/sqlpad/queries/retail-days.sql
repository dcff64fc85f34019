-- Retail: revenue by date and country (after ./lake demo retail)
SELECT sale_date, country, transactions, units, sold, returned, revenue
FROM gold.retail_daily
ORDER BY sale_date, revenue DESC
