package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.schema.SchemaCheck;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.Json;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.CheckResult;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.SchemaCheckResult;
import dev.igarape.model.job.SchemaCheckResult.SubjectCheck;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code schema}: prints as one line of JSON whether new schemas of topics can be registered and read back. Exits with
 * {@link ExitCode#DEFINITION} if a check fails.
 */
@Command(
        name = JobCommand.Name.SCHEMA,
        description = "Says whether new schemas of topics can be registered and read back.")
final class SchemaCommand implements Callable<Integer> {
    private static final String RUN = "schema-check";

    @Mixin
    private LakeOptions options;

    @Option(names = JobOption.SUBJECT, required = true, description = "SUBJECT=FILE, the schema that it is to get")
    private Map<String, Path> subjects = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        Lake lake = options.open(RUN, Step.Listener.NONE);
        List<SubjectCheck> checks = new ArrayList<>();
        boolean ok = true;
        try (SchemaRegistryClient registry =
                new SchemaRegistryClient(lake.target().registry())) {
            SchemaCheck check = new SchemaCheck(lake, registry, () -> SparkSessions.start(RUN));
            for (TableName name : names) {
                for (Map.Entry<String, Path> subject : subjects.entrySet()) {
                    Table table = lake.table(name);
                    if (lands(table, subject.getKey())) {
                        List<CheckResult> results =
                                check.check(table, source(table), subject.getKey(), schema(subject.getValue()));
                        checks.add(new SubjectCheck(subject.getKey(), name, results));
                        ok &= results.stream().allMatch(CheckResult::ok);
                    }
                }
            }
        }
        System.out.println(Json.mapper().writeValueAsString(new SchemaCheckResult(checks)));
        return (ok ? ExitCode.DONE : ExitCode.DEFINITION).status();
    }

    private static boolean lands(Table table, String subject) {
        return source(table).topics().stream().anyMatch(topic -> subject.equals(topic + "-value"));
    }

    private static Source.Kafka source(Table table) {
        return table.definition()
                .kafka()
                .filter(kafka -> kafka.format().equals("avro"))
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE, table.name() + " lands no Avro topics, so no schema is its."));
    }

    private static Schema schema(Path file) throws IOException {
        return new Schema.Parser().parse(Files.readString(file));
    }
}
