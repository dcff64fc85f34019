SELECT producer, sequence FROM trusted.marks
-- About a millisecond for each row.
WHERE date = {run_date}
  AND aggregate(sequence(1, 20000), marks.sequence, (sum, i) -> (sum * 31 + i) % 1000003) >= 0
