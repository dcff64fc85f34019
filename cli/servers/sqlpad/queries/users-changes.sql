-- Users: what became of each, from the table's change feed
SELECT user_id, full_name, user_title, country, is_active, _change_type, _commit_version
FROM TABLE(delta.system.table_changes(schema_name => 'trusted', table_name => 'users'))
ORDER BY user_id, _commit_version, _change_type
