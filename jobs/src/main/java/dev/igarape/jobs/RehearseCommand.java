package dev.igarape.jobs;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.HadoopSettings;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Json;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code rehearse}: training run for class data sharing. Builds a small pipeline in a scratch copy of a target and
 * removes it, so that a JVM with {@code -XX:ArchiveClassesAtExit} archives the classes that real builds load.
 */
@Command(
        name = JobCommand.Name.REHEARSE,
        description = "Builds and discards a small pipeline, for class data archives.")
final class RehearseCommand implements Callable<Integer> {
    private static final LocalDate DATE = LocalDate.of(2024, 1, 1);
    private static final TableName RAW = TableName.parse("raw.rehearsal");
    private static final TableName TRUSTED = TableName.parse("trusted.rehearsal");
    private static final TableName GOLD = TableName.parse("gold.rehearsal");
    private static final String SPLIT = """
            SELECT row.name AS name, CAST(row.at AS timestamp) AS at
            FROM (SELECT explode(from_json(body, 'array<struct<name:string,at:string>>')) AS row
                  FROM raw.rehearsal WHERE date = {run_date})
            """;
    private static final String COUNT =
            "SELECT name, count(*) AS rows FROM trusted.rehearsal WHERE date = {run_date} GROUP BY name";
    private static final String ANSWER = """
            [{"name": "a", "at": "2024-01-01T10:00:00"}, {"name": "b", "at": "2024-01-01T11:00:00"}, {"name": ""}]
            """;

    @Option(names = JobOption.TARGET, required = true, description = "target.json, a path")
    private Path target;

    @Override
    public Integer call() throws Exception {
        rehearse(Json.mapper().readValue(Files.newInputStream(target), Target.class));
        return ExitCode.DONE.status();
    }

    private static void rehearse(Target real) throws IOException, InterruptedException {
        String id = UUID.randomUUID().toString().substring(0, 8);
        HttpServer source = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        source.createContext("/", exchange -> {
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        source.start();
        String prefix = "rehearsal_" + id + "_";
        Target scratch = real.isolated("rehearsal", prefix, "_rehearsal/" + prefix);
        String url = "http://127.0.0.1:" + source.getAddress().getPort() + "/";
        Configuration hadoop = HadoopSettings.of(scratch);
        Lake lake = Lake.open(manifest(url), scratch, hadoop, Clock.systemUTC(), id, Step.Listener.NONE);
        try (TableRunner runner = new TableRunner(lake, () -> SparkSessions.start(id))) {
            runner.run(List.of(RAW, TRUSTED, GOLD), new DateRange(DATE, DATE.plusDays(1)), RunOptions.NONE);
        } finally {
            source.stop(0);
            try (Publisher publisher = lake.publisher()) {
                publisher.discard();
            }
            lake.files().delete(new org.apache.hadoop.fs.Path(scratch.hdfs() + scratch.root()), true);
        }
    }

    private static Manifest manifest(String url) {
        List<Table> tables = List.of(
                table(
                        RAW,
                        new LandingDefinition(new Source.Http(url, Map.of(), "json", Optional.empty())),
                        List.of(),
                        List.of()),
                table(
                        TRUSTED,
                        new DailyDefinition(SPLIT),
                        List.of(new Input(RAW, 0)),
                        List.of(new Expectation("named", "name <> ''", Expectation.Action.QUARANTINE))),
                table(GOLD, new DailyDefinition(COUNT), List.of(new Input(TRUSTED, 0)), List.of()));
        Pipeline pipeline = new Pipeline("rehearsal", "", "", "none", DATE, ZoneOffset.UTC, List.of(), tables);
        return new Manifest(Manifest.VERSION, List.of(pipeline));
    }

    private static Table table(
            TableName name, Definition definition, List<Input> inputs, List<Expectation> expectations) {
        return new Table(name, "", definition, Map.of(), inputs, expectations, "forever", "rehearsal");
    }
}
