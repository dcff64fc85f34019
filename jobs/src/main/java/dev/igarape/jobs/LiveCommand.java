package dev.igarape.jobs;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.FaultPoint;
import dev.igarape.jobs.live.LiveServer;
import dev.igarape.jobs.live.LiveService;
import dev.igarape.jobs.live.StopSignals;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.jobs.warm.RunPool;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TimeSpan;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.LiveProcess;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code live}: runs the steps of tables until it gets SIGTERM; then the step that it is at ends, and it exits with 0. */
@Command(
        name = JobCommand.Name.LIVE,
        description = "Runs landings and daily tables step by step, as rows come, until it is stopped.")
final class LiveCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions options;

    @Option(
            names = JobOption.EVERY,
            defaultValue = "1s",
            description = "how often to look for new rows, as 500ms, 1s or 1m (${DEFAULT-VALUE})")
    private String every;

    @Option(
            names = JobOption.HOST,
            defaultValue = "127.0.0.1",
            description = "where to answer over HTTP (${DEFAULT-VALUE})")
    private String host;

    @Option(names = JobOption.PORT, defaultValue = "0", description = "its port; 0 for one that is free")
    private int port;

    @Option(
            names = JobOption.RUNS,
            defaultValue = "3",
            description = "how many runs that are handed over are done at a time; 0 takes none (${DEFAULT-VALUE})")
    private int runs;

    @Option(names = JobOption.STATE_FILE, description = "a file to write process, port and tables to")
    private Optional<Path> stateFile;

    @Option(names = JobOption.RUN_ID, description = "names the service in commits and logs")
    private Optional<String> runId;

    @Override
    public Integer call() throws Exception {
        Duration interval = TimeSpan.parse(JobOption.EVERY, every);
        String id = runId.orElseGet(() -> "live-" + UUID.randomUUID());
        MDC.put("run_id", id);
        Lake lake = options.open(id, FaultPoint.in(System.getenv()));
        List<Table> tables = LiveService.choose(lake, options.givenTables());
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SparkSession spark = SparkSessions.startResident(id);
        HandedCommands commands = new HandedCommands(lake.target(), jar(), spark);
        String token = token();
        try (JvmGcMetrics collections = new JvmGcMetrics();
                LiveService service = new LiveService(lake, BuiltInKinds.ALL, tables, () -> spark, interval, meters);
                RunPool pool = new RunPool(
                        Math.max(0, runs), commands, spark.sparkContext(), lake.clock(), meters, LiveCommand::giveUp);
                LiveServer server = LiveServer.start(host, port, service, pool, token, meters)) {
            collections.bindTo(meters);
            new JvmMemoryMetrics().bindTo(meters);
            new ProcessorMetrics().bindTo(meters);
            StopSignals.handle(service, pool);
            LiveProcess process = new LiveProcess(
                    ProcessHandle.current().pid(),
                    id,
                    host,
                    server.port(),
                    token,
                    tables.stream().map(Table::name).toList());
            if (stateFile.isPresent()) {
                write(process, stateFile.get());
            }
            try {
                service.run();
            } finally {
                forget();
            }
            pool.close();
        }
        spark.stop();
        return ExitCode.DONE.status();
    }

    /** The fingerprint of the jar that this class is from. */
    private static String jar() throws IOException, URISyntaxException {
        return HandedRun.fingerprint(Path.of(LiveCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
    }

    private static String token() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Ends this process at once, for there is no memory left to end it in order. */
    private static void giveUp() {
        Runtime.getRuntime().halt(ExitCode.BUG.status());
    }

    /** No run is to be handed over any more; another program may get the port once this one has ended. */
    private void forget() throws IOException {
        if (stateFile.isPresent()) {
            Files.deleteIfExists(stateFile.get());
        }
    }

    private static void write(LiveProcess process, Path file) throws IOException {
        Path temporary = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName().toString(),
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(temporary, Json.mapper().writeValueAsBytes(process));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
