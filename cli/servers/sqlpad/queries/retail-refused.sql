-- Retail: messages that are no sales, and why
SELECT rule, reason, count(*) AS messages
FROM quarantine.trusted_retail_messages
GROUP BY rule, reason
ORDER BY messages DESC
