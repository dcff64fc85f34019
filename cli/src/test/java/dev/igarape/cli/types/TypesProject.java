package dev.igarape.cli.types;

import dev.igarape.cli.e2e.StackProject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Pipelines, in a zone that is not UTC, whose tables hold a row for each extreme value of each type of each source. */
final class TypesProject {
    static final List<TypedSource> SOURCES =
            List.of(AvroTypes.source(), PostgresTypes.source(), TextTypes.csv(), TextTypes.json());
    private static final String DAY = "2024-01-15";
    private static final String PIPELINE = "pipelines/types/pipeline.yaml";

    private final StackProject project;

    TypesProject(StackProject project) {
        this.project = project;
    }

    /** Fills the sources and builds all tables. */
    void build() throws Exception {
        project.write(PIPELINE, """
                pipeline: types
                owner: tests
                schedule: none
                start_date: 2024-01-01
                timezone: America/Sao_Paulo
                tables:
                  raw.avro_types:
                    landing: {kafka: {topics: [types]}}
                  raw.csv_types:
                    landing: {files: {path: "/landing/types/{date}/*.csv", format: csv}}
                  raw.json_types:
                    landing: {files: {path: "/landing/types/{date}/*.json", format: json}}
                  raw.postgresql_types:
                    landing: {jdbc: {url: "${SHOP_DB}", user: lake, password: "${SHOP_PASSWORD}", table: types}}
                """);
        for (TypedSource source : SOURCES) {
            append(source.builtTable(), source.builtSql());
            append(source.seenTable(), source.seenSql());
        }
        long noon = Instant.parse(DAY + "T12:00:00Z").toEpochMilli();
        project.send(
                "types",
                noon,
                AvroTypes.source().rows().stream().map(AvroTypes::value).toList());
        project.sql("DROP TABLE IF EXISTS types", PostgresTypes.table("types"));
        project.put("/landing/types/" + DAY + "/types.csv", TextTypes.csvFile().getBytes(StandardCharsets.UTF_8));
        project.put(
                "/landing/types/" + DAY + "/types.json", TextTypes.jsonFile().getBytes(StandardCharsets.UTF_8));
        project.call("run", "types", "--date", DAY).succeeded();
    }

    private void append(String table, String sql) throws IOException {
        String file = table.replace('.', '_') + ".sql";
        project.write("pipelines/types/" + file, sql + "\n");
        project.append(PIPELINE, "  " + table + ":\n    daily: {sql: " + file + "}\n");
    }
}
