-- Which dates a table has
SELECT *
FROM trusted."insights$partitions"
ORDER BY date DESC
