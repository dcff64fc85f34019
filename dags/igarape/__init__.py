"""Airflow over the manifest of a project: one DAG for each pipeline, one task for each table."""
