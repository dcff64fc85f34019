"""The Markdown that Airflow shows for a pipeline and its tables."""

from __future__ import annotations

from igarape.manifest import Pipeline, Table


def pipeline_docs(pipeline: Pipeline) -> str:
    """What the pipeline builds, from what, under which rules, and how to run it again."""
    tables = [
        f"| `{table.name}` | {_kind(table)} | {_inputs(table)} | {_rules(table)} | {table.retention}"
        f" | {_cell(table.description)} |"
        for table in pipeline.tables
    ]
    return "\n".join(
        [
            f"# {pipeline.name}",
            "",
            pipeline.description,
            "",
            f"Owner: **{_cell(pipeline.owner)}**. Schedule: `{pipeline.schedule}`, days of {pipeline.timezone.key},"
            f" from {pipeline.start_date} on.",
            "",
            "| table | kind | reads | expectations | kept | description |",
            "|---|---|---|---|---|---|",
            *tables,
            "",
            "## Run it again",
            "",
            "A scheduled run and a backfill build the day (or days) of their data interval. To build others, trigger"
            " the DAG with `date`, or with `from` and `to` (the day after the last one) for a range in one Spark"
            " application per table. Building a date again is safe: same input and definition, same rows.",
            "",
            "| to | from a shell |",
            "|---|---|",
            f"| build a date again | `./lake run {pipeline.name} --date 2024-01-31` |",
            f"| build a table and what is made from it | `./lake run '{pipeline.tables[0].name}+' --date 2024-01-31` |",
            f"| fill a range | `./lake backfill {pipeline.name} --from 2024-01-01 --to 2024-02-01` |",
            "",
            "| a task that | means | do |",
            "|---|---|---|",
            "| failed at once | a definition or schema is wrong, or an expectation failed: its log ends with the cause"
            " | mend the cause, then clear the task |",
            "| is up for retry | a server is down | bring it back; the task goes on by itself |",
            "| was skipped | there is no input for that date | nothing, unless there should be |",
            "",
            f"Whom to ask: **{_cell(pipeline.owner)}**.",
            "",
        ]
    )


def table_docs(table: Table) -> str:
    """One table: description, inputs, columns, expectations and SQL."""
    lines = [f"# {table.name}", "", table.description, "", f"Kind: {_kind(table)}. Reads: {_inputs(table)}.", ""]
    if table.columns:
        lines += [f"| {'column' if table.is_query else 'declared column'} | type |", "|---|---|"]
        lines += [f"| `{name}` | `{_cell(kind)}` |" for name, kind in table.columns.items()]
        lines += [""]
    if table.expectations:
        lines += ["| expectation | check | on failure |", "|---|---|---|"]
        lines += [f"| {rule.name} | `{_cell(rule.check)}` | {rule.on_fail} |" for rule in table.expectations]
        lines += [""]
    if table.sql:
        lines += ["```sql", table.sql.strip(), "```", ""]
    return "\n".join(lines)


def _kind(table: Table) -> str:
    return f"{table.kind} ({table.source})" if table.source else table.kind


def _inputs(table: Table) -> str:
    return ", ".join(f"`{read.table}`" for read in table.inputs) or "–"


def _rules(table: Table) -> str:
    return ", ".join(f"{rule.name} ({rule.on_fail})" for rule in table.expectations) or "–"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
