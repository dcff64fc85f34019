SELECT producer, sequence FROM trusted.marks
WHERE date = {run_date} AND java_method('java.lang.Thread', 'sleep', 2L) IS NOT NULL
