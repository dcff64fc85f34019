package dev.igarape.jobs.ops;

import dev.igarape.jobs.publish.PlatformTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Definitions of the tables in {@code ops}. */
final class OpsTables {
    private static final Map<String, String> BY_TABLE = columns("table_name string");

    /** One row per commit. {@code batch} groups commits, so that old ones are not rewritten. */
    static final PlatformTable COMMITS = new PlatformTable(
            "commits",
            "Every commit to every table, with where its rows have gone",
            columns(
                    "sequence bigint",
                    "commit_id string",
                    "run_id string",
                    "operation string",
                    "committed_at timestamp",
                    "definition_hash string",
                    "first_date date",
                    "last_date date",
                    "partitions int",
                    "files bigint",
                    "bytes bigint",
                    "read bigint",
                    "written bigint",
                    "quarantined bigint",
                    "dropped bigint",
                    "filtered bigint",
                    "duplicates bigint",
                    "late bigint",
                    "delta_version bigint"),
            columns("table_name string", "batch bigint"));

    /** One row per commit, date and expectation. */
    static final PlatformTable EXPECTATIONS = new PlatformTable(
            "expectations",
            "How many rows failed each expectation, in every build of every date",
            columns(
                    "sequence bigint",
                    "run_id string",
                    "committed_at timestamp",
                    "date date",
                    "expectation string",
                    "action string",
                    "failed bigint"),
            COMMITS.keys());

    /** One row per table and date, with its current state. */
    static final PlatformTable FRESHNESS = new PlatformTable(
            "freshness",
            "How each date of each table stands, as of the last run of the table or of one that it is built from",
            columns(
                    "date date",
                    "status string",
                    "sequence bigint",
                    "rows bigint",
                    "reasons string",
                    "intervals int",
                    "stale_intervals int"),
            BY_TABLE);

    /** One row per table and each of its last dates; all in one partition, named after the number of dates kept. */
    static final PlatformTable LAST_DATES = new PlatformTable(
            "last_dates",
            "How the last dates of each table stand: of ops.freshness what ./lake status shows",
            columns("table_name string", "date date", "status string", "stale_intervals int"),
            columns("kept int"));

    /** One row per run and table, for runs that have ended or died. */
    static final PlatformTable RUNS = new PlatformTable(
            "runs",
            "Every run of every table, also those that failed or died; date is the day on which it began, in UTC",
            columns(
                    "run_id string",
                    "dag string",
                    "dag_run_id string",
                    "table_name string",
                    "first_date date",
                    "last_date date",
                    "dates int",
                    "started_at timestamp",
                    "ended_at timestamp",
                    "outcome string",
                    "exit_code int",
                    "message string",
                    "warnings array<string>"),
            columns("date date"));

    private OpsTables() {}

    private static Map<String, String> columns(String... columns) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String column : List.of(columns)) {
            int blank = column.indexOf(' ');
            byName.put(column.substring(0, blank), column.substring(blank + 1));
        }
        return byName;
    }
}
