"""Merges events into a Delta table: for each line of stdin, a folder of Parquet files, answers "done" once they are in.

If they can't be merged, it answers with the error, and ends.

Usage: delta_rs.py TABLE
"""

import sys

import pyarrow.parquet
from deltalake import DeltaTable, write_deltalake


def merge(table: str, events: pyarrow.Table) -> None:
    """Takes events that have no key twice; the first call makes the table, with a change feed."""
    if not DeltaTable.is_deltatable(table):
        write_deltalake(table, events, configuration={"delta.enableChangeDataFeed": "true"})
        return
    (
        DeltaTable(table)
        .merge(events, predicate="t.id = s.id", source_alias="s", target_alias="t")
        .when_matched_delete("s.updated > t.updated AND s.status = 'delete'")
        .when_matched_update_all("s.updated > t.updated")
        .when_not_matched_insert_all("s.status <> 'delete'")
        .execute()
    )


for line in sys.stdin:
    try:
        merge(sys.argv[1], pyarrow.parquet.read_table(line.strip()))
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        sys.exit(1)
    print("done", flush=True)
