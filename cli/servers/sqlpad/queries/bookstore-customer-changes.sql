-- Bookstore: what became of each customer, from the table's change feed
SELECT customer_id, first_name, city, country, _change_type, _commit_version, _commit_timestamp
FROM TABLE(delta.system.table_changes(schema_name => 'trusted', table_name => 'customers'))
ORDER BY customer_id, _commit_version, _change_type
