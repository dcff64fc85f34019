package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestingDatabase;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.ProjectCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A real database, and a lake into which a pipeline lands its tables, each time a lake of its own. */
final class LandedDatabase {
    static final LocalDate DAY = LocalDate.parse("2024-01-15");
    /** What pipelines may name as {@code ${PASSWORD}}. */
    static final String PASSWORD = "s3cret";

    private static final TableName RAW = TableName.parse("raw.landed");
    private static final TableName BUILT = TableName.parse("trusted.built");

    private final LocalLake local;
    private final TestingDatabase database;
    private String timezone = "UTC";
    private String url;
    private int lakes;
    private Lake lake;

    LandedDatabase(LocalLake local, TestingDatabase database) {
        this.local = local;
        this.database = database;
        this.url = database.jdbcUrl();
    }

    /** The time zone of pipelines from now on. */
    void timezone(String name) {
        timezone = name;
    }

    /** The database of landings from now on. */
    void url(String jdbcUrl) {
        url = jdbcUrl;
    }

    void execute(String... statements) throws SQLException {
        database.execute(statements);
    }

    /**
     * Lands a date and reads it back.
     *
     * @param source the landing's keys but its URL, as YAML: {@code table: orders, by: at}
     * @param more further keys of the table, as {@code columns: {…}}; or empty
     */
    Dataset<Row> land(String source, String more) throws Exception {
        land(source, more, "SELECT 1 AS one");
        return local.spark().read().parquet(lake.target().folder(RAW) + "/" + path(RAW));
    }

    /** What this SQL over {@code raw.landed} builds from it. */
    Dataset<Row> built(String source, String more, String sql) throws Exception {
        Manifest manifest = land(source, more, sql);
        try (Publisher publisher = lake.publisher()) {
            new DailyBuild(lake, publisher, local::spark)
                    .run(manifest.table(BUILT).orElseThrow(), List.of(DAY), BuildOverrides.NOTHING);
        }
        return local.spark().read().parquet(lake.target().folder(BUILT) + "/" + path(BUILT));
    }

    /** The rows that the database has now, of the columns that are declared. */
    Dataset<Row> rows(String source, String more, KeyRange keys) throws Exception {
        Table table = open(source, more, "SELECT 1 AS one").table(RAW).orElseThrow();
        return new DatabaseRows(lake, table, jdbc(table), DAY).of(local.spark(), keys);
    }

    /** Why a database of this URL, in which no variable is, can't be compared. */
    RuntimeException failure(String literal) throws Exception {
        Table table = open("table: any", "columns: {id: string}", "SELECT 1 AS one")
                .table(RAW)
                .orElseThrow();
        Source.Jdbc source = new Source.Jdbc(literal, "", "", "any", Optional.empty(), Map.of());
        DatabaseRows rows = new DatabaseRows(lake, table, source, DAY);
        try {
            rows.of(local.spark(), new KeyRange("id", "string", Optional.empty(), Optional.empty()));
        } catch (SQLException e) {
            return rows.failure(e);
        }
        throw new AssertionError("it can be compared");
    }

    private Manifest land(String source, String more, String sql) throws Exception {
        Manifest manifest = open(source, more, sql);
        Table table = manifest.table(RAW).orElseThrow();
        try (Publisher publisher = lake.publisher()) {
            if (jdbc(table).drain()) {
                new OutboxLanding(lake, publisher, local::spark, table, jdbc(table)).run();
            } else {
                new JdbcLanding(lake, publisher, local::spark).run(table, jdbc(table), List.of(DAY), false);
            }
        }
        return manifest;
    }

    private Manifest open(String source, String more, String sql) throws IOException {
        Manifest manifest = compile(source, more, sql);
        Table table = manifest.table(RAW).orElseThrow();
        Map<String, String> variables = Map.of("DB", url, "PASSWORD", PASSWORD);
        Lake any = local.lake("l" + ++lakes + "_", variables, Step.Listener.NONE, table);
        lake = new Lake(manifest, any.target(), any.hadoop(), any.files(), any.clock(), any.runId(), any.steps());
        return manifest;
    }

    private static Source.Jdbc jdbc(Table table) {
        return (Source.Jdbc) ((LandingDefinition) table.definition()).source();
    }

    private Manifest compile(String source, String more, String sql) throws IOException {
        Path project = local.folder().resolve("project");
        Path pipeline = Files.createDirectories(project.resolve("pipelines/shop"));
        Files.writeString(pipeline.resolve("built.sql"), sql + " FROM raw.landed");
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
                pipeline: shop
                owner: tests
                schedule: "@daily"
                start_date: 2024-01-01
                timezone: %s
                tables:
                  raw.landed:
                    landing: {jdbc: {url: "${DB}", %s}}
                    %s
                  trusted.built:
                    daily: {sql: built.sql}
                """.formatted(timezone, source, more));
        return new ProjectCompiler(new SparkSqlParser()).compile(project).orThrow();
    }

    /** How many commits the last landing's table has. */
    long commits() throws IOException {
        return lake.ledger(RAW).read().head();
    }

    /** Hive type by column of the last landing's table. */
    Map<String, String> hiveColumns() throws Exception {
        Map<String, String> columns = new java.util.LinkedHashMap<>();
        for (FieldSchema field : local.metastore()
                .getTable("l" + lakes + "_raw", RAW.name())
                .getSd()
                .getCols()) {
            columns.put(field.getName(), field.getType());
        }
        return columns;
    }

    private String path(TableName table) throws IOException {
        return lake.ledger(table).read().partitionsOf(DAY).get(0).partition().path();
    }
}
