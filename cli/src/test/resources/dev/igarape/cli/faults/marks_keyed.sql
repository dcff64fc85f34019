SELECT value.producer, value.sequence % 8 AS lane, value.sequence, value.at
FROM raw.marks
WHERE value.at >= TIMESTAMP '2025-03-01 00:00:00Z' AND value.at < TIMESTAMP '2025-03-02 00:00:00Z'
