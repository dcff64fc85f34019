-- Clickstream: views, clicks and submits by page
SELECT page, sum(views) AS views, sum(clicks) AS clicks, sum(submits) AS submits
FROM gold.clickstream_pages
GROUP BY page
ORDER BY views DESC
