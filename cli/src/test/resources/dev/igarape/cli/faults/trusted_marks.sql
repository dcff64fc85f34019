SELECT value.producer, value.sequence, value.at FROM raw.marks WHERE date = {run_date}
