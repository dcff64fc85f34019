-- Shop: how many rows each quality rule has counted, by day and run
SELECT date, expectation, committed_at, failed
FROM ops.expectations
WHERE table_name = 'trusted.shop_events' AND failed > 0
ORDER BY date, expectation, committed_at
