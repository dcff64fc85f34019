"""Reads a current table or a history into pandas by delta-rs, which needs neither Spark nor a JVM.

Trino is asked only where the table is. Its files are those of a Delta table, in which deletion vectors say which rows
of a file hold no more. ``scan`` leaves these out; ``to_pandas`` and ``to_pyarrow_table`` of delta-rs refuse such a table.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pandas as pd
import pyarrow as pa
import trino
from deltalake import DeltaTable

TABLE = "trusted.customers"


def location(target: dict[str, Any], table: str) -> str:
    """The folder of a table's files, a URI.

    :param target: the target's JSON; its ``trino`` is a JDBC address with the catalog, ``jdbc:trino://host:8080/lake``
    """
    address = urlparse(target["trino"].removeprefix("jdbc:"))
    connection = trino.dbapi.connect(
        host=address.hostname, port=address.port, user=target["trino_user"], catalog="delta"
    )
    try:
        cursor = connection.cursor()
        cursor.execute(f"SHOW CREATE TABLE delta.{target['prefix']}{table}")
        statement = str(cursor.fetchone()[0])
    finally:
        connection.close()
    found = re.search(r"location = '([^']+)'", statement)
    if found is None:
        raise LookupError(f"Trino does not say where {table} is:\n{statement}")
    return found[1]


def rows(table: DeltaTable, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of the version that was opened.

    :param columns: these alone; all without them
    """
    return pa.RecordBatchReader.from_stream(table.scan(columns=columns)).read_all().to_pandas()


def main() -> None:
    """Prints the rows as JSON, one a line, and about the files on standard error."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--target", type=Path, default=Path(".lake/target.json"), help="the target's JSON")
    parser.add_argument("--table", default=TABLE, help=f"a current table or a history; {TABLE} without it")
    parser.add_argument("--columns", type=lambda names: names.split(","), help="these alone, with commas between them")
    parser.add_argument("--version", type=int, help="of the Delta table's log; the last one without it")
    arguments = parser.parse_args()
    target = json.loads(arguments.target.read_text())

    table = DeltaTable(location(target, arguments.table), version=arguments.version)
    found = rows(table, arguments.columns)
    vectors = pa.RecordBatchReader.from_stream(table.deletion_vectors()).read_all().num_rows
    print(f"Version {table.version()}: {len(found)} rows, {vectors} files with deletion vectors", file=sys.stderr)
    sys.stdout.write(found.to_json(orient="records", lines=True, date_format="iso"))


if __name__ == "__main__":
    main()
