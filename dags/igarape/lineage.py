"""What OpenLineage is told of a table: the Hive tables that its task reads and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from igarape.manifest import Pipeline, Table
from igarape.target import Target

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage


def table_lineage(pipeline: Pipeline, table: Table, target: Target, rows: int | None) -> OperatorLineage[Any, Any]:
    """Inputs and output under the names that OpenLineage gives Hive tables, so that other tools' events join.

    :param rows: how many were written; None before the end
    """
    # Loading these takes a second, and only a server that collects events needs them.
    from airflow.providers.openlineage.extractors import OperatorLineage  # noqa: PLC0415
    from openlineage.client.event_v2 import InputDataset, OutputDataset  # noqa: PLC0415
    from openlineage.client.facet_v2 import (  # noqa: PLC0415
        documentation_job,
        output_statistics_output_dataset,
        ownership_job,
        schema_dataset,
        sql_job,
    )

    facets: dict[str, Any] = {}
    # A landing declares some of its columns at most.
    if table.columns and table.is_query:
        fields = [schema_dataset.SchemaDatasetFacetFields(name, kind) for name, kind in table.columns.items()]
        facets["schema"] = schema_dataset.SchemaDatasetFacet(fields)
    statistics: dict[str, Any] = {}
    if rows is not None:
        statistics["outputStatistics"] = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            rowCount=rows
        )
    job: dict[str, Any] = {
        "ownership": ownership_job.OwnershipJobFacet(owners=[ownership_job.Owner(pipeline.owner)]),
        "documentation": documentation_job.DocumentationJobFacet(table.description),
    }
    if table.sql:
        job["sql"] = sql_job.SQLJobFacet(table.sql)
    return OperatorLineage(
        inputs=[InputDataset(target.hive, target.table(read.table)) for read in table.inputs],
        outputs=[OutputDataset(target.hive, target.table(table.name), facets=facets, outputFacets=statistics)],
        job_facets=job,
    )
