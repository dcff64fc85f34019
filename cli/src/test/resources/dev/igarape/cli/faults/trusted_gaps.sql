SELECT value.producer, value.sequence FROM raw.gaps WHERE date = {run_date}
