-- Lake and PostgreSQL: views by the team that owns a page (after ./lake up --only postgres)
SELECT o.owner, sum(p.views) AS views, sum(p.clicks) AS clicks
FROM lake.gold.clickstream_pages p
JOIN postgresql.public.pages o ON o.page = p.page
GROUP BY o.owner
ORDER BY views DESC
