package dev.igarape.jobs.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.model.Json;
import dev.igarape.model.ManifestFile;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.targets.Target;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the jar prints, run as a program of its own with the logging that the local stack gives it. */
@Timeout(600)
final class FailuresTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void project() throws IOException {
        write("project/pipelines/shop/pipeline.yaml", """
                pipeline: shop
                owner: tests
                schedule: "@daily"
                start_date: 2024-01-01
                timezone: UTC
                tables:
                  raw.orders:
                    landing: {files: {path: "/in/{date}/*.csv", format: csv}}
                  trusted.orders:
                    daily: {sql: orders.sql}
                """);
        write("project/pipelines/shop/orders.sql", """
                SELECT row['id'] AS id,
                  to_date(row['day'], 'yyyy-MM-dd') AS day
                FROM raw.orders
                """);
        write("in/2024-01-01/orders.csv", "id,day\n1,2024-01-01\n2,2024-1-5\n");
        ManifestFile.write(
                new ProjectCompiler(new SparkSqlParser())
                        .compile(folder.resolve("project"))
                        .orThrow(),
                folder.resolve("manifest.json"));
        Target target = new Target(
                "test", "", "file://" + folder, "/lake", "", Map.of(), Map.of(), "", "", Map.of(), Optional.empty());
        write("target.json", Json.mapper().writeValueAsString(target));
        write(
                "log4j2.properties",
                Files.readString(Path.of("..", "cli/servers/spark/log4j2.properties"))
                        .replace("${LOG_DIR}", folder.toString()));
    }

    /** Spark's traces filled pages before the message, and advised settings of Spark (SPARK-31404 and its like). */
    @Test
    void aRowThatTheQueryCannotWorkOnIsToldInOneMessage() throws Exception {
        Ended run = run("run", "--tables", "raw.orders,trusted.orders", "--date", "2024-01-01");
        assertThat(run.status()).as(run.errors()).isEqualTo(3);
        List<String> errors =
                run.errors().lines().filter(l -> l.startsWith("error:")).toList();
        assertThat(errors)
                .singleElement()
                .asString()
                .matches(
                        "error: The query of trusted\\.orders failed on 2024-01-01: '2024-1-5' does not follow the pattern"
                                + " that it is read by; line 3 of \\S+/in/2024-01-01/orders\\.csv has it\\. Nothing was committed;"
                                + " readers keep the version that they have\\. Write the pattern as the values are, e\\.g\\. yyyy-M-d"
                                + " where months and days may have one digit, or leave such rows out in WHERE, then run again\\.");
        assertThat(run.errors().lines())
                .as(run.errors())
                .noneMatch(line -> line.startsWith("\tat ") || line.startsWith("Caused by"))
                .noneMatch(line -> line.matches(".*(spark\\.sql|SQLSTATE|TaskSetManager|\\[INCONSISTENT).*"));
        assertThat(Files.readString(folder.resolve("jobs.log"))).contains("\\tat org.apache.spark");
        assertThat(run.output().lines()).hasSize(1).first().asString().contains("\"table\":\"raw.orders\"");

        Ended debugged = run("run", "--tables", "trusted.orders", "--date", "2024-01-01", "--debug");
        assertThat(debugged.status()).isEqualTo(3);
        assertThat(debugged.errors()).contains("error: The query of trusted.orders", "\tat org.apache.spark");
    }

    /** Such as a timeout below the interval at which it is looked at. The SQL is not at fault, and nobody is told to mend it. */
    @Test
    void aSettingThatSparkRefusesIsNamed() throws Exception {
        Ended run = run(
                Map.of("spark.network.timeout", "40s"),
                "run",
                "--tables",
                "raw.orders,trusted.orders",
                "--date",
                "2024-01-01");
        assertThat(run.status()).as(run.errors()).isEqualTo(2);
        assertThat(run.errors())
                .contains("error: Spark does not start with its settings: ", "spark.network.timeoutInterval")
                .doesNotContain("SQL");
    }

    /**
     * A program that has ended.
     *
     * @param output what it wrote on standard output
     */
    private record Ended(int status, String output, String errors) {}

    private Ended run(String... words) throws IOException, InterruptedException {
        return run(Map.of(), words);
    }

    private Ended run(Map<String, String> settings, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
                .toList());
        Map<String, String> properties = new HashMap<>(settings);
        properties.putAll(Map.of(
                "log4j2.configurationFile",
                        folder.resolve("log4j2.properties").toUri().toString(),
                "spark.master", "local[2]",
                "spark.ui.enabled", "false",
                "spark.driver.host", "127.0.0.1",
                "spark.driver.bindAddress", "127.0.0.1",
                "spark.hadoop.javax.jdo.option.ConnectionURL",
                        "jdbc:derby:" + folder.resolve("metastore") + ";create=true",
                "spark.hadoop.datanucleus.schema.autoCreateAll", "true",
                "spark.hadoop.hive.metastore.schema.verification", "false",
                "spark.hadoop.hive.metastore.warehouse.dir",
                        folder.resolve("warehouse").toUri().toString(),
                "derby.stream.error.file", folder.resolve("derby.log").toString()));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.igarape.jobs.Main"));
        command.addAll(List.of(words));
        command.addAll(List.of(
                "--manifest",
                folder.resolve("manifest.json").toString(),
                "--target",
                folder.resolve("target.json").toString()));
        File output = folder.resolve("output.txt").toFile();
        File errors = folder.resolve("errors.txt").toFile();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output)
                .redirectError(errors)
                .start();
        int status = process.waitFor();
        return new Ended(status, Files.readString(output.toPath()), Files.readString(errors.toPath()));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
