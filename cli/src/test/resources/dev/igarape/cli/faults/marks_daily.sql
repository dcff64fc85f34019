SELECT producer, count(*) AS marks FROM trusted.marks WHERE date = {run_date} GROUP BY producer
